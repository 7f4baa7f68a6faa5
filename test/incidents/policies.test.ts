import { expect, test } from "vitest";
import { encode } from "../../lib/core/document.ts";
import { putToSleep, wake, wakeAll } from "../../lib/incidents/asleep.ts";
import { keyOf } from "../../lib/incidents/document.ts";
import { policyFor, type TargetSettings, unconfigured } from "../../lib/incidents/policies.ts";
import { ownerOf, whenToTell } from "../../lib/incidents/policy.ts";
import { changeIncidents, loadIncidents } from "../../lib/incidents/stored.ts";
import { at, found, passed, target, world } from "./fleet.ts";

const catalogue = [
  {
    id: "activity/long-transaction",
    failureTitle: "A",
    why: "B",
    presets: { pulse: { warning: "5min" } },
  },
  { id: "indexes/invalid", failureTitle: "C", why: "D", for: 2 },
];
const settings = {
  timezone: "Europe/Berlin",
  owners: {
    payments: { contact: "#payments", objects: ["public.invoices*", "billing.*"] },
    shop: { contact: "#shop" },
  },
  maintenance: [{ cron: "30 1 * * 0", for: 7200, targets: ["staging/*"], mute: ["locks/*"] }],
  profiles: { pulse: { every: 300 }, nightly: { cron: "0 3 * * *" }, watch: { for: 172_800 } },
};
const of = (more: Partial<TargetSettings> = {}) =>
  policyFor({ ...unconfigured(target), owner: "shop", ...more }, settings, catalogue);

test("an object has the first owner whose rule fits it, or its table; else the target's", () => {
  const table = (schema: string, name: string) => ({
    ...{ kind: "table", schema, name, identity: `${schema}.${name}` },
  });
  expect(ownerOf(of(), table("public", "invoices_2026"))).toEqual({
    name: "payments",
    contact: "#payments",
  });
  expect(ownerOf(of(), table("billing", "accounts"))?.name).toBe("payments");
  expect(ownerOf(of(), table("public", "orders"))).toEqual({ name: "shop", contact: "#shop" });
  const index = {
    kind: "index",
    schema: "public",
    name: "i",
    table: "invoices",
    identity: "public.i",
  };
  expect(ownerOf(of(), index)?.name).toBe("payments");
  expect(ownerOf(of({ owner: undefined }), table("public", "orders"))).toBeUndefined();
});

test("looks in a row are the configuration's, else the check's, else one", () => {
  expect(of().looks("indexes/invalid", "nightly")).toBe(2);
  expect(of({ check: () => ({ for: 3 }) }).looks("indexes/invalid", "nightly")).toBe(3);
  expect(of().looks("activity/long-transaction", "pulse")).toBe(1);
});

test("two profiles look at the same unless a preset or a setting tells them apart", () => {
  expect(of().isSameLook("activity/long-transaction", "pulse", "watch")).toBe(false);
  expect(of().isSameLook("activity/long-transaction", "nightly", "watch")).toBe(true);
  const check: TargetSettings["check"] = (_, profile) =>
    profile === "watch" ? { warning: "30s" } : { for: 2 };
  expect(of({ check }).isSameLook("indexes/invalid", "nightly", "watch")).toBe(false);
  expect(of({ check }).isSameLook("indexes/invalid", "nightly", "hourly")).toBe(true);
});

test("maintenance is of the targets that it names, rhythms of the profiles that have one", () => {
  expect(of().maintenance).toHaveLength(0);
  const staging = of({ target: { environment: "staging", name: "orders" } });
  expect(staging.maintenance).toMatchObject([{ for: 7200, mute: ["locks/*"], isStopped: false }]);
  expect(Object.keys(of().rhythms)).toEqual(["pulse", "nightly"]);
});

test("a warning is told at once only under watch, and never where nobody wants it", () => {
  const watch = { id: "w", deploy: "d", since: at(0), windowUntil: at(30) };
  const when = (warning: "now" | "digest" | "never", isWatched: boolean) =>
    whenToTell(
      {
        ...of({ times: { critical: "now", warning, notice: "never" } }),
        ...(isWatched ? { watch } : {}),
      },
      "warning",
    );
  expect([when("digest", false), when("digest", true), when("never", true)]).toEqual([
    "digest",
    "now",
    "never",
  ]);
});

test("a check that is switched off ends its incidents: nobody looks any more", async () => {
  const w = world();
  await w.look(0, [passed("indexes/invalid"), passed("locks/blocking-chain")]);
  await w.look(5, [found("indexes/invalid", { a: "critical" })]);
  w.told();
  w.policy({ isEnabled: (check) => check !== "indexes/invalid" });
  await w.sweep(10);
  expect(w.told()).toEqual([]);
  expect((await w.document()).queue.map(({ alert }) => alert.note)).toEqual([
    "The check is off: nobody looks any more.",
  ]);
});

test("the many of a check sleep until they are asked for, or something is due", async () => {
  const w = world();
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`t${i}`, "critical"] as const),
  );
  await w.look(0, [passed("indexes/invalid"), passed("locks/blocking-chain")]);
  await w.look(5, [found("indexes/invalid", many)]);
  const document = await w.document();
  const asleep = putToSleep(document);
  expect([Object.keys(asleep.incidents), asleep.asleep["indexes/invalid"]]).toMatchObject([
    [],
    { due: at(65), open: { critical: 300, warning: 0, notice: 0 } },
  ]);
  expect(JSON.stringify(asleep).length * 8).toBeLessThan(JSON.stringify(document).length);
  expect(wakeAll(asleep)).toEqual(document);
  expect(wake(asleep, () => false, at(64))).toBe(asleep);
  expect(Object.keys(wake(asleep, () => false, at(65)).incidents)).toHaveLength(300);
  await w.look(10, [found("locks/blocking-chain", { a: "critical" })]);
  expect(w.bulletins().at(-1)?.alsoHere).toEqual({ critical: 300, warning: 0, notice: 0 });
  await w.look(15, [passed("indexes/invalid")]);
  expect(w.bulletins().at(-1)?.alerts).toHaveLength(300);
});

test("packed incidents that are broken are as unreadable as the rest", async () => {
  const w = world();
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`t${i}`, "critical"] as const),
  );
  await w.look(0, [passed("indexes/invalid")]);
  await w.look(5, [found("indexes/invalid", many)]);
  const stored = await w.store.get(keyOf(target));
  const document = JSON.parse(new TextDecoder().decode(stored?.body));
  document.asleep["indexes/invalid"].packed = "AAAA";
  await w.store.put(keyOf(target), await encode("", document));
  w.told();
  await expect(loadIncidents(w.store, target)).rejects.toThrow("cannot be read");
  await expect(changeIncidents(w.store, target, (now) => now)).rejects.toThrow("cannot be read");
  await w.look(10, [found("indexes/invalid", { t1: "critical" })]);
  expect(w.told()[0]).toContain("unreadable");
});

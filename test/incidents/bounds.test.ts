import { expect, test } from "vitest";
import { keyOf } from "../../lib/incidents/document.ts";
import { loadIncidents } from "../../lib/incidents/stored.ts";
import { mailOf } from "../../lib/render/alerts/mail.ts";
import { found, passed, target, world } from "./fleet.ts";

const check = "indexes/invalid";
const long = "a long tale of what it means, and what to do about it. ".repeat(8);
const names = (prefix: string, n: number) => Array.from({ length: n }, (_, i) => `${prefix}${i}`);

const thing = (severity: "critical" | "warning") => ({
  ...{ severity, detail: [long], remedy: { summary: "Drop it.", sql: long } },
  evidence: { definition: long },
});
const things = (severity: "critical" | "warning", prefix: string, n: number) =>
  found(check, Object.fromEntries(names(prefix, n).map((name) => [name, thing(severity)])));

const sizeOf = async (w: ReturnType<typeof world>) =>
  (await w.store.get(keyOf(target)))?.body.length ?? 0;

test("an outbox that nobody empties for half a day stays small, counts what went, and loses nothing critical", async () => {
  const w = world({ times: { critical: "now", warning: "now", notice: "never" } });
  await w.look(0, [passed(check)]);
  w.fail(new Error("away"));
  const hours = 12;
  for (let hour = 1; hour <= hours; hour += 1) {
    await w.look(hour * 60, [things("warning", `w${hour}-`, 40)]);
    if (hour % 6 === 0) await w.look(hour * 60 + 5, [things("critical", `c${hour}-`, 2)]);
  }
  expect(await sizeOf(w)).toBeLessThan(1_000_000);
  w.fail(undefined);
  await w.sweep((hours + 1) * 60);
  const told = w.bulletins().flatMap(({ alerts }) => alerts);
  const criticals = told.filter(
    ({ status, severity }) => severity === "critical" && status === "opened",
  );
  expect(criticals.map(({ finding }) => finding.object.identity).sort()).toEqual(
    [6, 12].flatMap((hour) => names(`c${hour}-`, 2)).sort(),
  );
  const leftOut = w.bulletins().reduce((sum, one) => sum + (one.leftOut ?? 0), 0);
  const warnings = told.filter(({ severity }) => severity === "warning").length;
  // Each began, and all but the last have ended; those of the twelfth did so with a look of their own.
  expect(leftOut + warnings).toBe(2 * hours * 40);
  expect(leftOut).toBeGreaterThan(100);
  const last = w.bulletins().findLast((one) => (one.leftOut ?? 0) > 0);
  expect(last && mailOf(last, {})).toContain(`AND ${last?.leftOut} MORE  while nobody took`);
  expect((await loadIncidents(w.store, target))?.outbox).toEqual([]);
});

test("a look that finds 800 critical things of many words at once keeps every one", async () => {
  const w = world();
  await w.look(0, [passed(check)]);
  w.fail(new Error("away"));
  await w.look(5, [things("critical", "c", 800)]);
  const { outbox } = await w.document();
  expect(outbox.flatMap(({ bulletin }) => bulletin.alerts)).toHaveLength(800);
  expect(JSON.stringify(outbox).length).toBeLessThan(1_000_000);
});

test("what waits for the digest is bounded too, and what is critical waits on", async () => {
  const w = world({ times: { critical: "digest", warning: "digest", notice: "never" } });
  await w.look(0, [passed(check)]);
  await w.look(5, [things("critical", "c", 20)]);
  for (let hour = 1; hour <= 12; hour += 1) {
    await w.look(hour * 60, [things("warning", `w${hour}-`, 40)]);
  }
  const { queue } = await w.document();
  expect(JSON.stringify(queue).length).toBeLessThan(251_000 + queue.length);
  const began = queue.filter(({ kind }) => kind === "began").map(({ alert }) => alert);
  expect(began.filter(({ severity }) => severity === "critical")).toHaveLength(20);
  expect(began.map(({ finding }) => finding.object.identity)).toContain("w12-39");
  expect(await sizeOf(w)).toBeLessThan(1_000_000);
});

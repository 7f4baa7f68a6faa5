import { expect, test } from "vitest";
import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import type { Bulletin, Message, Outlet } from "../../lib/core/alert.ts";
import { notify } from "../../lib/incidents/notify.ts";
import { loadIncidents } from "../../lib/incidents/stored.ts";
import { sweep } from "../../lib/incidents/sweep.ts";
import { renderBulletin } from "../../lib/render/alerts/index.ts";
import { at, blind, found, passed, policy, renderers, runAt } from "./fleet.ts";

const check = "statements/regression";
const names = ["billing", "orders", "users"];
const targets = names.map((name) => ({ environment: "production", name }));
const told = { critical: "now", warning: "now", notice: "never" } as const;

/** A run over the fleet: what each target's look said, the same for all where one is given. */
function fleetRun(minutes: number, outcomesOf: (name: string) => Parameters<typeof runAt>[1]) {
  const runs = targets.map((of) =>
    runAt(minutes, outcomesOf(of.name), { of, id: `run-${minutes}` }),
  );
  const [first] = runs;
  if (first === undefined) throw new Error("no run");
  return { ...first, reports: runs.flatMap(({ reports }) => reports) };
}

function fleet() {
  const store = memoryStore();
  const sent: (Message & { outlet: string })[] = [];
  const broken = new Set<string>();
  const outlet = (name: string): Outlet => ({
    name,
    async send(message) {
      if (broken.has(`${name} ${message.topic}`)) throw new Error("away");
      sent.push({ ...message, outlet: name });
    },
  });
  const how = (minutes: number) => ({
    ...{ store, policyOf: () => policy({ times: told }), clock: () => new Date(at(minutes)) },
    delivery: {
      renderers: { ...renderers, bulletin: (one: Bulletin) => renderBulletin(one) },
      outlets: [outlet("a"), outlet("b")],
    },
  });
  return {
    ...{ store, sent, broken, how },
    of: (topic: string, name = "a") =>
      sent.filter((one) => one.topic === topic && one.outlet === name),
    look: (minutes: number, outcomesOf: Parameters<typeof fleetRun>[1]) =>
      notify(fleetRun(minutes, outcomesOf), how(minutes)),
    outboxes: async () =>
      (await Promise.all(targets.map((target) => loadIncidents(store, target)))).map(
        (document) => document?.outbox.length,
      ),
  };
}

const allBlind = () => [blind(check)];

test("what a check cannot say of a whole fleet is one mail and one card, and an event a target", async () => {
  const w = fleet();
  for (const minute of [0, 5, 10]) await w.look(minute, allBlind);
  const [mail, ...others] = w.of("alerts");
  expect(others).toEqual([]);
  expect(mail?.subject).toMatch(/^\[UNKNOWN\] production\/\*: 3 targets: statements\/regression/);
  expect(mail?.body).toContain("On production/billing, production/orders, production/users.");
  expect(mail?.attributes.target).toEqual(names.map((name) => `production/${name}`));
  expect(w.of("chat")).toHaveLength(1);
  expect(w.of("events")).toHaveLength(3);
  expect(await w.outboxes()).toEqual([0, 0, 0]);
  await w.look(15, () => [passed(check)]);
  expect(w.of("alerts").map(({ subject }) => subject)).toEqual([
    mail?.subject,
    expect.stringMatching(/^\[RESOLVED\] production\/\* after 15 min: 3 targets: /),
  ]);
});

test("one target alone is told as itself; what else a target has to tell is told of it", async () => {
  const w = fleet();
  const of = (name: string) => [
    name === "orders" ? blind(check) : passed(check),
    passed("locks/blocking-chain"),
  ];
  await w.look(0, of);
  await w.look(5, (name) =>
    name === "users"
      ? [...of(name).slice(0, 1), found("locks/blocking-chain", { a: "critical" })]
      : of(name),
  );
  expect(w.of("alerts").map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^\[CRITICAL\] production\/users: a is critical/),
    expect.stringMatching(/^\[UNKNOWN\] production\/orders: statements\/regression cannot say/),
  ]);
});

test("causes are told apart, numbers in their words are not", async () => {
  const w = fleet();
  const of = (name: string) => [
    { ...blind(check), reason: `may not read ${name.length} tables` },
    ...(name === "users" ? [{ ...blind("indexes/invalid"), cause: "lock" as const }] : []),
  ];
  for (const minute of [0, 5]) await w.look(minute, of);
  const [mail, ...others] = w.of("alerts");
  expect(others).toEqual([]);
  expect(mail?.subject).toContain("3 targets: ");
  expect(mail?.body).toMatch(/ALSO NOW\n.*production\/users: indexes\/invalid/);
});

test("the same run again repeats the same message, where its writer died before it was marked", async () => {
  const w = fleet();
  await w.look(0, allBlind);
  const { put } = w.store;
  let writes = 0;
  w.store.put = async (...args) => {
    writes += 1;
    if (writes > targets.length) throw new Error("died");
    return put(...args);
  };
  await expect(w.look(5, allBlind)).rejects.toThrow("died");
  w.store.put = put;
  await w.look(5, allBlind);
  const ids = w.of("alerts").map(({ id }) => id);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  expect(new Set(w.of("events").map(({ id }) => id)).size).toBe(3);
  expect(await w.outboxes()).toEqual([0, 0, 0]);
});

test("an outlet that is away gets it later, and another not twice", async () => {
  const w = fleet();
  await w.look(0, allBlind);
  w.broken.add("b alerts");
  const troubles = await w.look(5, allBlind);
  expect(troubles.map(({ outlet, isKept }) => [outlet, isKept])).toEqual([["b", true]]);
  expect([w.of("alerts", "a").length, w.of("alerts", "b").length]).toEqual([1, 0]);
  w.broken.clear();
  await sweep({ ...w.how(8), targets });
  expect(w.of("alerts", "a")).toHaveLength(1);
  expect(w.of("alerts", "b").map(({ attributes }) => attributes.target)).toEqual(
    names.map((name) => `production/${name}`),
  );
  expect(w.of("chat", "a")).toHaveLength(1);
  expect(await w.outboxes()).toEqual([0, 0, 0]);
});

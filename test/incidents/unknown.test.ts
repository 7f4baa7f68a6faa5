import { expect, test } from "vitest";
import { scheduleOf } from "../../lib/core/schedule.ts";
import { acknowledge } from "../../lib/incidents/accept.ts";
import { changeIncidents } from "../../lib/incidents/stored.ts";
import { blind, found, passed, server, target, unreachable, world } from "./fleet.ts";

const locks = "locks/blocking-chain";
const indexes = "indexes/invalid";
const a = { a: "critical" } as const;

test("unknown resolves nothing: not a check that could not look, nor one that saw a part", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  await w.look(5, [found(locks, { a: "critical", b: "critical" })]);
  await w.look(10, [blind(locks)]);
  await w.look(15, [found(locks, { b: "critical" }, { cause: "privilege", reason: "11 hidden" })]);
  await w.look(20, [{ ...passed(locks), status: "failed", cause: "error", reason: "a bug" }]);
  await w.look(25, [{ ...passed(locks), status: "skipped", cause: "not-applicable" }]);
  expect(w.told()).toEqual(["opened a", "opened b"]);
  await w.look(30, [found(locks, { b: "critical" })]);
  expect(w.told()).toEqual(["resolved a"]);
});

test("a check closes nothing of another check", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  await w.look(5, [found(locks, a)]);
  await w.look(10, [passed(indexes)]);
  expect(w.told()).toEqual(["opened a"]);
});

test("a look with looser thresholds closes what a stricter one found only after an hour", async () => {
  const w = world({ isSameLook: (_check, one, other) => one === other });
  await w.look(0, [passed(locks)]);
  await w.look(5, [found(locks, a)], { profile: "watch" });
  await w.look(10, [passed(locks)], { profile: "pulse" });
  expect(w.told()).toEqual(["opened a"]);
  await w.look(64, [passed(locks)], { profile: "pulse" });
  expect(w.told()).toEqual([]);
  await w.look(66, [passed(locks)], { profile: "pulse" });
  expect(w.told()).toEqual(["resolved a"]);
  await w.look(200, [found(locks, a)], { profile: "pulse" });
  await w.look(205, [passed(locks)], { profile: "watch" });
  expect(w.told()).toEqual(["opened a", "resolved a"]);
});

test("that a check cannot say is told after two looks, once, and that it can again", async () => {
  const w = world({ times: { critical: "now", warning: "now", notice: "never" } });
  await w.look(0, [blind(indexes)]);
  expect(w.told()).toEqual([]);
  for (const minute of [5, 10, 15]) await w.look(minute, [blind(indexes)]);
  expect(w.told()).toEqual([`unknown ${indexes}`]);
  await w.look(20, [passed(indexes)]);
  expect(w.told()).toEqual([`resolved ${indexes}`]);
});

test("it is accepted with a reason and an end, and told again after it", async () => {
  const w = world({ times: { critical: "now", warning: "now", notice: "never" } });
  for (const minute of [0, 5]) await w.look(minute, [blind(indexes)]);
  const [{ fingerprint = "" } = {}] = Object.values((await w.document()).unknown);
  const ack = { by: "ada", why: "no superuser here", at: "", until: "2026-11-20T13:00:00.000Z" };
  await changeIncidents(w.store, target, (now) => now && acknowledge(now, fingerprint, ack));
  w.told();
  await w.look(59, [blind(indexes)]);
  expect(w.told()).toEqual([]);
  await w.look(65, [blind(indexes)]);
  expect(w.told()).toEqual([`unknown ${indexes}`]);
});

test("a database that does not answer is the incident, mutes the rest, and resolves nothing", async () => {
  const w = world();
  await w.look(0, [passed("server/unreachable"), passed(locks)]);
  await w.look(5, [passed("server/unreachable"), found(locks, a)]);
  w.told();
  for (const minute of [10, 15, 20])
    await w.look(minute, [unreachable, blind(locks, "unreachable")]);
  expect(w.told()).toEqual(["opened production/orders"]);
  const [alert] = w.bulletins().at(-1)?.alerts ?? [];
  expect(alert).toMatchObject({ check: "server/unreachable", severity: "critical" });
  expect(alert?.finding.summary).toContain("does not answer: connect ECONNREFUSED");
  // The reminder of the chain waits; that of the silence does not.
  await w.sweep(10 + 61);
  expect(w.told()).toEqual(["reminded production/orders"]);
  await w.look(80, [passed("server/unreachable"), found(locks, a)]);
  expect(w.told()).toEqual(["reminded a", "resolved production/orders"]);
  await w.look(85, [passed(locks)]);
  expect(w.told()).toEqual(["resolved a"]);
});

test("the first contact that fails is told at once", async () => {
  const w = world();
  await w.look(0, [unreachable, blind(locks, "unreachable")]);
  expect(w.told()).toEqual(["opened production/orders"]);
  expect((await w.document()).unknown).toEqual({});
});

test("a target that sleeps by the configuration is not told as gone, and is where it does not wake", async () => {
  const schedule = scheduleOf("0 20 * * *", "UTC");
  const w = world({ maintenance: [{ schedule, for: 11 * 3600, mute: [], isStopped: true }] });
  await w.look(0, [passed("server/unreachable")]);
  for (const hour of [8.5, 12, 18]) await w.look(hour * 60, [unreachable]);
  await w.sweep(18.5 * 60);
  expect(w.told()).toEqual([]);
  await w.look(19.1 * 60, [unreachable]);
  expect(w.told()).toEqual(["opened production/orders"]);
});

test("a target is unseen when two rhythms passed without a look: told once, worse after an hour", async () => {
  const w = world({ rhythms: { pulse: { every: 300 } } });
  await w.look(0, [passed(locks)]);
  await w.sweep(9);
  expect(w.told()).toEqual([]);
  for (const minute of [11, 16, 60]) await w.sweep(minute);
  expect(w.told()).toEqual(["unseen production/orders"]);
  await w.sweep(61);
  await w.sweep(71);
  expect(w.told()).toEqual(["worsened production/orders"]);
  await w.look(75, [passed(locks)]);
  expect(w.told()).toEqual(["resolved production/orders"]);
});

test("a target that nobody ever looked at is unseen as well", async () => {
  const w = world({
    rhythms: { pulse: { every: 300 } },
    times: { critical: "now", warning: "now", notice: "never" },
  });
  await w.sweep(0);
  await w.sweep(11);
  expect(w.told()).toEqual(["unseen production/orders"]);
});

test("a target that left the configuration is retired: told in the digest alone, once", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  await w.look(5, [found(locks, a)]);
  w.told();
  await w.sweep(10, []);
  await w.sweep(15, []);
  await w.sweep(5000, []);
  expect(w.told()).toEqual([]);
  const { queue, retired } = await w.document();
  expect(queue.map(({ kind, alert }) => [kind, alert.status, alert.note])).toEqual([
    ["ended", "resolved", expect.stringContaining("left the configuration")],
  ]);
  expect(retired).toBe("2026-11-20T12:10:00.000Z");
  await w.look(5005, [found(locks, a)]);
  expect(w.told()).toEqual(["opened a"]);
  expect((await w.document()).retired).toBeUndefined();
});

test("after a failover nothing is told as recovered: the next look at the new server may say that", async () => {
  const w = world({ times: { critical: "now", warning: "now", notice: "never" } });
  await w.look(0, [passed(locks)]);
  await w.look(5, [found(locks, a)]);
  w.told();
  const other = { ...server, timeline: 2, startedAt: "2026-11-20T12:08:00.000000Z" };
  await w.look(10, [passed(locks)], { server: other });
  expect(w.told()).toEqual(["event production/orders"]);
  expect(w.bulletins().at(-1)?.alerts[0]?.finding.summary).toContain("timeline 1 -> 2");
  await w.look(15, [passed(locks)], { server: other });
  expect(w.told()).toEqual(["resolved a"]);
  expect(w.bulletins().at(-1)?.alerts[0]?.note).toContain("Not a recovery for sure");
  expect(w.bulletins().at(-1)?.changes[0]).toMatchObject({ kind: "event" });
});

test.each([
  [{ systemIdentifier: "9" }, "Another cluster answers"],
  [{ inRecovery: true }, "a primary became a replica"],
  [{ databaseOid: 99 }, "The database was made anew"],
  [{ versionNum: 190_001 }, "Upgraded: PostgreSQL 18 -> 19"],
  [{ startedAt: "2026-10-01T00:00:00.000000Z" }, "another server answers as the primary"],
])("%j is an event: %s", async (change, words) => {
  const w = world({ times: { critical: "now", warning: "now", notice: "now" } });
  await w.look(0, [passed(locks)]);
  await w.look(5, [passed(locks)], { server: { ...server, ...change } });
  await w.look(10, [passed(locks)], { server: { ...server, ...change } });
  expect(w.bulletins().map(({ alerts }) => alerts[0]?.finding.summary)).toEqual([
    expect.stringContaining(words),
  ]);
});

test("a restart is a notice; that another replica answers is none", async () => {
  const w = world({ times: { critical: "now", warning: "now", notice: "now" } });
  await w.look(0, [passed(locks)]);
  await w.look(5, [passed(locks)], {
    server: { ...server, startedAt: "2026-11-20T12:03:00.000000Z" },
  });
  expect(w.bulletins()[0]?.alerts[0]).toMatchObject({ severity: "notice", status: "event" });
  const replicas = world({ times: { critical: "now", warning: "now", notice: "now" } });
  const replica = { ...server, inRecovery: true };
  await replicas.look(0, [passed(locks)], { server: replica });
  await replicas.look(5, [passed(locks)], {
    server: { ...replica, startedAt: "2026-10-05T12:03:00.000000Z" },
  });
  await replicas.look(9, [passed(locks)], { server: replica });
  expect(replicas.told()).toEqual([]);
});

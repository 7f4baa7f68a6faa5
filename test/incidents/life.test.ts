import { expect, test } from "vitest";
import { blind, found, passed, world } from "./fleet.ts";

const locks = "locks/blocking-chain";
const indexes = "indexes/invalid";

test("one message when it begins, one when it ends, none in between", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  expect(w.told()).toEqual([]);
  for (const minute of [5, 10, 15]) await w.look(minute, [found(locks, { invoices: "critical" })]);
  expect(w.told()).toEqual(["opened invoices"]);
  await w.look(20, [passed(locks)]);
  expect(w.told()).toEqual(["resolved invoices"]);
  await w.look(25, [passed(locks)]);
  expect(w.told()).toEqual([]);
});

test("it is told when it worsens, and when it eases", async () => {
  const w = world({ times: { critical: "now", warning: "now", notice: "never" } });
  await w.look(0, [passed(locks)]);
  await w.look(5, [found(locks, { invoices: "warning" })]);
  await w.look(10, [found(locks, { invoices: "critical" })]);
  await w.look(15, [found(locks, { invoices: "warning" })]);
  expect(w.told()).toEqual(["opened invoices", "worsened invoices", "eased invoices"]);
  const alert = w.bulletins()[1]?.alerts[0];
  expect(alert).toMatchObject({ before: "warning", severity: "critical" });
  expect(w.bulletins()[2]?.alerts[0]?.peak).toMatchObject({ severity: "critical" });
});

test("what is found and what is told share a look: a mail a run, worst first", async () => {
  const w = world({ times: { critical: "now", warning: "now", notice: "never" } });
  await w.look(0, [passed(locks), passed(indexes)]);
  await w.look(5, [
    found(indexes, { some_index: "warning" }),
    found(locks, { invoices: "critical", orders: "notice" }),
  ]);
  expect(w.bulletins()).toHaveLength(1);
  expect(w.told()).toEqual(["opened invoices", "opened some_index"]);
  expect(w.bulletins()[0]?.alsoHere).toEqual({ critical: 0, warning: 0, notice: 1 });
});

test("a warning waits for the digest, and is told at once on a target under watch", async () => {
  const w = world();
  await w.look(0, [passed(indexes)]);
  await w.look(5, [found(indexes, { a: "warning" })]);
  expect(w.told()).toEqual([]);
  expect((await w.document()).queue.map(({ alert }) => alert.status)).toEqual(["opened"]);
  const watch = { id: "w1", deploy: "release-41", since: "2026-11-20T12:00:00Z", windowUntil: "" };
  w.policy({ watch });
  await w.look(10, [found(indexes, { a: "warning", b: "warning" })]);
  expect(w.told()).toEqual(["opened b"]);
  expect(w.bulletins()[0]?.watch).toMatchObject({ deploy: "release-41" });
});

test("a critical finding is reminded of after 1, 4 and 24 hours, then daily; a warning never", async () => {
  const w = world({ times: { critical: "now", warning: "now", notice: "never" } });
  await w.look(0, [passed(locks), passed(indexes)]);
  await w.look(1, [found(locks, { a: "critical" }), found(indexes, { b: "warning" })]);
  w.told();
  const told: number[] = [];
  for (let hour = 0; hour <= 72; hour += 0.5) {
    await w.sweep(1 + hour * 60);
    if (w.told().includes("reminded a")) told.push(hour);
  }
  expect(told).toEqual([1, 4, 24, 48, 72]);
});

test("reminders that were missed are one", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  await w.look(1, [found(locks, { a: "critical" })]);
  w.told();
  await w.sweep(60 * 30);
  expect(w.told()).toEqual(["reminded a"]);
});

test("what must be seen more than once in a row is told when it was", async () => {
  const w = world({ looks: () => 3 });
  const seen = [found(locks, { a: "critical" })];
  await w.look(0, [passed(locks)]);
  for (const minute of [5, 10]) await w.look(minute, seen);
  await w.look(15, [passed(locks)]);
  for (const minute of [20, 25]) await w.look(minute, seen);
  await w.look(27, [blind(locks)]);
  expect(w.told()).toEqual([]);
  await w.look(30, seen);
  expect(w.told()).toEqual(["opened a"]);
  expect(w.bulletins()[0]?.alerts[0]?.openedAt).toBe("2026-11-20T12:20:00.000Z");
});

test("below its threshold and not yet below the one that clears it, it stays, and is not told", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  const seen = found(locks, { a: "critical" });
  await w.look(5, [seen]);
  const still = seen.findings.map(({ fingerprint }) => fingerprint);
  await w.look(10, [{ ...passed(locks), still }]);
  await w.look(15, [seen]);
  expect(w.told()).toEqual(["opened a"]);
  await w.look(20, [{ ...passed(locks), still }]);
  await w.look(25, [passed(locks)]);
  expect(w.told()).toEqual(["resolved a"]);
});

test("what comes three times in two hours flaps: told once so, and once when it stays away", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  for (let minute = 5; minute < 95; minute += 10) {
    await w.look(minute, [found(locks, { a: "critical" })]);
    await w.look(minute + 5, [passed(locks)]);
  }
  expect(w.told()).toEqual(["opened a", "resolved a", "opened a", "resolved a", "flapping a"]);
  await w.sweep(95 + 60);
  expect(w.told()).toEqual([]);
  await w.sweep(95 + 120);
  expect(w.told()).toEqual(["resolved a"]);
  await w.look(400, [found(locks, { a: "critical" })]);
  expect(w.told()).toEqual(["opened a"]);
});

test("what flapped, and was found once more but not often enough, still ends", async () => {
  const w = world({ looks: () => 2 });
  const seen = found(locks, { a: "critical" });
  await w.look(0, [passed(locks)]);
  for (let minute = 5; minute < 50; minute += 15) {
    for (const later of [0, 5]) await w.look(minute + later, [seen]);
    await w.look(minute + 10, [passed(locks)]);
  }
  expect(w.told().at(-1)).toBe("flapping a");
  await w.look(60, [seen]);
  await w.sweep(300);
  expect(w.told()).toEqual([]);
  await w.look(305, [passed(locks)]);
  await w.sweep(305 + 120);
  expect(w.told()).toEqual(["resolved a"]);
});

test("a change that is told once does not recover", async () => {
  const w = world({ times: { critical: "now", warning: "now", notice: "never" } });
  const drift = "schema/drift-from-last";
  await w.look(0, [passed(drift)]);
  await w.look(60, [found(drift, { "public.orders": "warning" })]);
  await w.look(120, [passed(drift)]);
  expect(w.told()).toEqual(["opened public.orders"]);
  const changes = (await w.document()).changes;
  expect(changes).toEqual([
    { at: "2026-11-20T13:00:00.000Z", kind: "drift", text: "public.orders is warning" },
  ]);
});

test("samples say whether it grows", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  for (const [i, value] of [3, 9, 14].entries()) {
    const measure = { value, unit: "count" as const, of: "sessions waiting" };
    const severity = value > 10 ? ("critical" as const) : ("warning" as const);
    await w.look(5 + i * 5, [found(locks, { a: { severity, measure } })]);
  }
  expect(w.bulletins()[0]?.alerts[0]?.samples.map(({ value }) => value)).toEqual([3, 9, 14]);
});

test("what ended a week ago is forgotten", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  await w.look(5, [found(locks, { a: "critical" })]);
  await w.look(10, [passed(locks)]);
  await w.look(6 * 1440, [passed(locks)]);
  expect(Object.keys((await w.document()).incidents)).toHaveLength(1);
  await w.look(8 * 1440, [passed(locks)]);
  expect(Object.keys((await w.document()).incidents)).toHaveLength(0);
});

test("what the first look of a check finds was there before, and is nothing that changed just now", async () => {
  const w = world();
  await w.look(0, [found("migrations/dirty", { old: "critical" })]);
  expect((await w.document()).changes).toEqual([]);
  await w.look(5, [found("migrations/dirty", { old: "critical", fresh: "critical" })]);
  expect((await w.document()).changes).toHaveLength(1);
});

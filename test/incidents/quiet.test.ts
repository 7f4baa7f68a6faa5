import { expect, test } from "vitest";
import { scheduleOf } from "../../lib/core/schedule.ts";
import { acknowledge, adopt, unacknowledge } from "../../lib/incidents/accept.ts";
import { digestSent, gatherDigest } from "../../lib/incidents/digest.ts";
import { keyOf } from "../../lib/incidents/document.ts";
import { changeIncidents } from "../../lib/incidents/stored.ts";
import { digestMail } from "../../lib/render/alerts/digest-mail.ts";
import { at, blind, found, passed, policy, target, world } from "./fleet.ts";

const locks = "locks/blocking-chain";
const indexes = "indexes/invalid";
const everything = { times: { critical: "now", warning: "now", notice: "never" } } as const;

const digest = ({ store }: ReturnType<typeof world>, minutes: number) =>
  gatherDigest({
    store,
    targets: [target],
    policyOf: () => policy(),
    due: new Date(at(minutes)),
    now: new Date(at(minutes)),
  });

test("day one: what was there before us is counted in one digest, what hurts now is told", async () => {
  const w = world(everything);
  const old = found(indexes, { a: "critical", b: "warning", c: "notice" });
  await w.look(0, [old, found(locks, { d: "critical", e: "warning" })]);
  expect(w.told()).toEqual(["opened d"]);
  await w.look(5, [old]);
  expect((await digest(w, 10)).targets[0]).toMatchObject({ firstSeen: 4, critical: 2 });
  await digestSent(w.store, await digest(w, 10));
  expect((await digest(w, 20)).targets[0]?.firstSeen).toBeUndefined();
  await w.sweep(60 * 30);
  expect(w.told()).toEqual(["reminded d"]);
  await w.look(2000, [found(indexes, { a: "critical", b: "critical", c: "notice", f: "warning" })]);
  expect(w.told().sort()).toEqual(["opened f", "worsened b"]);
});

test("a check that looks for the first time later has a day one of its own", async () => {
  const w = world(everything);
  await w.look(0, [passed(locks)]);
  await w.look(900, [found(indexes, { a: "critical" })], { profile: "nightly" });
  expect(w.told()).toEqual([]);
  expect((await w.document()).firstSeen).toBe(1);
});

test("adopt makes known what is open: counted, and told again when it worsens", async () => {
  const w = world(everything);
  await w.look(0, [passed(indexes)]);
  await w.look(5, [found(indexes, { a: "warning" })]);
  w.told();
  const how = { by: "ada", why: "known for years", at: at(6) };
  await changeIncidents(w.store, target, (now) => now && adopt(now, how));
  await w.look(10, [found(indexes, { a: "warning" })]);
  expect((await digest(w, 20)).targets[0]).toMatchObject({ known: 1, warning: 0 });
  expect((await digest(w, 20)).open).toEqual([]);
  await w.look(15, [found(indexes, { a: "critical" })]);
  expect(w.told()).toEqual(["worsened a"]);
});

test("an acknowledgement silences until its end and no longer", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  const seen = found(locks, { a: "critical" });
  const [{ fingerprint = "" } = {}] = seen.findings;
  await w.look(5, [seen]);
  w.told();
  const how = { by: "ada", why: "at it", at: at(6), until: at(6 + 24 * 60) };
  await changeIncidents(w.store, target, (now) => now && acknowledge(now, fingerprint, how));
  for (let hour = 1; hour <= 23; hour += 1) await w.sweep(6 + hour * 60);
  await w.look(1400, [seen]);
  expect(w.told()).toEqual([]);
  await w.sweep(6 + 24 * 60);
  expect(w.told()).toEqual(["reminded a"]);
  expect(w.bulletins().at(-1)?.alerts[0]?.note).toContain("Acknowledged by ada until");
  await w.sweep(6 + 24 * 60 + 5);
  expect(w.told()).toEqual([]);
  await w.sweep(6 + 25 * 60);
  expect(w.told()).toEqual(["reminded a"]);
});

test("what worsens beyond what was acknowledged is told; unack ends the silence", async () => {
  const w = world(everything);
  await w.look(0, [passed(indexes)]);
  const seen = found(indexes, { a: "warning" });
  const [{ fingerprint = "" } = {}] = seen.findings;
  await w.look(5, [seen]);
  const how = { by: "ada", why: "later", at: at(6), until: at(9000) };
  await changeIncidents(w.store, target, (now) => now && acknowledge(now, fingerprint, how));
  w.told();
  await w.look(10, [found(indexes, { a: "critical" })]);
  expect(w.told()).toEqual(["worsened a"]);
  await changeIncidents(w.store, target, (now) => now && unacknowledge(now, fingerprint, how));
  await w.sweep(10 + 61);
  expect(w.told()).toEqual(["reminded a"]);
  const { timeline = [] } = (await w.document()).incidents[fingerprint] ?? {};
  expect(timeline.map(({ what }) => what)).toEqual([
    ...["found", "opened", "acknowledged", "worsened", "unacknowledged", "reminded"],
  ]);
});

test("a maintenance window delays what it mutes, and nothing else", async () => {
  const schedule = scheduleOf("0 13 * * *", "UTC");
  const w = world({ maintenance: [{ schedule, for: 3600, mute: ["locks/*"], isStopped: false }] });
  await w.look(0, [passed(locks), passed(indexes)]);
  await w.look(65, [found(locks, { a: "critical" }), found(indexes, { b: "critical" })]);
  expect(w.told()).toEqual(["opened b"]);
  await w.sweep(119);
  expect(w.told()).toEqual([]);
  await w.sweep(120);
  expect(w.told()).toEqual(["opened a"]);
});

test("while a deployment runs its own states wait; what stays is told afterwards", async () => {
  const until = at(30);
  const watch = { id: "w", deploy: "r41", since: at(0), windowUntil: until };
  const w = world({ watch });
  const check = "constraints/not-validated";
  await w.look(0, [passed(check), passed(indexes)]);
  await w.look(5, [found(check, { a: "warning", b: "warning" }), found(indexes, { c: "warning" })]);
  await w.look(20, [found(check, { a: "warning" }), found(indexes, { c: "warning" })]);
  expect(w.told()).toEqual(["opened c"]);
  await w.look(31, [found(check, { a: "warning" })]);
  expect(w.told()).toEqual(["opened a"]);
});

test("a migration that runs is expected while a deployment does; whom it blocks is told", async () => {
  const watch = { id: "w", deploy: "r41", since: at(0), windowUntil: at(30) };
  const w = world({
    watch,
    facts: () => ({ failureTitle: "", why: "", live: true, expectedInDeployment: true }),
  });
  const running = "migrations/in-progress";
  const sessions = ["7@2026-11-20 12:00:00+00"];
  await w.look(0, [passed(running), passed(locks)]);
  const migration = found(running, { "42": { severity: "warning", sessions } });
  await w.look(5, [migration]);
  expect(w.told()).toEqual([]);
  await w.look(10, [migration, found(locks, { invoices: { severity: "critical", sessions } })]);
  expect(w.told()).toEqual(["opened 42"]);
  expect(w.bulletins()[0]?.alerts[0]).toMatchObject({
    severity: "critical",
    consequences: [{ check: locks }],
  });
});

test("what a session causes is folded under the head of its chain, and told where it stays", async () => {
  const w = world();
  const sessions = ["48211@2026-11-20 03:11:52.114206+00"];
  const idle = "activity/idle-in-transaction";
  await w.look(0, [passed(locks), passed(idle)]);
  const chain = found(locks, { invoices: { severity: "warning", sessions } });
  const cause = found(idle, { billing: { severity: "critical", sessions } });
  await w.look(5, [chain, cause, found("activity/long-transaction", { billing: { sessions } })]);
  expect(w.told()).toEqual(["opened invoices"]);
  const [alert] = w.bulletins()[0]?.alerts ?? [];
  // As bad as the worst that it causes.
  expect(alert).toMatchObject({ severity: "critical" });
  expect(alert?.consequences.map(({ check }) => check)).toEqual([
    idle,
    "activity/long-transaction",
  ]);
  await w.look(10, [passed(locks), cause, passed("activity/long-transaction")]);
  expect(w.told()).toEqual(["opened billing", "resolved invoices"]);
});

test("a blindness is one line of the digest, whatever its numbers, and stands in one digest", async () => {
  const w = world();
  const others = ["a", "b", "c"].map((name) => ({ environment: "production", name }));
  for (const minute of [0, 5]) {
    for (const of of others) await w.look(minute, [blind(indexes)], { of });
  }
  const all = {
    ...{ store: w.store, targets: others, policyOf: () => policy() },
    ...{ due: new Date(at(10)), now: new Date(at(11)) },
  };
  const first = await gatherDigest(all);
  expect(first.unknown).toEqual([
    {
      check: indexes,
      reason: "may not read 3 tables",
      cure: "GRANT pg_monitor TO pgvigil;",
      targets: others,
    },
  ]);
  expect((await gatherDigest({ ...all, now: new Date(at(13)) })).id).toBe(first.id);
  await digestSent(w.store, first);
  const second = await gatherDigest({ ...all, due: new Date(at(1450)) });
  expect([second.unknown, second.since]).toEqual([[], at(11)]);
  expect(second.targets[0]).toMatchObject({ blindChecks: 1, isUnseen: false });
});

test("a digest tells what began and ended since the last, each once", async () => {
  const w = world();
  await w.look(0, [passed(indexes)]);
  await w.look(5, [found(indexes, { a: "warning", b: "warning" })]);
  await w.look(10, [found(indexes, { b: "warning" })]);
  const first = await digest(w, 60);
  const names = (list: typeof first.began) =>
    list.map(({ alert }) => alert.finding.object.identity);
  expect([names(first.began), names(first.ended), names(first.open)]).toEqual([
    ["a", "b"],
    ["a"],
    ["b"],
  ]);
  await digestSent(w.store, first);
  const second = await digest(w, 1500);
  expect([names(second.began), names(second.ended), names(second.open)]).toEqual([[], [], ["b"]]);
  expect(w.told()).toEqual([]);
});

test("of a target whose record cannot be read the digest says so, and never that nothing is open", async () => {
  const w = world();
  await w.look(0, [found(indexes, { a: "critical" })]);
  await w.store.put(keyOf(target), new TextEncoder().encode('{"schemaVersion": 2}'));
  const morning = await digest(w, 10);
  expect(morning.unknown).toEqual([
    expect.objectContaining({
      check: "incidents/unreadable",
      reason: expect.stringContaining("another release of pgvigil wrote it (schemaVersion 2)"),
      targets: [target],
    }),
  ]);
  const mail = digestMail(morning, {});
  expect(mail).toMatch(/^0 of 1 looked at\n/);
  expect(mail).toContain("Nothing known to be open.");
});

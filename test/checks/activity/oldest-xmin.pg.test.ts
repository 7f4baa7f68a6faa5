import { expect, test } from "vitest";
import { activityOldestXmin } from "../../../lib/checks/activity/oldest-xmin.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { session } from "../../support/sessions.ts";
import { startStandby } from "../../support/standby.ts";
import { uniqueName } from "../../support/test-server.ts";
import { until } from "../../support/until.ts";

const check = activityOldestXmin;
const late = { warning: "1ms", critical: "1d", slack: 0 };

/** Lets transactions pass, so that a horizon that stands still falls behind. */
const burn = async (db: TestDatabase, transactions: number) => {
  for (let i = 0; i < transactions; i += 1) await db.sql("SELECT txid_current()");
};

/** Other tests' physical slots and standbys hold this database's horizon back too. */
const ofSessions = (names: readonly string[]) => names.filter((name) => name.includes("("));

test("nobody holds anything back: neither we nor a VACUUM nor an idle session", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  await session(db, "idle");
  const readCommitted = await session(db, "read committed");
  await readCommitted.query("BEGIN; SELECT * FROM orders"); // keeps no snapshot between statements
  const outcome = await look(db.url(), check, { options: late });
  expect(ofSessions(saying(outcome))).toEqual([]);
  expect(JSON.stringify(outcome.memory)).not.toContain("session");
});

test("the oldest of two snapshots is the finding, and the other is next in line", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const first = await session(db, "first");
  await first.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM orders");
  await burn(db, 3);
  const second = await session(db, "second");
  await second.query("BEGIN; INSERT INTO orders VALUES (1)");
  const outcome = await look(db.url(), check, { options: late });
  expect(ofSessions(saying(outcome))).toEqual(["warning postgres (first)"]);
  expect(outcome.findings[0]?.summary).toMatch(
    /holds back VACUUM for \d+ s, \d+ transactions? behind$/,
  );
  expect(outcome.findings[0]?.detail?.[1]).toContain("Transaction of postgres (second)");
});

test("another database's snapshot holds back nothing here", async () => {
  await using db = await testDatabase();
  await using other = await testDatabase();
  const elsewhere = await session(other, "elsewhere");
  await elsewhere.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
  await burn(db, 3);
  expect(ofSessions(saying(await look(db.url(), check, { options: late })))).toEqual([]);
});

test("a prepared transaction older than any session is the holder", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const gid = uniqueName("gid");
  await db.sql(`BEGIN; INSERT INTO orders VALUES (1); PREPARE TRANSACTION '${gid}'`);
  await burn(db, 3);
  const outcome = await look(db.url(), check, { options: { ...late, critical: "1ms" } });
  expect(saying(outcome)).toContain("critical prepared transactions of postgres");
  const finding = outcome.findings.find(({ object }) => object.kind === "prepared transaction");
  await db.sql(finding?.remedy?.sql ?? "");
});

test("a logical slot holds back the catalogs; since when is known from looking before", async () => {
  await using db = await testDatabase();
  await using other = await testDatabase();
  const slot = uniqueName("slot");
  await db.sql(`SELECT pg_create_logical_replication_slot('${slot}', 'pgoutput')`);
  await burn(db, 10);
  const slow = { warning: "1h", critical: "1d", slack: 5 };
  const first = await look(db.url(), check, {
    options: slow,
    now: new Date("2026-11-20T03:00:00Z"),
  });
  expect(first.findings.filter(({ object }) => object.name === slot)).toEqual([]);

  const previous = { at: "2026-11-20T03:00:00.000Z", memory: first.memory };
  const again = await look(db.url(), check, {
    options: slow,
    previous,
    now: new Date("2026-11-20T05:00:00Z"),
  });
  expect(saying(again)).toEqual([`warning ${slot}`]);
  const [finding] = again.findings;
  expect(finding?.summary).toContain(
    `Replication slot ${slot}, used by nobody, holds back VACUUM of the system catalogs for at least 2 h`,
  );
  expect(saying(await look(other.url(), check, { options: late }))).not.toContain(
    `warning ${slot}`,
  );
  const patient = await look(db.url(), check, { options: { ...slow, slack: 100_000 }, previous });
  expect(patient.findings).toEqual([]);

  await db.sql(finding?.remedy?.sql ?? "");
  expect(await db.sql(`SELECT 1 FROM pg_replication_slots WHERE slot_name = '${slot}'`)).toEqual(
    [],
  );
});

test("a standby's query holds back its primary, by feedback; on the standby it is a session", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  await using standby = await startStandby(db.server, {
    hot_standby_feedback: "on",
    wal_receiver_status_interval: "1",
    cluster_name: "reporting", // a walreceiver's application_name
  });
  const at = { host: standby.host, port: standby.port };
  const reader = await until(() => db.connect({ ...at, application_name: "reader" }));
  await until(() => reader.query("SELECT * FROM orders"));
  await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM orders");
  await burn(db, 10);
  const before = { at: "", memory: {} as Record<string, { xid: string; since: string }> };
  let outcome = await look(db.url(), check);
  await until(async () => {
    const seen = await look(db.url(), check, { options: late, previous: before });
    const sightings = Object(seen.memory)["standby reporting"];
    before.memory = { "standby reporting": { ...sightings, since: "2026-11-20T00:00:00.000Z" } };
    outcome = await look(db.url(), check, {
      options: { ...late, warning: "1h" },
      previous: before,
      now: new Date("2026-11-20T05:00:00Z"),
    });
    return outcome.findings.length > 0;
  });
  expect(saying(outcome)).toEqual(["warning reporting"]);
  expect(outcome.findings[0]?.remedy?.sql).toContain("-- On the standby:");

  const url = db.url().replace(/@[^/]*/, `@${at.host}:${at.port}`);
  expect(saying(await look(url, check, { options: late }))).toEqual(["warning postgres (reader)"]);
});

test("a role without pg_monitor says what it cannot see", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const { name } = await db.role();
  const theirs = await session(db, "theirs");
  await theirs.query("BEGIN; INSERT INTO orders VALUES (1)");
  const outcome = await look(db.url({ user: name }), check, { options: { warning: "1d" } });
  expect(outcome).toMatchObject({
    status: "skipped",
    cause: "privilege",
    cure: `GRANT pg_monitor TO ${name};`,
  });
});

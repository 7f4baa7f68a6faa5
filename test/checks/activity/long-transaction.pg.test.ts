import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { activityLongTransaction } from "../../../lib/checks/activity/long-transaction.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { allText, pidOf, sendAway, session, untilWaiting } from "../../support/sessions.ts";
import { until } from "../../support/until.ts";

const check = activityLongTransaction;
const late = { warning: "1ms" };

test("a transaction within its time passes, and the pulse gives it more", async () => {
  await using db = await testDatabase();
  const open = await session(db, "report");
  await open.query("BEGIN; SELECT 1");
  expect(await look(db.url(), check)).toMatchObject({ status: "passed", scope: "2 sessions" });
  expect(check.presets?.pulse).toEqual({ warning: "5min" });
});

test("a late one is a warning that tells what it holds, on any kind of table", async () => {
  await using db = await testDatabase({
    sql: `CREATE SCHEMA "A b";
          CREATE TABLE "A b"."o""x" (id int) PARTITION BY RANGE (id);
          CREATE TABLE "A b"."p; DROP" PARTITION OF "A b"."o""x" DEFAULT`,
  });
  const open = await session(db, "loader");
  await open.query(`BEGIN; CREATE TEMP TABLE mine (id int); CREATE TABLE new (id int);
                    INSERT INTO "A b"."o""x" VALUES (918273645); SELECT 'secret'`);
  const outcome = await look(db.url(), check, { options: { ...late, strongLock: "1ms" } });
  expect(saying(outcome)).toEqual(["warning postgres (loader)"]);
  expect(outcome.findings[0]).toMatchObject({
    summary: expect.stringMatching(
      /^Transaction of postgres \(loader\) is open for 0 s \(pid \d+\)$/,
    ),
    // Neither the temporary table nor the one that nobody else can see yet.
    evidence: {
      held: [
        { table: '"A b"."o""x"', mode: "RowExclusiveLock" },
        { table: '"A b"."p; DROP"', mode: "RowExclusiveLock" },
      ],
    },
  });
  expect(allText(outcome)).not.toMatch(/secret|918273645/);
});

test("it is critical where somebody waits for it, and says so", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders AS SELECT 1 AS id" });
  const report = await session(db, "report");
  await report.query("BEGIN; SELECT * FROM orders");
  await sleep(300);
  const migration = await session(db, "migrate");
  sendAway(migration, "ALTER TABLE orders ADD COLUMN note text");
  await untilWaiting(db, 1);
  const web = await session(db, "web");
  sendAway(web, "SELECT * FROM orders");
  await untilWaiting(db, 2);
  await sleep(300);
  // Those who wait are late because of the report, and have no time of their own yet.
  const own = { warning: "250ms" };
  expect(saying(await look(db.url(), check, { options: own }))).toEqual([
    "warning postgres (report)",
  ]);
  const outcome = await look(db.url(), check, { options: { ...own, waiter: "100ms" } });
  expect(saying(outcome)).toEqual(["critical postgres (report)"]);
  expect(outcome.findings[0]?.detail?.[0]).toMatch(/^1 session waits for it on public.orders, /);
});

test("it is critical where it keeps everybody out of a table for long", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const open = await session(db, "operator");
  await open.query("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
  const outcome = await look(db.url(), check, { options: { ...late, strongLock: "1ms" } });
  expect(saying(outcome)).toEqual(["critical postgres (operator)"]);
  expect(outcome.findings[0]?.detail?.[0]).toMatch(
    /^It holds ACCESS EXCLUSIVE on public.orders for at least 0 s: nobody can read or write/,
  );
  const early = await look(db.url(), check, { options: late });
  expect(saying(early)).toEqual(["warning postgres (operator)"]);
});

test("it is critical where it holds the oldest horizon for long, and only the oldest does", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const first = await session(db, "first");
  await first.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM orders");
  await db.sql("INSERT INTO orders VALUES (1)");
  const second = await session(db, "second");
  await second.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM orders");
  const outcome = await look(db.url(), check, { options: { ...late, horizon: "1ms" } });
  expect(saying(outcome)).toEqual(["critical postgres (first)", "warning postgres (second)"]);
  expect(outcome.findings[0]?.evidence.harms).toEqual(["horizon"]);
});

test("a comment silences one, and the scope counts it", async () => {
  await using db = await testDatabase();
  const quiet = await session(db, "etl");
  await quiet.query("BEGIN; SELECT 1 /* pgvigil:ignore nightly load */");
  const outcome = await look(db.url(), check, { options: late });
  expect(outcome).toMatchObject({ status: "passed", scope: "2 sessions, 1 silenced by a comment" });
});

test("a backup has a time of its own and is called by its name", async () => {
  await using db = await testDatabase();
  const dump = await session(db, "pg_dump");
  await dump.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
  expect((await look(db.url(), check, { options: late })).status).toBe("passed");
  const outcome = await look(db.url(), check, { options: { backup: "1ms" } });
  expect(outcome.findings[0]?.summary).toMatch(
    /^Backup \(pg_dump\) of postgres \(pg_dump\) is open/,
  );
});

test("other sessions of pgvigil's own role are not told of; anybody else's who call themselves so are", async () => {
  await using db = await testDatabase();
  const { name } = await db.role({ grants: ["pg_monitor"] });
  const ours = await session(db, "pgvigil", name);
  await ours.query("BEGIN");
  const pretender = await session(db, "pgvigil");
  await pretender.query("BEGIN");
  const outcome = await look(db.url({ user: name }), check, { options: late });
  expect(saying(outcome)).toEqual(["warning postgres (pgvigil)"]);
});

test("a CONCURRENTLY build and a VACUUM take the time they take", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders AS SELECT 1 AS id" });
  const writer = await session(db, "writer");
  await writer.query("BEGIN; INSERT INTO orders VALUES (2)");
  const build = await session(db, "build");
  sendAway(build, "/* ours */ CREATE INDEX CONCURRENTLY by_id ON orders (id)");
  await untilWaiting(db, 1);
  const vacuum = await session(db, "vacuum");
  sendAway(vacuum, "VACUUM (FREEZE) orders"); // waits for the build
  await untilWaiting(db, 2);
  const outcome = await look(db.url(), check, { options: late });
  expect(saying(outcome)).toEqual(["warning postgres (writer)"]);
});

test("parallel workers are their leader's transaction", async () => {
  await using db = await testDatabase({
    sql: "CREATE TABLE big AS SELECT g AS id FROM generate_series(1, 50000) g; ANALYZE big",
  });
  const leader = await session(db, "leader");
  await leader.query(`SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
                      SET min_parallel_table_scan_size = 0; SET jit = off`);
  sendAway(
    leader,
    "SELECT count(*) FROM big WHERE id + length(repeat('x', 3000)) + sqrt(id) * 0 > 0 AND pg_sleep(0.0002) IS NULL",
  );
  await until(async () => {
    const rows = await db.sql(
      "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'parallel worker' AND datname = current_database()",
    );
    return rows.length > 0;
  });
  const outcome = await look(db.url(), check, { options: late });
  expect(outcome.findings).toMatchObject([
    { evidence: { count: 1, sessions: [{ pid: expect.any(Number) }] } },
  ]);
  await db.sql(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'leader' AND datname = current_database()",
  );
});

test("a role without pg_monitor says what it cannot see", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  const theirs = await session(db, "theirs");
  await theirs.query("BEGIN");
  expect(await look(db.url({ user: name }), check, { options: late })).toMatchObject({
    status: "skipped",
    cause: "privilege",
    reason: `2 of 2 sessions belong to roles that ${name} may not look into`,
    findings: [],
  });
});

test("the cancel ends this transaction's statement and none of a later transaction", async () => {
  await using db = await testDatabase();
  const slow = await session(db, "slow");
  const asleep = () =>
    until(
      async () =>
        (
          await db.sql(
            `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = ${pid}`,
          )
        ).length > 0,
    );
  const pid = await pidOf(slow);
  const remedyOf = async () =>
    (await look(db.url(), check, { options: late })).findings[0]?.remedy?.sql ?? "";

  const first = slow.query("SELECT pg_sleep(0.5)");
  await asleep();
  const stale = await remedyOf();
  await first;
  const second = slow.query("SELECT pg_sleep(30)");
  const end = expect(second).rejects.toThrow("canceling statement due to user request");
  await asleep();
  expect(await db.sql(stale)).toEqual([]);
  expect(await db.sql(await remedyOf())).toEqual([{ pg_cancel_backend: true }]);
  await end;
});

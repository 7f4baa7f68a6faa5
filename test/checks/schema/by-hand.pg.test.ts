import { expect, test } from "vitest";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { schemaDriftFromBaseline } from "../../../lib/checks/schema/drift-from-baseline.ts";
import { schemaDriftFromLast } from "../../../lib/checks/schema/drift-from-last.ts";
import { optionsOf } from "../../../lib/run/choose.ts";
import { examine } from "../../../lib/run/examine.ts";
import { keepRun } from "../../../lib/run/keep-run.ts";
import { recall } from "../../../lib/run/memory.ts";
import { beginRun, endRun } from "../../../lib/run/run-document.ts";
import { seal } from "../../../lib/schema/baseline.ts";
import { golangLockKey } from "../../../lib/trackers/golang-migrate.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { sessionAt } from "../../support/look.ts";
import { liveTrackers, snapshotAt } from "../../support/schema.ts";

const target = { environment: "production", name: "orders" };

const golang = `
  CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);
  INSERT INTO schema_migrations VALUES (41, false);`;
const flyway = `
  CREATE TABLE flyway_schema_history (
    installed_rank int PRIMARY KEY, version varchar(50), description varchar(200), type varchar(20),
    script varchar(1000), checksum int, installed_by varchar(100),
    installed_on timestamp DEFAULT now(), execution_time int, success boolean);`;
const applied = (n: number) =>
  `INSERT INTO flyway_schema_history VALUES
     (${n}, '${n}', 'more', 'SQL', 'V${n}__more.sql', 7, 'deploy', now() + interval '${n} s', 3, true)`;

/** A database with a past: sealed, and looked at as often as a test wants. */
async function watched(db: TestDatabase) {
  const store = memoryStore();
  const migrations = (await liveTrackers(db.url())).heads;
  const approval = { by: "anna", why: "release", now: new Date(), migrations };
  await seal(store, target, await snapshotAt(db.url()), approval);
  const both = [schemaDriftFromBaseline, schemaDriftFromLast];
  return async (checks = both) => {
    const head = beginRun("nightly", new Date(), "test");
    const report = await examine({
      target,
      profile: "nightly",
      checks: checks.map((check) => ({ check, options: optionsOf(check, {}) })),
      connect: () => sessionAt(db.url()),
      store,
      clock: () => new Date(),
      deadline: Date.now() + 60_000,
      ignore: [],
      past: await recall(store, target),
    });
    await keepRun(store, endRun(head, [report], new Date()));
    const [baseline, last] = checks.map((check) =>
      report.outcomes.find((outcome) => outcome.check === check.id),
    );
    return { baseline, last };
  };
}

const said = (
  outcome: { findings: readonly { severity: string; summary: string }[] } | undefined,
) =>
  outcome?.findings.map(({ severity, summary }) =>
    `${severity} ${summary}`.replace(/ \d{4}-\d\d-\d\d( \d\d:\d\d UTC)?/g, " DAY"),
  );

test("a change without a migration in between is by hand; with one it is explained by it", async () => {
  await using db = await testDatabase({ sql: `${golang} CREATE TABLE orders (id int)` });
  const look = await watched(db);
  await look();
  await db.sql("ALTER TABLE orders ADD COLUMN by_hand int");
  const first = await look();
  expect(said(first.baseline)).toEqual([
    "warning Column public.orders.by_hand was added by hand since the baseline was sealed on DAY",
  ]);
  await db.sql(
    "ALTER TABLE orders ADD COLUMN migrated int; UPDATE schema_migrations SET version = 42",
  );
  const { baseline, last } = await look();
  expect(said(last)).toEqual([
    "notice 1 difference from the baseline is new since the last look on DAY: told under schema/drift-from-baseline",
  ]);
  expect(said(baseline)).toEqual([
    "warning Column public.orders.by_hand was added by hand since the baseline was sealed on DAY",
    "notice Column public.orders.migrated was added since the baseline was sealed on DAY: explained by 41 -> 42; not yet sealed",
  ]);
});

test("a migration explains what came with it, not what was there before or came after", async () => {
  await using db = await testDatabase({ sql: `${golang} CREATE TABLE orders (id int)` });
  const look = await watched(db);
  const migrate = (version: number, sql: string) =>
    db.sql(`${sql}; UPDATE schema_migrations SET version = ${version}`);
  await migrate(42, "ALTER TABLE orders ADD COLUMN of_42 int; CREATE TABLE more (id int)");
  await look();
  await db.sql("ALTER TABLE orders ADD COLUMN by_hand int; ALTER TABLE more ADD COLUMN hand int");
  const { baseline, last } = await look();
  expect(said(baseline)).toEqual([
    "warning Table public.more was added since the baseline was sealed on DAY: explained by 41 -> 42; not yet sealed",
    "warning Column public.orders.by_hand was added by hand since the baseline was sealed on DAY",
    "notice Column public.orders.of_42 was added since the baseline was sealed on DAY: explained by 41 -> 42; not yet sealed",
  ]);
  expect(baseline?.findings[0]?.detail).toContain("By hand since: column public.more.hand added.");
  expect(said(last)).toEqual([
    "warning Column public.more.hand was added by hand since the last look on DAY",
    "notice 1 difference from the baseline is new since the last look on DAY: told under schema/drift-from-baseline",
  ]);
  await migrate(43, "ALTER TABLE orders ADD COLUMN of_43 int");
  expect(said((await look()).baseline)).toContain(
    "notice Column public.orders.of_43 was added since the baseline was sealed on DAY: explained by 42 -> 43; not yet sealed",
  );
});

test("a tool that keeps its history names each migration", async () => {
  await using db = await testDatabase({ sql: flyway });
  await db.sql(applied(40));
  const look = await watched(db);
  await db.sql(`CREATE TABLE more (id int)`);
  await db.sql(applied(41));
  await db.sql(applied(42));
  expect(said((await look()).baseline)).toEqual([
    "notice Table public.more was added since the baseline was sealed on DAY: explained by 41, 42; not yet sealed",
  ]);
  await db.sql("DELETE FROM flyway_schema_history WHERE installed_rank > 39");
  expect(said((await look()).baseline)?.[0]).toMatch(/a migration was taken back/);
});

test("a migration that runs is in flight; one that is dirty explains nothing for sure", async () => {
  await using db = await testDatabase({ sql: golang });
  const look = await watched(db);
  await db.sql(
    "CREATE TABLE half (id int); UPDATE schema_migrations SET version = 42, dirty = true",
  );
  expect(said((await look()).baseline)).toEqual([
    "warning Table public.half was added since the baseline was sealed on DAY: migration 42 is dirty: in flight, or died halfway",
  ]);
  const tool = await db.connect();
  const key = golangLockKey("public", "schema_migrations", db.name);
  await tool.query(`SELECT pg_advisory_lock(${key})`);
  expect(said((await look()).baseline)).toEqual([
    "notice Table public.half was added since the baseline was sealed on DAY: migration 42 is in flight; not yet sealed",
  ]);
});

test("where no tool is known, or its table cannot be read, the scope says so and it stays a warning", async () => {
  await using db = await testDatabase();
  const look = await watched(db);
  await db.sql("CREATE TABLE more (id int)");
  const { baseline } = await look();
  expect(said(baseline)).toEqual([
    "warning Table public.more was added since the baseline was sealed on DAY",
  ]);
  expect(baseline?.scope).toMatch(/; no migration tool is known here$/);
  await using locked = await testDatabase({ sql: golang });
  const lookAgain = await watched(locked);
  await locked.sql("CREATE TABLE more (id int)");
  const migration = await locked.connect();
  await migration.query("BEGIN; LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE");
  const outcome = (await lookAgain()).baseline;
  expect(said(outcome)).toEqual([
    "warning Table public.more was added since the baseline was sealed on DAY",
  ]);
  expect(outcome?.scope).toMatch(/migrations are not known: public\.schema_migrations .*is locked/);
});

test("what the baseline tells is one line under the last look; beside it, what only that one knows", async () => {
  await using db = await testDatabase({ sql: `${golang} CREATE TABLE orders (id int DEFAULT 1)` });
  const look = await watched(db);
  await look();
  await db.sql("CREATE INDEX more ON orders (id); ALTER TABLE orders ALTER id SET DEFAULT 2");
  const first = await look();
  expect(said(first.last)).toEqual([
    "notice 2 differences from the baseline are new since the last look on DAY: told under schema/drift-from-baseline",
  ]);
  await db.sql("ALTER TABLE orders ALTER id SET DEFAULT 3");
  expect(said((await look()).last)).toEqual([
    "warning Column public.orders.id has the default 3 now, had 2; changed by hand since the last look on DAY",
  ]);
});

test("an hourly look, which does not ask the baseline, tells all", async () => {
  await using db = await testDatabase({ sql: golang });
  const look = await watched(db);
  await look();
  await db.sql("CREATE TABLE more (id int)");
  const { baseline: last } = await look([schemaDriftFromLast]);
  expect(said(last)).toEqual([
    "warning Table public.more was added by hand since the last look on DAY",
  ]);
});

test("a partition that went with time is no drift; one that was lost stays one, until its time has come", async () => {
  const days = (...of: number[]) =>
    of.map(
      (day) =>
        `CREATE TABLE day_${day} PARTITION OF days FOR VALUES FROM (${day}) TO (${day + 1});`,
    );
  const made = ["CREATE TABLE days (day int) PARTITION BY RANGE (day);", ...days(1, 2, 3, 4, 5, 6)];
  await using db = await testDatabase({ sql: `${golang} ${made.join("")}` });
  const look = await watched(db);
  await look();
  await db.sql(`DROP TABLE day_1; ${days(7)}`);
  const { baseline, last } = await look();
  for (const outcome of [baseline, last]) {
    expect(outcome).toMatchObject({ status: "passed" });
    expect(outcome?.scope).toContain("1 old partition gone as newer ones came: public.day_1");
  }
  await db.sql("DROP TABLE day_3");
  const lost = [
    "warning Table public.day_3 was removed by hand since the baseline was sealed on DAY",
  ];
  expect(said((await look()).baseline)).toEqual(lost);
  await db.sql(`DROP TABLE day_2; ${days(8).join("")}`);
  expect(said((await look()).baseline)).toEqual(lost);
  await db.sql(`DROP TABLE day_4; ${days(9).join("")}`);
  const later = await look();
  expect(said(later.baseline)).toEqual([]);
  expect(said(later.last)).toEqual([]);
});

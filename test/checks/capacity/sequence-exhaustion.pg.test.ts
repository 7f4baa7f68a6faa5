import { expect, test } from "vitest";
import { capacitySequenceExhaustion } from "../../../lib/checks/capacity/sequence-exhaustion.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { until } from "../../support/until.ts";

const lookAs = (db: TestDatabase, user?: string) =>
  look(db.url(user === undefined ? {} : { user }), capacitySequenceExhaustion);

/** Pastes every remedy, and looks again. */
async function mended(db: TestDatabase): Promise<readonly string[]> {
  for (const { remedy } of (await lookAs(db)).findings) await db.sql(remedy?.sql ?? "");
  return saying(await lookAs(db));
}

test("serial, identity and a shared sequence run out where their narrowest column does", async () => {
  await using db = await testDatabase({
    sql: `CREATE SEQUENCE shared;
          CREATE DOMAIN tiny AS smallint; CREATE DOMAIN tinier AS tiny;
          CREATE TABLE orders (id serial PRIMARY KEY, line int GENERATED ALWAYS AS IDENTITY);
          CREATE TABLE parts (a bigint DEFAULT nextval('shared'), b tinier DEFAULT nextval('shared'));
          SELECT setval('orders_id_seq', 2040109466);
          SELECT setval('orders_line_seq', 1900000000);
          SELECT setval('shared', 32767)`,
  });
  const outcome = await lookAs(db);
  expect(saying(outcome)).toEqual([
    "critical public.orders_id_seq",
    "critical public.shared",
    "warning public.orders_line_seq",
  ]);
  expect(outcome.findings[0]?.summary).toBe(
    "Sequence public.orders_id_seq is 95 % used: 107,374,181 numbers are left for column public.orders.id (integer)",
  );
  expect(outcome.findings[0]?.remedy?.lock).toContain("ACCESS EXCLUSIVE");
  expect(outcome.findings[1]?.evidence).toMatchObject({ left: "0", limitedBy: "column" });
  expect(await mended(db)).toEqual([]);
  await db.sql("INSERT INTO orders DEFAULT VALUES; INSERT INTO parts DEFAULT VALUES");
});

test("to win time, the negative numbers work as pasted", async () => {
  await using db = await testDatabase({
    sql: "CREATE TABLE orders (id serial); SELECT setval('orders_id_seq', 2147483647)",
  });
  const [finding] = (await lookAs(db)).findings;
  await expect(db.sql("INSERT INTO orders DEFAULT VALUES")).rejects.toThrow("reached maximum");
  await db.sql(finding?.remedy?.otherwise?.sql ?? "");
  expect(await db.sql("INSERT INTO orders DEFAULT VALUES RETURNING id")).toEqual([
    { id: -2147483648 },
  ]);
  expect(saying(await lookAs(db))).toEqual([]);
});

test("a sequence that ends before its columns is widened alone", async () => {
  await using db = await testDatabase({
    sql: `CREATE SEQUENCE small AS smallint; SELECT setval('small', 32000);
          CREATE SEQUENCE capped MAXVALUE 100; SELECT setval('capped', 100);
          CREATE SEQUENCE down AS smallint INCREMENT -1; SELECT setval('down', -32700);
          CREATE TABLE t (i int DEFAULT nextval('capped'), b bigint DEFAULT nextval('small'))`,
  });
  const outcome = await lookAs(db);
  expect(saying(outcome)).toEqual([
    "critical public.capped",
    "critical public.down",
    "critical public.small",
  ]);
  expect(outcome.findings[0]?.remedy?.sql).toBe(
    "ALTER SEQUENCE public.capped MAXVALUE 2147483647;",
  );
  expect(await mended(db)).toEqual([]);
  await db.sql("INSERT INTO t DEFAULT VALUES; SELECT nextval('down')");
});

test("a partitioned table is told once, by its root; hostile names work as pasted", async () => {
  await using db = await testDatabase({
    sql: `CREATE SCHEMA "a ""b"" é";
          CREATE TABLE "a ""b"" é"."T'; DROP" ("I d" serial, day int) PARTITION BY RANGE (day);
          CREATE TABLE p1 PARTITION OF "a ""b"" é"."T'; DROP" FOR VALUES FROM (1) TO (2);
          CREATE TABLE p2 PARTITION OF "a ""b"" é"."T'; DROP" FOR VALUES FROM (2) TO (3);
          ALTER SEQUENCE "a ""b"" é"."T'; DROP_I d_seq" RENAME TO "S"";'";
          SELECT setval('"a ""b"" é"."S"";''"', 2147483000);
          CREATE SEQUENCE keyed; SELECT setval('keyed', 2147483000);
          CREATE TABLE k (id int DEFAULT nextval('keyed')) PARTITION BY HASH (id)`,
  });
  const outcome = await lookAs(db);
  expect(saying(outcome)).toEqual([`critical "a ""b"" é"."S"";'"`, "critical public.keyed"]);
  expect(outcome.findings[0]?.evidence).toMatchObject({
    columns: [`"a ""b"" é"."T'; DROP"."I d" integer`],
  });
  await db.sql(outcome.findings[0]?.remedy?.sql ?? "");
  expect(saying(await lookAs(db))).toEqual(["critical public.keyed"]);
  expect(outcome.findings[1]?.remedy?.summary).toContain("partition key");
  expect(outcome.findings[1]?.remedy?.sql).toBeUndefined();
});

test("what looks ill and is well: cycles, a remainder, a dead session's numbers, never called", async () => {
  await using db = await testDatabase({
    sql: `CREATE SEQUENCE round MAXVALUE 10 CYCLE; SELECT setval('round', 10);
          CREATE SEQUENCE ids; SELECT setval('ids', 3000000000);
          CREATE TABLE t (id bigint DEFAULT nextval('ids'), shard int DEFAULT nextval('ids') % 1024,
                          code text DEFAULT 'N' || nextval('ids'));
          CREATE TEMP SEQUENCE mine MAXVALUE 5; SELECT setval('mine', 5);
          CREATE SEQUENCE fresh MAXVALUE 3`,
  });
  expect(await lookAs(db)).toMatchObject({ status: "passed", scope: "3 sequences" });
});

test("a sequence that was set but not called is known from 18 on", async () => {
  await using db = await testDatabase({
    sql: "CREATE TABLE t (id serial); SELECT setval('t_id_seq', 2147483600, false)",
  });
  expect(saying(await lookAs(db))).toEqual(db.major >= 18 ? ["critical public.t_id_seq"] : []);
});

test("a role that may not read it is blind, even with pg_monitor, and the cure works", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE t (id serial); SELECT setval('t_id_seq', 2147483000);
          CREATE SEQUENCE used; SELECT setval('used', 9223372036854775807); CREATE SEQUENCE "s 2"`,
  });
  const { name } = await db.role({ grants: ["pg_monitor", "USAGE ON SEQUENCE used"] });
  const blind = await lookAs(db, name);
  expect(blind).toMatchObject({
    status: "found",
    cause: "privilege",
    scope: "1 of 3 sequences",
    reason: `no SELECT on public."s 2", public.t_id_seq`,
  });
  expect(saying(blind)).toEqual(["critical public.used"]);
  const [grant = ""] = blind.cure?.split("\n") ?? [];
  await db.sql(grant);
  const cured = await lookAs(db, name);
  expect(cured.cause).toBeUndefined();
  expect(saying(cured)).toEqual(["critical public.t_id_seq", "critical public.used"]);
});

test("where many are refused, one GRANT a schema or pg_read_all_data cures them", async () => {
  await using db = await testDatabase({
    sql: `CREATE SCHEMA "o'x"; CREATE SEQUENCE "o'x".a; CREATE SEQUENCE b; CREATE SEQUENCE c;
          CREATE SEQUENCE d; CREATE SEQUENCE e`,
  });
  const { name } = await db.role();
  const blind = await lookAs(db, name);
  expect(blind).toMatchObject({ status: "skipped", scope: "0 of 5 sequences" });
  expect(blind.reason).toMatch(/ and 2 more$/);
  const [grant = "", , readAll] = blind.cure?.split("\n") ?? [];
  expect(grant).toContain(`ALL SEQUENCES IN SCHEMA "o'x", public TO`);
  expect(readAll === undefined).toBe(db.major < 14);
  await db.sql(readAll ?? grant);
  expect(await lookAs(db, name)).toMatchObject({ status: "passed", scope: "5 sequences" });
});

test("where a lock is held or only waited for, it steps aside and says so", async () => {
  await using db = await testDatabase({
    sql: `CREATE SEQUENCE renamed; CREATE SEQUENCE awaited; CREATE SEQUENCE altered;
          CREATE SEQUENCE free; SELECT setval('free', 9223372036854775807)`,
  });
  const [holder, reader, waiter] = [await db.connect(), await db.connect(), await db.connect()];
  await holder.query("BEGIN; ALTER SEQUENCE renamed RENAME TO r; ALTER SEQUENCE altered CACHE 5");
  await reader.query("BEGIN; SELECT last_value FROM awaited");
  const waiting = waiter.query("ALTER SEQUENCE awaited RENAME TO a");
  const awaited = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'awaited'::regclass";
  await until(async () => (await db.sql(awaited)).length > 0);

  const started = performance.now();
  const outcome = await lookAs(db);
  expect(performance.now() - started).toBeLessThan(1500);
  const unseen = db.major >= 18 ? ["awaited", "renamed"] : ["altered", "awaited", "renamed"];
  expect(outcome).toMatchObject({
    status: "found",
    cause: "lock",
    scope: `${4 - unseen.length} of 4 sequences`,
    reason: `somebody holds or awaits a lock on ${unseen.map((s) => `public.${s}`).join(", ")}`,
  });
  expect(saying(outcome)).toEqual(["critical public.free"]);

  await reader.query("COMMIT");
  await waiting;
  await holder.query("ROLLBACK");
  expect((await lookAs(db)).cause).toBeUndefined();
});

test("more sequences than one question holds, and no lock is left behind", async () => {
  await using db = await testDatabase({
    sql: `DO $$ BEGIN FOR i IN 1..600 LOOP EXECUTE format('CREATE SEQUENCE s%s', i); END LOOP; END $$;
          SELECT setval('s1', 9223372036854775807); SELECT setval('s600', 9223372036854775807)`,
  });
  const outcome = await lookAs(db);
  expect(outcome.scope).toBe("600 sequences");
  expect(saying(outcome)).toEqual(["critical public.s1", "critical public.s600"]);
  expect(outcome.findings[0]?.evidence).toMatchObject({ lastValue: "9223372036854775807" });
});

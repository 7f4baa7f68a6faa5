import { expect, test } from "vitest";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { statementsErrorRate as check } from "../../../lib/checks/statements/error-rate.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { baselineOf, rememberedOf } from "../../support/past.ts";
import { until } from "../../support/until.ts";

const store = memoryStore();
const options = { transactions: 20 };

test("transactions that begin to fail are told, until they do no more", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int PRIMARY KEY)" });
  await end(db, 60, "COMMIT");
  const before = await look(db.url(), check, { store, options });
  expect(before).toMatchObject({ status: "skipped", cause: "not-applicable", findings: [] });

  await end(db, 40, "ROLLBACK");
  const settings = { store, options, baseline: baselineOf(before) };
  const worse = await look(db.url(), check, { ...settings, previous: rememberedOf(before) });
  expect(saying(worse)).toEqual([`critical rollbacks of ${db.name}`]);
  expect(worse.findings[0]?.measure?.value).toBeGreaterThan(0.5);

  const quiet = await look(db.url(), check, { ...settings, previous: rememberedOf(worse) });
  expect(quiet).toMatchObject({ status: "passed", still: [worse.findings[0]?.fingerprint] });

  await end(db, 60, "COMMIT");
  const well = await look(db.url(), check, { ...settings, previous: rememberedOf(quiet) });
  expect(well.status).toBe("passed");
  expect(well.still).toBeUndefined();
});

test("deadlocks are told", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE "or""ders" (id int PRIMARY KEY, v int) PARTITION BY LIST (id);
          CREATE TABLE one PARTITION OF "or""ders" DEFAULT;
          INSERT INTO "or""ders" VALUES (1, 0), (2, 0)`,
  });
  const before = await look(db.url(), check, { store });
  const [a, b] = [await db.connect(), await db.connect()];
  const update = (id: number) => `UPDATE "or""ders" SET v = v + 1 WHERE id = ${id}`;
  for (const client of [a, b]) await client.query("SET deadlock_timeout = '10ms'; BEGIN");
  await a.query(update(1));
  await b.query(update(2));
  const ends = await Promise.allSettled([a.query(update(2)), b.query(update(1))]);
  expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  for (const client of [a, b]) await client.end(); // which makes the server count
  await until(async () => {
    const [row] = await db.sql<{ n: string }>(
      "SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()",
    );
    return Number(row?.n) === 1;
  });
  const previous = rememberedOf(before);
  const one = await look(db.url(), check, { store, previous });
  expect(saying(one)).toEqual([`notice deadlocks of ${db.name}`]);
  const many = await look(db.url(), check, { store, previous, options: { deadlocks: 1 } });
  expect(saying(many)).not.toEqual(saying(one));
});

test("a reset of the statistics is no recovery and no regression", async () => {
  await using db = await testDatabase();
  await end(db, 60, "COMMIT");
  const before = await look(db.url(), check, { store, options });
  await db.sql("SELECT pg_stat_reset()");
  await end(db, 60, "COMMIT");
  const after = await look(db.url(), check, { store, options, previous: rememberedOf(before) });
  expect(after).toMatchObject({ status: "passed", findings: [] });
});

test("any role sees the counters", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  const before = await look(db.url({ user: name }), check, { store });
  const after = await look(db.url({ user: name }), check, {
    store,
    previous: rememberedOf(before),
  });
  expect(after.status).toBe("passed");
});

/** Transactions that end so, and are counted. */
async function end(db: TestDatabase, times: number, how: "COMMIT" | "ROLLBACK"): Promise<void> {
  const client = await db.connect();
  const column = how === "COMMIT" ? "xact_commit" : "xact_rollback";
  const sql = `SELECT ${column}::int AS n FROM pg_stat_database WHERE datname = current_database()`;
  const [before] = await db.sql<{ n: number }>(sql);
  for (let i = 0; i < times; i += 1) await client.query(`BEGIN; SELECT 1; ${how}`);
  await client.end(); // which makes the server count
  await until(async () => {
    const [now] = await db.sql<{ n: number }>(sql);
    return (now?.n ?? 0) >= (before?.n ?? 0) + times;
  });
}

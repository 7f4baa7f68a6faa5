import { expect, test } from "vitest";
import { testDatabase } from "../../support/database.ts";
import { runAll } from "../../support/run-all.ts";
import { until } from "../../support/until.ts";

interface Counters {
  readonly commits: number;
  readonly rollbacks: number;
  readonly conflicts: number;
  readonly deadlocks: number;
  readonly temporary: number;
}

test("a healthy run rolls nothing back and writes no temporary file", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE customers (id int PRIMARY KEY);
          CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers);
          CREATE INDEX ON orders (customer_id);
          INSERT INTO customers SELECT generate_series(1, 1000);
          INSERT INTO orders SELECT n, n FROM generate_series(1, 1000) n;
          ANALYZE`,
  });
  const { name } = await db.role({ grants: ["pg_monitor", "SELECT ON customers, orders"] });
  const counters = async () => {
    const [row] = await db.sql<Counters & Record<string, number>>(
      `SELECT xact_commit::int AS commits, xact_rollback::int AS rollbacks, conflicts::int,
              deadlocks::int, temp_files::int AS temporary
         FROM pg_stat_database WHERE datname = current_database()`,
    );
    if (row === undefined) throw new Error("no row");
    return row;
  };
  // What was there before has arrived once two looks agree.
  const before = await counters();
  const report = await runAll(db.url({ user: name }));
  expect(report.outcomes.filter(({ status }) => status === "failed")).toEqual([]);
  const after = await until(async () => {
    const now = await counters();
    return now.commits >= before.commits + 5 ? now : undefined;
  });
  expect(after).toMatchObject({
    rollbacks: before.rollbacks,
    conflicts: 0,
    deadlocks: 0,
    temporary: before.temporary,
  });
});

test("our statements stand under our own role, and a second run makes no further entry", async () => {
  await using db = await testDatabase();
  const [there] = await db.sql<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_available_extensions WHERE name = 'pg_stat_statements'",
  );
  if (there?.n === 0) return;
  await db.sql("CREATE EXTENSION pg_stat_statements");
  const { name } = await db.role({ grants: ["pg_monitor"] });
  const entries = () =>
    db.sql<{ query: string; calls: number }>(
      `SELECT s.query, s.calls::int FROM pg_stat_statements s
         JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = '${name}'`,
    );
  await runAll(db.url({ user: name }));
  const first = await entries();
  await runAll(db.url({ user: name }));
  const second = await entries();
  expect(second.length).toBe(first.length);
  expect(first.length).toBeLessThanOrEqual(60);
  const settings = second.filter(({ query }) => query.startsWith("SET ")).map(({ query }) => query);
  expect(settings.length).toBeLessThanOrEqual(1);
});

import { expect, test } from "vitest";
import { pgvigil } from "../support/cli.ts";
import { testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

test("nobody waits: it says so and exits 0", async () => {
  await using db = await testDatabase();
  expect(await pgvigil(["locks", "--url", db.url()])).toEqual({
    code: 0,
    stdout: "Nobody waits for a lock.\n",
    stderr: "",
  });
});

test("the tree has its root first, each waiter below whom it waits for, and words that work as pasted", async () => {
  await using db = await testDatabase({ sql: 'CREATE TABLE "Inv""oices" (i int)' });
  const root = await db.connect({ application_name: "worker" });
  await root.query('BEGIN; LOCK TABLE "Inv""oices" IN SHARE MODE');
  const ddl = await db.connect({ application_name: "migrate" });
  const altered = ddl.query('ALTER TABLE "Inv""oices" ADD COLUMN x int');
  const waiting = (n: number) =>
    until(async () => {
      const [row] = await db.sql(`SELECT count(*)::int AS n FROM pg_stat_activity
                                   WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      return row?.n === n;
    });
  await waiting(1);
  const reader = await db.connect({ application_name: "web" });
  const read = reader.query('SELECT * FROM "Inv""oices"');
  await waiting(2);

  const { code, stdout } = await pgvigil(["locks", "--url", db.url()]);
  expect(code).toBe(1);
  const lines = stdout.split("\n");
  expect(lines[0]).toMatch(
    /\(worker\), pid \d+, idle in transaction .*holds SHARE on public\."Inv""oices".*2 sessions wait/,
  );
  expect(lines[1]).toMatch(/^└─ pid \d+, .*\(migrate\), waits .* for ACCESS EXCLUSIVE/);
  expect(lines[2]).toMatch(/^ {3}└─ pid \d+, .*\(web\), waits .*queued behind pid/);

  const [terminate = ""] = stdout.match(/SELECT pg_catalog\.pg_terminate_backend[^;]*;/) ?? [];
  expect(await db.sql(terminate)).toEqual([{ pg_terminate_backend: true }]);
  await Promise.all([altered, read]);
});

test("a role that sees no other role's sessions says so and never says that all is well", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  const { code, stderr } = await pgvigil(["locks", "--url", db.url({ user: name })]);
  expect(code).toBe(6);
  expect(stderr).toContain(`GRANT pg_monitor TO ${name};`);
});

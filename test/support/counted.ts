import type { TestDatabase } from "./database.ts";
import { until } from "./until.ts";

/**
 * Runs statements and returns when the statistics have counted them: a session tells what it did
 * when it ends at the latest, and up to 14 a collector writes it down in its own time.
 */
export async function counted(db: TestDatabase, ...statements: readonly string[]): Promise<void> {
  await db.sql("CREATE SCHEMA IF NOT EXISTS counted");
  await db.sql("CREATE TABLE IF NOT EXISTS counted.marker (id int)");
  const marks = async () => {
    const [row] = await db.sql<{ n: number }>(
      "SELECT pg_stat_get_tuples_inserted('counted.marker'::regclass)::int AS n",
    );
    return row?.n ?? 0;
  };
  const before = await marks();
  const client = await db.connect();
  for (const statement of statements) await client.query(statement);
  await client.query("INSERT INTO counted.marker VALUES (1)");
  await client.end();
  await until(async () => (await marks()) > before);
}

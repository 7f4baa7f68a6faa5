import type pg from "pg";
import { asAdmin, asSuperuser, type TestServer } from "./test-server.ts";

/** Drops a database and roles with all that a test may have left in them. */
export async function drop(
  server: TestServer,
  database: string,
  roles: readonly string[],
): Promise<void> {
  await asAdmin(server, async (admin) => {
    const obstacles = await obstaclesTo(admin, database);
    if (obstacles.length > 0) {
      await asSuperuser(server, (client) => removeObstacles(client, obstacles), database);
    }
    await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    if (roles.length === 0) return;
    await admin.query(`DROP OWNED BY ${roles.join(", ")}`);
    await admin.query(`DROP ROLE ${roles.join(", ")}`);
  });
}

/** What even WITH (FORCE) does not remove, as the statements that do; in this order. */
async function obstaclesTo(admin: pg.Client, database: string): Promise<readonly string[]> {
  const { rows } = await admin.query<{ remedy: string }>(
    `SELECT remedy
       FROM (SELECT 1 AS turn, pg_catalog.format('ROLLBACK PREPARED %L', gid) AS remedy
               FROM pg_catalog.pg_prepared_xacts
              WHERE database = $1
              UNION ALL
             SELECT 2, pg_catalog.format(s.words, subname)
               FROM pg_catalog.pg_subscription
               JOIN pg_catalog.pg_database d ON d.oid = subdbid AND d.datname = $1
              CROSS JOIN (VALUES ('ALTER SUBSCRIPTION %I DISABLE'),
                                 ('ALTER SUBSCRIPTION %I SET (slot_name = NONE)'),
                                 ('DROP SUBSCRIPTION %I')) s (words)
              UNION ALL
             SELECT 3, pg_catalog.format('SELECT pg_catalog.pg_terminate_backend(%s)', active_pid)
               FROM pg_catalog.pg_replication_slots
              WHERE database = $1 AND active_pid IS NOT NULL
              UNION ALL
             SELECT 4, pg_catalog.format('SELECT pg_catalog.pg_drop_replication_slot(%L)', slot_name)
               FROM pg_catalog.pg_replication_slots
              WHERE database = $1) o
      ORDER BY turn`,
    [database],
  );
  return rows.map(({ remedy }) => remedy);
}

async function removeObstacles(client: pg.Client, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await client.query(statement);
}

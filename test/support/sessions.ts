import type pg from "pg";
import type { TestDatabase } from "./database.ts";
import { until } from "./until.ts";

/** A session that calls itself so; its promises of statements that wait are nobody's business. */
export async function session(
  db: TestDatabase,
  application: string,
  user?: string,
): Promise<pg.Client> {
  return db.connect({ application_name: application, ...(user === undefined ? {} : { user }) });
}

/** Sends a statement that will wait; what becomes of it is looked at elsewhere, or not at all. */
export const sendAway = (client: pg.Client, sql: string): void => {
  client.query(sql).catch(() => {});
};

/** Until so many sessions of this database wait for a lock. */
export const untilWaiting = (db: TestDatabase, sessions: number): Promise<unknown> =>
  until(async () => {
    const [row] = await db.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return row?.n === sessions;
  });

export const pidOf = async (client: pg.Client): Promise<number> => {
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
  return rows[0].pid;
};

/** Options under which any age is late. */
export const atOnce = { warning: "1ms", critical: "1d" } as const;

/** Every text in it, for a search after what must not be there. */
export const allText = (value: unknown): string => JSON.stringify(value);

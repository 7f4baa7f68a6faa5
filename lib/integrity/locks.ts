import * as z from "zod";
import { sqlRead } from "../core/read.ts";

/**
 * Tables that a reader would have to queue for: ACCESS EXCLUSIVE on them or on an index of theirs,
 * held or only waited for, as whoever reads behind a waiting ALTER makes it wait longer.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
export const lockedTables = sqlRead({
  id: "locked-tables",
  sql: `
    SELECT DISTINCT COALESCE(i.indrelid, l.relation) AS "oid"
      FROM pg_catalog.pg_locks l
      JOIN pg_catalog.pg_database d   ON d.oid = l.database
      LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = l.relation
     WHERE d.datname = pg_catalog.current_database()
       AND l.locktype = 'relation'
       AND l.mode = 'AccessExclusiveLock'
     ORDER BY 1`,
  row: z.object({ oid: z.int() }),
});

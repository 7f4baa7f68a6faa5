import { fromOf, type Tracker, type TrackerTable } from "./tracker.ts";

/** How many of the migrations applied last are named. */
const newestKept = 20;

interface Known {
  readonly tracker: Tracker;
  readonly table: TrackerTable;
}

/** One statement that reads every tracker, and who holds its lock. */
export const stateOf = (known: readonly Known[], database: string): string =>
  `${known.map((each, index) => one(each, index, database)).join("\n UNION ALL\n")}\n ORDER BY 1`;

const one = ({ tracker, table }: Known, index: number, database: string): string => `
  SELECT ${index} AS "tracker",
         pg_catalog.count(*)::pg_catalog.int4 AS "rows",
         pg_catalog.count(*) FILTER (WHERE m.state = 'applied')::pg_catalog.int4 AS "applied",
         ${tracker.keepsHistory ? "NULL::pg_catalog.text" : "pg_catalog.max(m.version)"} AS "version",
         COALESCE(pg_catalog.json_agg(pg_catalog.json_build_object(
           'version', m.version, 'state', m.state, 'since', m.since) ORDER BY m.since, m.version)
           FILTER (WHERE m.state IN ('unfinished', 'failed', 'superseded')),
           '[]'::pg_catalog.json) AS "unresolved",
         pg_catalog.sum(pg_catalog.hashtextextended(m.version || ' ' || COALESCE(m.since, ''), 0))
           FILTER (WHERE m.state = 'applied')::pg_catalog.text AS "digest",
         pg_catalog.to_json((pg_catalog.array_agg(pg_catalog.json_build_object(
           'version', m.version, 'since', m.since) ORDER BY m.since DESC, m.version DESC)
           FILTER (WHERE m.state = 'applied'))[1:${newestKept}]) AS "newest",
         ${holders(tracker.lockKeys(table, database))} AS "holders"
    FROM (${tracker.rows(fromOf(table))}) m`;

/**
 * pg_locks shows a bigint key as two halves, objsubid 1
 * (https://www.postgresql.org/docs/current/view-pg-locks.html). A prepared transaction has no pid.
 */
function holders(keys: readonly bigint[]): string {
  if (keys.length === 0) return "'[]'::pg_catalog.json";
  const halves = keys
    .map((key) => BigInt.asUintN(64, key))
    .map((key) => `(${key >> 32n}::pg_catalog.oid, ${key & 0xffff_ffffn}::pg_catalog.oid)`);
  return `(
           SELECT COALESCE(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'pid', l.pid, 'role', a.usename, 'application', a.application_name)
                    ORDER BY l.pid), '[]'::pg_catalog.json)
             FROM pg_catalog.pg_locks l
             JOIN pg_catalog.pg_database d      ON d.oid = l.database
             LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.pid IS NOT NULL
              AND d.datname = pg_catalog.current_database()
              AND (l.classid, l.objid) IN (${halves.join(", ")}))`;
}

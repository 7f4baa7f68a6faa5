import * as z from "zod";
import { DatabaseError } from "../../core/errors.ts";
import { procedure, sqlRead } from "../../core/read.ts";
import { vitalsSchema } from "../../core/vitals.ts";

/**
 * One row of numbers. Statistics functions and catalogs alone, so that nothing is locked: the size
 * is what relpages say, and not pg_database_size(), which looks at every file.
 *
 * A role without pg_read_all_stats sees NULL for the sessions of others: what it cannot count is
 * NULL here as well, and not 0.
 */
const numbers = sqlRead({
  id: "vitals",
  sql: `
    SELECT pg_catalog.to_char(pg_catalog.clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                                                              AS "at",
           s.sessions                                         AS "sessions",
           CASE WHEN s.hidden = 0 THEN s.waiting END          AS "waiting",
           CASE WHEN s.hidden = 0 THEN COALESCE(s.longest, 0) END
                                                              AS "longestTransactionSeconds",
           r.dead                                             AS "deadRows",
           r.live                                             AS "liveRows",
           r.bytes                                            AS "sizeBytes",
           pg_catalog.json_build_object(
             'commits',    d.xact_commit,
             'rollbacks',  d.xact_rollback,
             'deadlocks',  d.deadlocks,
             'tempBytes',  d.temp_bytes,
             'blocksHit',  d.blks_hit,
             'blocksRead', d.blks_read)                       AS "counters",
           pg_catalog.to_char(d.stats_reset, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                                                              AS "countedSince"
      FROM pg_catalog.pg_stat_database d
     CROSS JOIN (
       SELECT pg_catalog.count(*)                                              AS sessions,
              pg_catalog.count(*) FILTER (WHERE a.backend_type IS NULL)        AS hidden,
              pg_catalog.count(*) FILTER (WHERE a.wait_event_type = 'Lock')    AS waiting,
              EXTRACT(EPOCH FROM pg_catalog.max(pg_catalog.clock_timestamp() - a.xact_start))
                ::pg_catalog.float8                                            AS longest
         FROM pg_catalog.pg_stat_activity a
        WHERE a.datname = pg_catalog.current_database()
          AND COALESCE(a.backend_type, 'client backend') = 'client backend'
          AND a.pid <> pg_catalog.pg_backend_pid()) s
     CROSS JOIN (
       SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_stat_get_dead_tuples(c.oid))
                FILTER (WHERE c.relkind IN ('r', 'm')), 0)::pg_catalog.int8    AS dead,
              COALESCE(pg_catalog.sum(pg_catalog.pg_stat_get_live_tuples(c.oid))
                FILTER (WHERE c.relkind IN ('r', 'm')), 0)::pg_catalog.int8    AS live,
              (pg_catalog.sum(c.relpages::pg_catalog.int8)
                * pg_catalog.current_setting('block_size')::pg_catalog.int8)::pg_catalog.int8
                                                                               AS bytes
         FROM pg_catalog.pg_class c) r
     WHERE d.datname = pg_catalog.current_database()
     ORDER BY 1`,
  row: vitalsSchema.omit({ wal: true }),
});

/**
 * Where a restore to a point in time would stop, and how far standbys are behind. Apart from the
 * rest, since Aurora refuses pg_current_wal_lsn() where logical replication is off.
 */
const position = sqlRead({
  id: "wal-position",
  sql: `
    SELECT w.lsn::pg_catalog.text                                   AS "lsn",
           CASE WHEN pg_catalog.pg_is_in_recovery()
                THEN pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_receive_lsn(), w.lsn)
                ELSE (SELECT pg_catalog.max(pg_catalog.pg_wal_lsn_diff(w.lsn, r.replay_lsn))
                        FROM pg_catalog.pg_stat_replication r) END
             ::pg_catalog.float8                                    AS "lagBytes"
      FROM (SELECT CASE WHEN pg_catalog.pg_is_in_recovery()
                        THEN pg_catalog.pg_last_wal_replay_lsn()
                        ELSE pg_catalog.pg_current_wal_lsn() END) w (lsn)
     WHERE w.lsn IS NOT NULL
     ORDER BY 1`,
  row: z.object({ lsn: z.string(), lagBytes: z.number().nullable() }),
});

/** What a watch draws beside the series of checks. */
export const vitals = procedure({
  id: "vitals",
  result: vitalsSchema.optional(),
  async run({ read }) {
    const [row] = await read(numbers);
    if (row === undefined) return undefined;
    const [wal] = await read(position).catch((error: unknown) => {
      if (error instanceof DatabaseError) return [];
      throw error;
    });
    return { ...row, ...(wal === undefined ? {} : { wal }) };
  },
});

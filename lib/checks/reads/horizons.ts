import * as z from "zod";
import { sqlRead } from "../../core/read.ts";

/**
 * Who holds back VACUUM from outside of any session of this database: replication slots, and
 * standbys that report what they still need (hot_standby_feedback) without a slot to keep it.
 *
 * A slot of another database is told of there; one of none (physical) holds back all of them. A
 * slot that was invalidated holds nothing any more (src/backend/replication/slot.c).
 */
export const horizons = sqlRead({
  id: "horizons",
  sql: ({ versionNum }) => `
    SELECT 'slot'                                        AS "kind",
           s.slot_name::text                             AS "name",
           s.slot_type = 'logical'                       AS "isLogical",
           s.active                                      AS "isActive",
           a.application_name                            AS "consumer",
           true                                          AS "isVisible",
           s.xmin::text                                  AS "xmin",
           pg_catalog.age(s.xmin)                        AS "xminAge",
           s.catalog_xmin::text                          AS "catalogXmin",
           pg_catalog.age(s.catalog_xmin)                AS "catalogXminAge",
           ${inactiveSeconds(versionNum)}                AS "inactive"
      FROM pg_catalog.pg_replication_slots s
      LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid
     WHERE COALESCE(s.database, pg_catalog.current_database()) = pg_catalog.current_database()
       AND COALESCE(s.wal_status, '') <> 'lost'
       AND (s.xmin IS NOT NULL OR s.catalog_xmin IS NOT NULL)
     UNION ALL
    SELECT 'standby', r.application_name, false, true, r.application_name,
           r.backend_start IS NOT NULL,
           r.backend_xmin::text, pg_catalog.age(r.backend_xmin), NULL, NULL, NULL
      FROM pg_catalog.pg_stat_replication r
     WHERE (r.backend_xmin IS NOT NULL OR r.backend_start IS NULL)
       AND NOT EXISTS (SELECT
                         FROM pg_catalog.pg_replication_slots s
                        WHERE s.active_pid = r.pid)
     ORDER BY 1, 2`,
  row: z.object({
    kind: z.enum(["slot", "standby"]),
    name: z.string(),
    isLogical: z.boolean(),
    isActive: z.boolean(),
    /** The application_name of the walsender that serves it. */
    consumer: z.string().nullable(),
    /** False: a walsender that this role may not look into. */
    isVisible: z.boolean(),
    xmin: z.string().nullable(),
    xminAge: z.int().nullable(),
    catalogXmin: z.string().nullable(),
    catalogXminAge: z.int().nullable(),
    /** Seconds since its consumer left, where the server tells (17+). */
    inactive: z.number().nullable(),
  }),
});

const inactiveSeconds = (versionNum: number): string =>
  versionNum >= 170_000
    ? "EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - s.inactive_since)::float8"
    : "NULL::float8";

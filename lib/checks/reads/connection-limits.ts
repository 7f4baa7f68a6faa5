import * as z from "zod";
import { sqlRead } from "../../core/read.ts";

/**
 * Every limit that a plain role can run into, and how many client backends count against it.
 *
 * Only client backends do: walsenders have slots of their own since 12, and neither they nor
 * background workers count for a role or a database (src/backend/storage/lmgr/proc.c InitProcess,
 * src/backend/storage/ipc/procarray.c CountUserBackends; tried on 13 and 18). Our own session is
 * left out: it ends with this run.
 *
 * Without pg_read_all_stats the kind of a foreign backend is hidden, yet its pid, role and database
 * are not. A walsender is known by pg_stat_replication; what remains may be a client or a
 * background worker, and of those there are at most `workers`.
 *
 * A limit of 0 closes a door and a limit of 1 is a mutex: neither is a capacity. Superusers are not
 * held to the limits of roles and databases, but count against the database's.
 */
export const connectionLimits = sqlRead({
  id: "connection-limits",
  sql: `
    WITH setting AS MATERIALIZED (
      SELECT g.most::pg_catalog.int4                                  AS most,
             g.superuser::pg_catalog.int4                             AS superuser,
             COALESCE(g.reserved, '0')::pg_catalog.int4               AS reserved,
             COALESCE(pg_catalog.substring(g.rds, '^[0-9]{1,6}$'), '0')::pg_catalog.int4
                                                                      AS rds,
             g.workers::pg_catalog.int4                               AS workers
        FROM (SELECT pg_catalog.current_setting('max_connections'),
                     pg_catalog.current_setting('superuser_reserved_connections'),
                     pg_catalog.current_setting('reserved_connections', true),  -- from 16 on
                     pg_catalog.current_setting('rds.rds_superuser_reserved_connections', true),
                     pg_catalog.current_setting('max_worker_processes'))
               g (most, superuser, reserved, rds, workers)
    ), client AS MATERIALIZED (
      SELECT a.usesysid, a.usename, a.datid, a.application_name, a.state,
             a.backend_type IS NULL                                             AS is_hidden
        FROM pg_catalog.pg_stat_activity a
       WHERE a.pid <> pg_catalog.pg_backend_pid()
         AND CASE WHEN a.backend_type IS NOT NULL THEN a.backend_type = 'client backend'
                  ELSE a.datid IS NOT NULL AND a.usesysid IS NOT NULL
                   AND a.pid NOT IN (SELECT r.pid FROM pg_catalog.pg_stat_replication r) END
    ), bound AS (
      SELECT 1 AS turn, 'server' AS kind, 'server' AS identity, NULL::text AS name,
             NULL::pg_catalog.oid AS database, NULL::pg_catalog.oid AS role,
             s.most - s.superuser - s.reserved - s.rds AS "limit"
        FROM setting s
       UNION ALL
      SELECT 2, 'database', pg_catalog.quote_ident(d.datname), d.datname::text, d.oid, NULL,
             d.datconnlimit
        FROM pg_catalog.pg_database d
       WHERE d.datname = pg_catalog.current_database()
         AND d.datconnlimit > 1
       UNION ALL
      SELECT 3, 'role', pg_catalog.quote_ident(r.rolname), r.rolname::text, NULL, r.oid,
             r.rolconnlimit
        FROM pg_catalog.pg_roles r
       WHERE r.rolconnlimit > 1
         AND NOT r.rolsuper
    )
    SELECT b.kind          AS "kind",
           b.identity      AS "identity",
           b.name          AS "name",
           b."limit"       AS "limit",
           s.most          AS "maxConnections",
           s.superuser     AS "superuserReserved",
           s.reserved      AS "reserved",
           s.rds           AS "rdsReserved",
           s.workers       AS "workers",
           n.used          AS "used",
           n.hidden        AS "hidden",
           n.active        AS "active",
           n.idle          AS "idle",
           n.in_transaction AS "idleInTransaction",
           COALESCE(t.top, '[]'::pg_catalog.json) AS "top"
      FROM bound b
     CROSS JOIN setting s
     CROSS JOIN LATERAL (
       SELECT pg_catalog.count(*)                                       AS used,
              pg_catalog.count(*) FILTER (WHERE c.is_hidden)            AS hidden,
              pg_catalog.count(*) FILTER (WHERE c.state = 'active')     AS active,
              pg_catalog.count(*) FILTER (WHERE c.state = 'idle')       AS idle,
              pg_catalog.count(*) FILTER (WHERE c.state LIKE 'idle in transaction%')
                                                                        AS in_transaction
         FROM client c
        WHERE (b.database IS NULL OR c.datid = b.database)
          AND (b.role IS NULL OR c.usesysid = b.role)
     ) n
      LEFT JOIN LATERAL (
       SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                'role', g.usename, 'application', g.application_name, 'sessions', g.sessions)
                ORDER BY g.sessions DESC, g.usename, g.application_name) AS top
         FROM (SELECT c.usename, c.application_name, pg_catalog.count(*) AS sessions
                 FROM client c
                WHERE (b.database IS NULL OR c.datid = b.database)
                  AND (b.role IS NULL OR c.usesysid = b.role)
                GROUP BY c.usename, c.application_name
                ORDER BY 3 DESC, 1, 2
                LIMIT 5) g
     ) t ON true
     ORDER BY b.turn, b.identity`,
  row: z.object({
    kind: z.enum(["server", "database", "role"]),
    /** Quoted as SQL wants it. */
    identity: z.string(),
    name: z.string().nullable(),
    limit: z.int(),
    maxConnections: z.int(),
    superuserReserved: z.int(),
    reserved: z.int(),
    rdsReserved: z.int(),
    /** max_worker_processes: as many of the hidden ones may be no clients. */
    workers: z.int(),
    used: z.int(),
    hidden: z.int(),
    active: z.int(),
    idle: z.int(),
    idleInTransaction: z.int(),
    top: z.array(
      z.object({
        role: z.string().nullable(),
        application: z.string().nullable(),
        sessions: z.int(),
      }),
    ),
  }),
});

export type ConnectionLimit = z.infer<typeof connectionLimits.row>;

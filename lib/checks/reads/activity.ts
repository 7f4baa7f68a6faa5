import { pictureSchema } from "../../core/activity/picture.ts";
import { sqlRead } from "../../core/read.ts";
import type { Server } from "../../core/server.ts";

/** From weakest to strongest: https://www.postgresql.org/docs/current/explicit-locking.html */
const modes = `ARRAY['AccessShareLock', 'RowShareLock', 'RowExclusiveLock',
                             'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',
                             'ExclusiveLock', 'AccessExclusiveLock']`;

/** Null for a moment after the wait has begun: https://www.postgresql.org/docs/14/view-pg-locks.html */
const waited = (versionNum: number): string =>
  versionNum >= 140_000
    ? `CASE WHEN NOT l.granted
                     THEN COALESCE(EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - l.waitstart), 0)
                     END::float8`
    : "NULL::float8";

/**
 * Sessions, prepared transactions, locks and who waits for whom, in one statement, so that they
 * fit each other as well as they can: each view is filled from shared memory once.
 *
 * A target tells of its own database: horizon and table locks are a database's own, and ten targets
 * on one server shall not tell of one session ten times. Sessions elsewhere are here only where
 * they block one of ours (on a role, on a database, as a standby's replay).
 *
 * pg_blocking_pids() takes the lock manager's locks, so that it is asked of waiting sessions alone,
 * and only if one of this database waits at all.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SESSION
 */
const sql = ({ versionNum }: Pick<Server, "versionNum">) => `
  WITH here AS (
         SELECT d.oid
           FROM pg_catalog.pg_database d
          WHERE d.datname = pg_catalog.current_database()
       ),
       activity AS MATERIALIZED (
         SELECT a.*,
                a.datid = here.oid                         AS is_here,
                a.backend_type IS NOT NULL                 AS is_visible,
                -- A worker of the server itself has no role; a client always has.
                a.datid = here.oid AND a.usesysid IS NOT NULL
                  AND COALESCE(a.backend_type, 'client backend') = 'client backend'
                                                           AS is_client
           FROM pg_catalog.pg_stat_activity a
          CROSS JOIN here
          WHERE a.pid <> pg_catalog.pg_backend_pid()
       ),
       locks AS MATERIALIZED (
         SELECT l.*
           FROM pg_catalog.pg_locks l
          WHERE l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
       ),
       -- Its locks have no pid; the lock on its own xid tells which of them belong together.
       prepared AS MATERIALIZED (
         SELECT p.*, l.virtualtransaction                  AS holder
           FROM pg_catalog.pg_prepared_xacts p
           LEFT JOIN locks l ON l.pid IS NULL
                            AND l.locktype = 'transactionid'
                            AND l.mode = 'ExclusiveLock'
                            AND l.transactionid = p.transaction
       ),
       waiting AS MATERIALIZED (
         SELECT DISTINCT l.pid
           FROM locks l
          WHERE NOT l.granted
       ),
       blocked AS MATERIALIZED (
         SELECT w.pid, pg_catalog.pg_blocking_pids(w.pid)  AS blockers
           FROM waiting w
          WHERE EXISTS (SELECT
                          FROM locks l
                          LEFT JOIN activity a ON a.pid = l.pid
                         CROSS JOIN here
                         WHERE NOT l.granted
                           AND (a.is_here OR l.database = here.oid))
       ),
       wanted AS MATERIALIZED (
         SELECT a.pid
           FROM activity a
          WHERE a.is_here
            -- A failed transaction has no start any more: AbortTransaction() of xact.c takes it back.
            AND (a.xact_start IS NOT NULL OR a.state = 'idle in transaction (aborted)')
          UNION
         SELECT b.pid
           FROM blocked b
          UNION
         SELECT pg_catalog.unnest(b.blockers)
           FROM blocked b
       ),
       -- Tables that others can see and want: no temporary ones, no catalogs but under strong locks.
       tables AS MATERIALIZED (
         SELECT DISTINCT ON (l.pid, l.virtualtransaction, c.oid)
                l.pid, l.virtualtransaction, l.mode,
                pg_catalog.array_position(${modes}, l.mode) AS rank,
                pg_catalog.quote_ident(n.nspname) || '.'
                  || pg_catalog.quote_ident(c.relname)     AS name
           FROM locks l
           JOIN here                      ON here.oid = l.database
           JOIN pg_catalog.pg_class c     ON c.oid = l.relation
           JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE l.granted
            AND l.locktype = 'relation'
            AND c.relkind IN ('r', 'p', 'm')
            AND c.relpersistence <> 't'
            AND (n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
                 OR pg_catalog.array_position(${modes}, l.mode) > 3)
          ORDER BY l.pid, l.virtualtransaction, c.oid, 4 DESC
       ),
       held AS MATERIALIZED (
         SELECT t.pid, t.virtualtransaction,
                pg_catalog.json_agg(pg_catalog.json_build_object('table', t.name, 'mode', t.mode)
                                    ORDER BY t.rank DESC, t.name) AS tables
           FROM (SELECT t.*,
                        pg_catalog.row_number() OVER (PARTITION BY t.pid, t.virtualtransaction
                                                          ORDER BY t.rank DESC, t.name) AS place
                   FROM tables t) t
          WHERE t.place <= 10
          GROUP BY 1, 2
       ),
       backends AS (
         SELECT a.pid                                      AS "pid",
                a.is_visible                               AS "isVisible",
                COALESCE(a.is_here, false)                 AS "isHere",
                a.application_name = 'pgvigil' AND a.usename = CURRENT_USER
                                                           AS "isOurs",
                a.datname::text                            AS "database",
                a.usename::text                            AS "role",
                COALESCE(a.application_name, '')           AS "application",
                pg_catalog.host(a.client_addr)             AS "client",
                a.backend_type                             AS "backendType",
                a.leader_pid                               AS "leader",
                a.state                                    AS "state",
                a.wait_event_type || '/' || a.wait_event   AS "waitEvent",
                -- Bytes of another database may be no text in ours. What failed may be no SQL.
                CASE WHEN NOT a.is_here OR NOT a.is_visible THEN NULL
                     WHEN a.state = 'idle in transaction (aborted)'
                     THEN pg_catalog.substring(a.query, '^[[:space:]]*([A-Za-z]+)')
                     ELSE pg_catalog.left(a.query, 4000) END
                                                           AS "statement",
                a.backend_start::text                      AS "backendStart",
                a.xact_start::text                         AS "xactStart",
                a.state_change::text                       AS "stateChange",
                EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - a.xact_start)::float8
                                                           AS "xactAge",
                EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - a.query_start)::float8
                                                           AS "queryAge",
                EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - a.state_change)::float8
                                                           AS "stateAge",
                a.backend_xmin::text                       AS "xmin",
                pg_catalog.age(a.backend_xmin)             AS "xminAge",
                a.backend_xid::text                        AS "xid",
                pg_catalog.age(a.backend_xid)              AS "xidAge",
                COALESCE(b.blockers, '{}')                 AS "blockedBy",
                COALESCE(h.tables, '[]')                   AS "held"
           FROM activity a
           JOIN wanted w       ON w.pid = a.pid
           LEFT JOIN blocked b ON b.pid = a.pid
           LEFT JOIN held h    ON h.pid = a.pid
       ),
       transactions AS (
         SELECT p.gid                                      AS "gid",
                p.owner::text                              AS "owner",
                p.prepared::text                           AS "preparedAt",
                EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - p.prepared)::float8
                                                           AS "age",
                p.transaction::text                        AS "xid",
                pg_catalog.age(p.transaction)              AS "xidAge",
                COALESCE(h.tables, '[]')                   AS "held"
           FROM prepared p
           LEFT JOIN held h ON h.pid IS NULL AND h.virtualtransaction = p.holder
          WHERE p.database = pg_catalog.current_database()
       ),
       tagged AS MATERIALIZED (
         SELECT l.*,
                (l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid,
                 l.transactionid, l.classid, l.objid, l.objsubid)::text AS tag
           FROM locks l
          WHERE EXISTS (SELECT FROM blocked)
       ),
       contended AS (
         SELECT l.tag                                      AS "tag",
                l.locktype                                 AS "type",
                pg_catalog.quote_ident(n.nspname) || '.'
                  || pg_catalog.quote_ident(c.relname)      AS "table",
                COALESCE(l.pid, 0)                         AS "pid",
                p.gid                                      AS "gid",
                l.mode                                     AS "mode",
                l.granted                                  AS "isGranted",
                ${waited(versionNum)}
                                                           AS "waited"
           FROM tagged l
          CROSS JOIN here
           LEFT JOIN prepared p ON l.pid IS NULL AND p.holder = l.virtualtransaction
           LEFT JOIN pg_catalog.pg_index i     ON l.database = here.oid
                                              AND i.indexrelid = l.relation
           LEFT JOIN pg_catalog.pg_class c     ON l.database IN (here.oid, 0)
                                              AND c.oid = COALESCE(i.indrelid, l.relation)
           LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE l.tag IN (SELECT t.tag FROM tagged t WHERE NOT t.granted)
             -- Who waits for a row's owner holds the row's own lock meanwhile.
             OR l.locktype = 'tuple'
       )
  SELECT (SELECT pg_catalog.count(*) FROM activity a WHERE a.is_client) AS "sessions",
         (SELECT pg_catalog.count(*)
            FROM activity a
           WHERE a.is_client AND NOT a.is_visible)                      AS "hidden",
         COALESCE((SELECT pg_catalog.json_agg(b ORDER BY b."xactStart", b."pid")
                     FROM backends b), '[]')                            AS "backends",
         COALESCE((SELECT pg_catalog.json_agg(t ORDER BY t."preparedAt", t."gid")
                     FROM transactions t), '[]')                        AS "prepared",
         COALESCE((SELECT pg_catalog.json_agg(c ORDER BY c."tag", c."pid", c."mode")
                     FROM contended c), '[]')                           AS "contended"`;

export const activity = sqlRead({ id: "activity", sql, row: pictureSchema });

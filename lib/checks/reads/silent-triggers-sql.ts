const qualified = (schema: string, relation: string): string =>
  `pg_catalog.quote_ident(${schema}) || '.' || pg_catalog.quote_ident(${relation})`;

const ofExtension = (catalog: string, oid: string): string => `
                    EXISTS (SELECT FROM pg_catalog.pg_depend e
                             WHERE e.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
                               AND e.objid = ${oid}
                               AND e.deptype = 'e')               AS "isOfExtension"`;

/** What every object of a table is told with: `name` belongs to class `c` in namespace `n`. */
const object = (name: string): string => `
                    n.nspname                                     AS "schema",
                    c.relname                                     AS "table",
                    ${name}                                       AS "name",
                    pg_catalog.quote_ident(${name}) || ' on '
                      || ${qualified("n.nspname", "c.relname")}   AS "identity",
                    ${qualified("n.nspname", "c.relname")}        AS "sqlTable",
                    pg_catalog.quote_ident(${name})               AS "sqlName",`;

const mode = (anyDisabled: string): string =>
  `CASE WHEN ${anyDisabled} THEN 'disabled' ELSE 'replica' END`;

/**
 * - The triggers of foreign keys and deferrable unique constraints are told by pg_constraint, not
 *   by tgisinternal: up to PostgreSQL 14 the partitions' copies of a user's trigger are internal too.
 * - Rows are written to partitions, so that the referencing triggers of a partitioned table, which
 *   exist from 15 on, never fire (src/backend/utils/adt/ri_triggers.c has the functions).
 * - pg_get_constraintdef() takes no lock for a foreign key.
 */
export const silentTriggersSql = `
  WITH RECURSIVE silent AS MATERIALIZED (
    SELECT t.oid, t.tgparentid, t.tgconstraint,
           EXISTS (SELECT FROM pg_catalog.pg_constraint k
                    WHERE k.oid = t.tgconstraint
                      AND k.contype IN ('f', 'p', 'u', 'x'))      AS constrains
      FROM pg_catalog.pg_trigger t
     WHERE t.tgenabled IN ('D', 'R')
  ), constraint_above AS (                   -- from a partition's constraint to the root's
    SELECT k.oid, k.conparentid
      FROM silent s
      JOIN pg_catalog.pg_constraint k ON k.oid = s.tgconstraint
     WHERE s.constrains
     UNION
    SELECT k.oid, k.conparentid
      FROM constraint_above a
      JOIN pg_catalog.pg_constraint k ON k.oid = a.conparentid
  ), constraint_below AS (                   -- and down to those of all partitions
    SELECT a.oid AS root, a.oid
      FROM constraint_above a
     WHERE a.conparentid = 0
     UNION ALL
    SELECT b.root, k.oid
      FROM constraint_below b
      JOIN pg_catalog.pg_constraint k ON k.conparentid = b.oid
  ), fires AS (
    SELECT b.root, t.*
      FROM constraint_below b
     CROSS JOIN LATERAL (
           SELECT t.tgname, t.tgenabled, c.relname, c.relkind, n.nspname,
                  CASE WHEN p.proname LIKE 'RI#_FKey#_check#_%' ESCAPE '#' THEN 'referencing'
                       WHEN p.proname LIKE 'RI#_FKey#_%' ESCAPE '#'        THEN 'referenced'
                       ELSE 'recheck' END                         AS side
             FROM pg_catalog.pg_trigger t
             JOIN pg_catalog.pg_proc p      ON p.oid = t.tgfoid
             JOIN pg_catalog.pg_class c     ON c.oid = t.tgrelid
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE t.tgconstraint = b.oid
           OFFSET 0) t                       -- a fence: by index for the few, no join of all
  ), per_table AS (
    SELECT f.root, f.side,
           ${qualified("f.nspname", "f.relname")}                 AS "table",
           pg_catalog.bool_or(f.tgenabled = 'D')                  AS disabled,
           pg_catalog.json_agg(pg_catalog.quote_ident(f.tgname) ORDER BY f.tgname)
             FILTER (WHERE f.tgenabled IN ('D', 'R'))             AS triggers
      FROM fires f
     WHERE NOT (f.side = 'referencing' AND f.relkind = 'p')
     GROUP BY 1, 2, 3
  ), sides AS (
    SELECT p.root, p.side,
           ${mode("pg_catalog.bool_or(p.disabled)")}              AS mode,
           pg_catalog.count(*)                                    AS "tableCount",
           pg_catalog.json_agg(pg_catalog.json_build_object(
             'table', p."table", 'triggers', p.triggers) ORDER BY p."table")
             FILTER (WHERE p.triggers IS NOT NULL)                AS silent
      FROM per_table p
     GROUP BY 1, 2
    HAVING pg_catalog.count(p.triggers) > 0
  ), both_sides AS (
    SELECT s.root,
           pg_catalog.json_agg(pg_catalog.json_build_object(
             'side', s.side, 'mode', s.mode, 'tableCount', s."tableCount",
             'silent', s.silent) ORDER BY s.side DESC)            AS sides
      FROM sides s
     GROUP BY 1
  ), trigger_above AS (                      -- the same for the partitions' copies of a trigger
    SELECT s.oid, s.tgparentid
      FROM silent s
     WHERE NOT s.constrains
     UNION
    SELECT t.oid, t.tgparentid
      FROM trigger_above a
      JOIN pg_catalog.pg_trigger t ON t.oid = a.tgparentid
  ), trigger_below AS (
    SELECT a.oid AS root, a.oid
      FROM trigger_above a
     WHERE a.tgparentid = 0
     UNION ALL
    SELECT b.root, t.oid
      FROM trigger_below b
      JOIN pg_catalog.pg_trigger t ON t.tgparentid = b.oid
  ), copies AS (
    SELECT b.root,
           ${mode("pg_catalog.bool_or(t.tgenabled = 'D')")}       AS mode,
           pg_catalog.count(*)                                    AS "tableCount",
           pg_catalog.json_agg(${qualified("n.nspname", "c.relname")}
                               ORDER BY n.nspname, c.relname)
             FILTER (WHERE t.tgenabled IN ('D', 'R'))             AS silent
      FROM trigger_below b
      JOIN pg_catalog.pg_trigger t   ON t.oid = b.oid
      JOIN pg_catalog.pg_class c     ON c.oid = t.tgrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     GROUP BY 1
  )
  SELECT (SELECT pg_catalog.count(*) FROM pg_catalog.pg_trigger t
           WHERE NOT t.tgisinternal AND t.tgparentid = 0)         AS "triggers",
         (SELECT pg_catalog.count(*) FROM pg_catalog.pg_constraint k
           WHERE k.contype = 'f' AND k.conparentid = 0)           AS "foreignKeys",
         (SELECT pg_catalog.count(*) FROM pg_catalog.pg_rewrite r
           WHERE r.rulename <> '_RETURN' AND r.oid >= 16384)      AS "rules", -- below: initdb's
         (SELECT pg_catalog.count(*) FROM pg_catalog.pg_event_trigger)
                                                                  AS "eventTriggers",
         (SELECT COALESCE(pg_catalog.json_agg(x ORDER BY x.identity), '[]')
            FROM (SELECT ${object("t.tgname")}
                    o.mode, o."tableCount", o.silent, ${ofExtension("pg_class", "c.oid")}
                    FROM copies o
                    JOIN pg_catalog.pg_trigger t   ON t.oid = o.root
                    JOIN pg_catalog.pg_class c     ON c.oid = t.tgrelid
                    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.relpersistence <> 't') x)              AS "userTriggers",
         (SELECT COALESCE(pg_catalog.json_agg(x ORDER BY x.identity), '[]')
            FROM (SELECT ${object("k.conname")}
                    CASE k.contype WHEN 'f' THEN 'foreign key'
                                   WHEN 'x' THEN 'exclusion'
                                   ELSE 'unique' END              AS "type",
                    c.relkind = 'p'                               AS "isPartitioned",
                    CASE WHEN k.contype = 'f'
                         THEN pg_catalog.regexp_replace(
                                pg_catalog.pg_get_constraintdef(k.oid),
                                ' NOT VALID$', '') END            AS "definition",
                    b.sides                                       AS "sides"
                    FROM both_sides b
                    JOIN pg_catalog.pg_constraint k ON k.oid = b.root
                    JOIN pg_catalog.pg_class c      ON c.oid = k.conrelid
                    JOIN pg_catalog.pg_namespace n  ON n.oid = c.relnamespace
                   WHERE c.relpersistence <> 't') x)              AS "constraints",
         (SELECT COALESCE(pg_catalog.json_agg(x ORDER BY x.identity), '[]')
            FROM (SELECT ${object("r.rulename")}
                    ${mode("r.ev_enabled = 'D'")}                 AS "mode",
                    ${ofExtension("pg_class", "c.oid")}
                    FROM pg_catalog.pg_rewrite r
                    JOIN pg_catalog.pg_class c     ON c.oid = r.ev_class
                    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE r.ev_enabled IN ('D', 'R')
                     AND c.relpersistence <> 't') x)              AS "silentRules",
         (SELECT COALESCE(pg_catalog.json_agg(x ORDER BY x.identity), '[]')
            FROM (SELECT v.evtname                                AS "name",
                         pg_catalog.quote_ident(v.evtname)        AS "identity",
                         ${mode("v.evtenabled = 'D'")}            AS "mode",
                         ${ofExtension("pg_event_trigger", "v.oid")}
                    FROM pg_catalog.pg_event_trigger v
                   WHERE v.evtenabled IN ('D', 'R')) x)           AS "silentEventTriggers",
         (SELECT COALESCE(pg_catalog.json_agg(x ORDER BY x.role, x.database), '[]')
            FROM (SELECT pg_catalog.quote_ident(r.rolname)        AS "role",
                         pg_catalog.quote_ident(d.datname)        AS "database"
                    FROM pg_catalog.pg_db_role_setting s
                   CROSS JOIN pg_catalog.unnest(s.setconfig) c (word)
                    LEFT JOIN pg_catalog.pg_roles r    ON r.oid = s.setrole
                    LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
                   WHERE pg_catalog.lower(c.word) = 'session_replication_role=replica'
                     AND COALESCE(d.datname = pg_catalog.current_database(), TRUE)) x)
                                                                  AS "settings",
         EXISTS (SELECT FROM pg_catalog.pg_settings g
                  WHERE g.name = 'session_replication_role'
                    AND g.setting = 'replica'
                    AND g.source IN ('configuration file', 'command line',
                                     'environment variable'))     AS "isServerwide"
   ORDER BY 1`;

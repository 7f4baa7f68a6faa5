import { sqlRead } from "../core/read.ts";
import type { Server } from "../core/server.ts";
import { foreignKeySchema } from "./foreign-key.ts";

/**
 * Every foreign key, with what RI_Initial_Check of src/backend/utils/adt/ri_triggers.c takes to
 * write its query: ONLY unless partitioned, the operators of conpfeqop with the casts that they
 * need, the COLLATE of the referenced column where the two differ. Catalogs alone: no user relation
 * is locked.
 *
 * A function counts as trusted if it is written in C or internal: only a superuser can create it.
 */
const sql = ({ versionNum }: Server): string => `
  WITH RECURSIVE
  key AS (
    SELECT k.oid, k.tableoid, k.conname, k.conrelid, k.confrelid, k.conkey, k.confkey,
           k.conpfeqop, k.confmatchtype, k.convalidated,
           ${versionNum >= 180_000 ? "k.conenforced" : "true"}  AS enforced,
           ${versionNum >= 180_000 ? "k.conperiod" : "false"}   AS temporal
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
     WHERE k.contype = 'f'
       AND k.conparentid = 0                -- a partition's copy is counted with its parent
       AND c.relpersistence <> 't'          -- nobody reads another session's temporary table
  ),
  copy (root, oid) AS (                     -- a constraint and its copies on partitions
    SELECT key.oid, key.oid FROM key
     UNION ALL
    SELECT copy.root, k.oid
      FROM copy
      JOIN pg_catalog.pg_constraint k ON k.conparentid = copy.oid AND k.contype = 'f'
  ),
  disabled AS (
    SELECT copy.root, pg_catalog.count(*)::pg_catalog.int4 AS triggers
      FROM copy
      JOIN pg_catalog.pg_trigger t ON t.tgconstraint = copy.oid
     WHERE t.tgenabled IN ('D', 'R')
     GROUP BY 1
  ),
  member (root, oid) AS (                   -- a table and its partitions
    SELECT conrelid, conrelid FROM key
     UNION
    SELECT confrelid, confrelid FROM key
     UNION ALL
    SELECT member.root, i.inhrelid
      FROM member
      JOIN pg_catalog.pg_class c    ON c.oid = member.oid AND c.relkind = 'p'
      JOIN pg_catalog.pg_inherits i ON i.inhparent = member.oid
  ),
  -- A table that nobody has analyzed says 0 pages: its live rows, 60 bytes each, are counted then.
  extent AS (
    SELECT member.root,
           pg_catalog.array_agg(c.oid::pg_catalog.int8)        AS relations,
           pg_catalog.sum(GREATEST(c.relpages, 0,
             pg_catalog.pg_stat_get_live_tuples(c.oid) * 60 / 8192))::pg_catalog.int8
                                                                AS pages,
           pg_catalog.bool_or(c.relkind = 'f')                  AS "hasForeignTable",
           pg_catalog.bool_or(c.relpersistence = 'u')           AS "isUnlogged"
      FROM member
      JOIN pg_catalog.pg_class c ON c.oid = member.oid
     GROUP BY 1
  ),
  side AS (
    SELECT c.oid,
           pg_catalog.json_build_object(
             'schema', n.nspname, 'table', c.relname,
             'sqlSchema', pg_catalog.quote_ident(n.nspname),
             'lacksUsage', NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE'),
             'sqlTable', pg_catalog.quote_ident(n.nspname) || '.'
                      || pg_catalog.quote_ident(c.relname),
             'isPartitioned', c.relkind = 'p',
             'pages', extent.pages, 'relations', extent.relations,
             'hasForeignTable', extent."hasForeignTable", 'isUnlogged', extent."isUnlogged",
             'hidesRows', pg_catalog.row_security_active(c.oid)) AS described
      FROM extent
      JOIN pg_catalog.pg_class c     ON c.oid = extent.root
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  ),
  doubtful AS (                             -- functions that anybody may have written
    SELECT f.oid
      FROM pg_catalog.pg_proc f
      JOIN pg_catalog.pg_language l ON l.oid = f.prolang
     WHERE l.lanname NOT IN ('internal', 'c')
  )
  SELECT key.oid,
         key.conname::pg_catalog.text                           AS "name",
         pg_catalog.quote_ident(key.conname)                    AS "sqlName",
         (pg_catalog.pg_identify_object(key.tableoid, key.oid, 0)).identity AS "identity",
         child.described                                        AS "child",
         parent.described                                       AS "parent",
         pair.columns                                           AS "columns",
         key.confmatchtype = 'f'                                AS "isMatchFull",
         key.convalidated                                       AS "isValidated",
         key.enforced                                           AS "isEnforced",
         key.temporal                                           AS "isTemporal",
         COALESCE(disabled.triggers, 0)                         AS "disabledTriggers",
         pair.untrusted                                         AS "untrusted",
         pair."childLacks"                                      AS "childLacks",
         pair."parentLacks"                                     AS "parentLacks"
    FROM key
    JOIN side child    ON child.oid  = key.conrelid
    JOIN side parent   ON parent.oid = key.confrelid
    LEFT JOIN disabled ON disabled.root = key.oid
   CROSS JOIN LATERAL (
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
             'sql', pg_catalog.quote_ident(fa.attname),
             -- As generate_operator_clause() of ruleutils.c: a cast where the operator takes
             -- another type than the column has, none where it takes any (anyenum, anyarray).
             'equals', 'pk.' || pg_catalog.quote_ident(pa.attname)
                    || CASE WHEN o.oprleft <> pa.atttypid AND lt.typtype <> 'p'
                            THEN '::' || pg_catalog.format_type(o.oprleft, NULL) ELSE '' END
                    || ' OPERATOR(' || pg_catalog.quote_ident(os.nspname) || '.' || o.oprname || ') fk.'
                    || pg_catalog.quote_ident(fa.attname)
                    || CASE WHEN o.oprright <> fa.atttypid AND rt.typtype <> 'p'
                            THEN '::' || pg_catalog.format_type(o.oprright, NULL) ELSE '' END
                    || CASE WHEN pa.attcollation <> fa.attcollation AND pa.attcollation <> 0
                            THEN (SELECT ' COLLATE ' || pg_catalog.quote_ident(cn.nspname) || '.'
                                      || pg_catalog.quote_ident(co.collname)
                                    FROM pg_catalog.pg_collation co
                                    JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
                                   WHERE co.oid = pa.attcollation) ELSE '' END,
             'isNotNull', fa.attnotnull) ORDER BY u.place)      AS columns,
           -- What is built in (an OID below 16384) needs no second look.
           pg_catalog.min(
             CASE WHEN o.oid < 16384 AND fa.atttypid < 16384 AND pa.atttypid < 16384 THEN NULL
                  WHEN o.oprcode::pg_catalog.oid IN (SELECT d.oid FROM doubtful d)
                    OR EXISTS (SELECT FROM pg_catalog.pg_amop m
                                 JOIN pg_catalog.pg_amproc p ON p.amprocfamily = m.amopfamily
                                 JOIN doubtful d             ON d.oid = p.amproc::pg_catalog.oid
                                WHERE m.amopopr = o.oid)
                  THEN 'operator ' || pg_catalog.quote_ident(os.nspname) || '.' || o.oprname
                  WHEN EXISTS (SELECT FROM pg_catalog.pg_cast t
                                 JOIN doubtful d ON d.oid = t.castfunc
                                WHERE (t.casttarget = o.oprright AND o.oprright <> fa.atttypid)
                                   OR (t.casttarget = o.oprleft  AND o.oprleft  <> pa.atttypid))
                  THEN 'a cast to ' || pg_catalog.format_type(o.oprright, NULL) END)
                                                                AS untrusted,
           COALESCE(pg_catalog.array_agg(pg_catalog.quote_ident(fa.attname) ORDER BY fa.attnum)
             FILTER (WHERE NOT pg_catalog.has_column_privilege(fa.attrelid, fa.attnum, 'SELECT')),
             '{}')                                              AS "childLacks",
           COALESCE(pg_catalog.array_agg(pg_catalog.quote_ident(pa.attname) ORDER BY pa.attnum)
             FILTER (WHERE NOT pg_catalog.has_column_privilege(pa.attrelid, pa.attnum, 'SELECT')),
             '{}')                                              AS "parentLacks"
      FROM ROWS FROM (pg_catalog.unnest(key.conkey), pg_catalog.unnest(key.confkey),
                      pg_catalog.unnest(key.conpfeqop)) WITH ORDINALITY AS u (fk, pk, op, place)
      JOIN pg_catalog.pg_attribute fa ON fa.attrelid = key.conrelid  AND fa.attnum = u.fk
      JOIN pg_catalog.pg_attribute pa ON pa.attrelid = key.confrelid AND pa.attnum = u.pk
      JOIN pg_catalog.pg_operator o   ON o.oid = u.op
      JOIN pg_catalog.pg_namespace os ON os.oid = o.oprnamespace
      JOIN pg_catalog.pg_type lt      ON lt.oid = o.oprleft
      JOIN pg_catalog.pg_type rt      ON rt.oid = o.oprright
   ) pair
   ORDER BY "identity"`;

export const foreignKeys = sqlRead({ id: "foreign-keys", sql, row: foreignKeySchema });

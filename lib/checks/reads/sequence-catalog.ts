import * as z from "zod";
import { sqlRead } from "../../core/read.ts";

/**
 * Every sequence with the integer columns that it feeds, from catalogs alone: no lock is taken.
 *
 * A column is fed by ownership (serial, identity; deptype a, i) or by a default that is nextval()
 * and nothing more: 1574 is nextval(regclass), 480 and 714 are the casts to int4 and int2
 * (src/include/catalog/pg_proc.dat). `nextval('s') % 1024` never outgrows its column. The text of
 * adbin is read as pg_get_expr() would lock the table. A partition's column is its root's.
 *
 * Names are put together here, as pg_identify_object() would: that one fails where an object has
 * gone since the snapshot. Temporary sequences die with their session; no number of an unlogged one
 * is on a replica.
 */
export const sequenceCatalog = sqlRead({
  id: "sequence-catalog",
  sql: `
    WITH RECURSIVE whole_number (oid, base) AS (
      SELECT t.oid, t.oid
        FROM pg_catalog.pg_type t
       WHERE t.oid IN ('pg_catalog.int2'::pg_catalog.regtype, 'pg_catalog.int4'::pg_catalog.regtype,
                       'pg_catalog.int8'::pg_catalog.regtype)
       UNION ALL
      SELECT d.oid, w.base
        FROM whole_number w
        JOIN pg_catalog.pg_type d ON d.typbasetype = w.oid AND d.typtype = 'd'
    ), sequence AS MATERIALIZED (
      SELECT c.oid
        FROM pg_catalog.pg_class c
       WHERE c.relkind = 'S'
         AND c.relpersistence <> 't'
    ), feed (sequence, relid, attnum, is_owned) AS MATERIALIZED (
      SELECT f.sequence, f.relid, f.attnum, pg_catalog.bool_or(f.is_owned)
        FROM (SELECT d.objid, d.refobjid, d.refobjsubid, true
                FROM sequence s
                JOIN pg_catalog.pg_depend d ON d.objid = s.oid
               WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 AND d.deptype IN ('a', 'i')
                 AND d.refobjsubid > 0
               UNION ALL
              SELECT s.oid, e.adrelid, e.adnum, false
                FROM sequence s
                JOIN pg_catalog.pg_depend d  ON d.refobjid = s.oid
                JOIN pg_catalog.pg_attrdef e ON e.oid = d.objid
               WHERE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
                 AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 AND d.deptype = 'n') f (sequence, relid, attnum, is_owned)
       GROUP BY 1, 2, 3
    ), root AS (
      SELECT f.sequence, f.is_owned, a.attname,
             CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::pg_catalog.oid
                  ELSE c.oid END AS relid
        FROM feed f
        JOIN pg_catalog.pg_class c     ON c.oid = f.relid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = f.relid AND a.attnum = f.attnum
        LEFT JOIN pg_catalog.pg_attrdef e ON e.adrelid = f.relid AND e.adnum = f.attnum
       WHERE e.oid IS NULL
          OR e.adbin::pg_catalog.text
             ~ ('^([{]COERCETODOMAIN :arg )*([{]FUNCEXPR :funcid (480|714) [^{]*)?'
                || '[{]FUNCEXPR :funcid 1574 [^{]*[{]CONST [^{]*$')
    ), fed AS (
      SELECT r.sequence, r.relid, a.attnum, a.attname, a.atttypid, a.attinhcount,
             pg_catalog.bool_or(r.is_owned) AS is_owned
        FROM root r
        JOIN pg_catalog.pg_attribute a
          ON a.attrelid = r.relid AND a.attname = r.attname AND NOT a.attisdropped
       GROUP BY 1, 2, 3, 4, 5, 6
    ), fed_column AS (
      SELECT f.sequence,
             pg_catalog.json_agg(pg_catalog.json_build_object(
               'table', pg_catalog.quote_ident(n.nspname) || '.'
                        || pg_catalog.quote_ident(c.relname),
               'column', pg_catalog.quote_ident(f.attname),
               'bytes', b.typlen,
               'isInherited', f.attinhcount > 0,
               'isPartitionKey', EXISTS (SELECT FROM pg_catalog.pg_partitioned_table p
                                          WHERE p.partrelid = f.relid
                                            AND f.attnum = ANY (p.partattrs::pg_catalog.int2[])))
               ORDER BY b.typlen, f.is_owned DESC, f.relid, f.attnum) AS columns
        FROM fed f
        JOIN whole_number w            ON w.oid = f.atttypid
        JOIN pg_catalog.pg_type b      ON b.oid = w.base
        JOIN pg_catalog.pg_class c     ON c.oid = f.relid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       GROUP BY f.sequence
    )
    SELECT c.oid                                                     AS "oid",
           n.nspname::text                                           AS "schema",
           c.relname::text                                           AS "name",
           pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
                                                                     AS "identity",
           pg_catalog.quote_ident(n.nspname)                         AS "sqlSchema",
           t.typlen                                                  AS "bytes",
           s.seqstart::pg_catalog.text                               AS "start",
           s.seqincrement::pg_catalog.text                           AS "increment",
           s.seqmin::pg_catalog.text                                 AS "min",
           s.seqmax::pg_catalog.text                                 AS "max",
           s.seqcycle                                                AS "cycles",
           pg_catalog.has_sequence_privilege(c.oid, 'SELECT')        AS "maySelect",
           pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE') AS "mayRead",
           c.relpersistence = 'u' AND pg_catalog.pg_is_in_recovery() AS "isElsewhere",
           COALESCE(f.columns, '[]'::pg_catalog.json)                AS "columns"
      FROM pg_catalog.pg_sequence s
      JOIN pg_catalog.pg_class c     ON c.oid = s.seqrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_type t      ON t.oid = s.seqtypid
      LEFT JOIN fed_column f         ON f.sequence = c.oid
     WHERE c.relpersistence <> 't'
       -- Null where dropped meanwhile; CASE, as the planner may ask before it joins pg_sequence.
       AND CASE WHEN c.relkind = 'S'
                THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT') IS NOT NULL END
     ORDER BY n.nspname, c.relname`,
  row: z.object({
    oid: z.int(),
    schema: z.string(),
    name: z.string(),
    /** Qualified and quoted. */
    identity: z.string(),
    sqlSchema: z.string(),
    /** Of the sequence's type: 2, 4 or 8. */
    bytes: z.int(),
    start: z.string(),
    increment: z.string(),
    min: z.string(),
    max: z.string(),
    cycles: z.boolean(),
    maySelect: z.boolean(),
    mayRead: z.boolean(),
    isElsewhere: z.boolean(),
    /** The narrowest first. */
    columns: z.array(
      z.object({
        table: z.string(),
        column: z.string(),
        bytes: z.int(),
        isInherited: z.boolean(),
        isPartitionKey: z.boolean(),
      }),
    ),
  }),
});

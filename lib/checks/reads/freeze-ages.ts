import * as z from "zod";
import { sqlRead } from "../../core/read.ts";

/**
 * How far this database, and older ones of the server, are from the end of transaction ids and
 * of multixact ids, with the tables that hold this database back. Everybody may read it.
 *
 * A database whose DROP was interrupted (datconnlimit -2) holds nobody back (vacuum.c
 * vac_truncate_clog). A TOAST table is told as the table it belongs to: VACUUM takes both.
 */
export const freezeAges = sqlRead({
  id: "freeze-ages",
  sql: `
    WITH db AS MATERIALIZED (
      SELECT d.datname,
             pg_catalog.age(d.datfrozenxid)           AS xid,
             pg_catalog.mxid_age(d.datminmxid)        AS mxid
        FROM pg_catalog.pg_database d
       WHERE d.datconnlimit <> -2
    ), here AS (
      SELECT db.xid, db.mxid FROM db WHERE db.datname = pg_catalog.current_database()
    ), tab AS MATERIALIZED (
      SELECT COALESCE(m.oid, c.oid)                   AS oid,
             m.oid IS NOT NULL                        AS is_toast,
             c.relpersistence = 't'                   AS is_temporary,
             CASE WHEN c.relfrozenxid <> '0' THEN pg_catalog.age(c.relfrozenxid) END    AS xid,
             CASE WHEN c.relminmxid <> '0' THEN pg_catalog.mxid_age(c.relminmxid) END   AS mxid
        FROM pg_catalog.pg_class c
        LEFT JOIN pg_catalog.pg_class m ON m.reltoastrelid = c.oid AND c.relkind = 't'
       WHERE c.relkind IN ('r', 'm', 't')
    ), worst AS (
      (SELECT 'xid' AS counter, t.* FROM tab t WHERE t.xid IS NOT NULL
        ORDER BY t.xid DESC, t.oid LIMIT 3)
       UNION ALL
      (SELECT 'mxid', t.* FROM tab t WHERE t.mxid IS NOT NULL
        ORDER BY t.mxid DESC, t.oid LIMIT 3)
    )
    SELECT d.datname::text                                 AS "name",
           pg_catalog.quote_ident(d.datname)               AS "identity",
           d.datname = pg_catalog.current_database()       AS "isHere",
           d.xid                                           AS "xidAge",
           d.mxid                                          AS "mxidAge",
           CASE WHEN d.datname = pg_catalog.current_database() THEN
             (SELECT COALESCE(pg_catalog.json_agg(pg_catalog.json_build_object(
                       'counter', w.counter,
                       'table', pg_catalog.quote_ident(n.nspname) || '.'
                                || pg_catalog.quote_ident(c.relname),
                       'isToast', w.is_toast,
                       'isTemporary', w.is_temporary,
                       'age', CASE w.counter WHEN 'xid' THEN w.xid ELSE w.mxid END)
                       ORDER BY w.counter DESC,
                                CASE w.counter WHEN 'xid' THEN w.xid ELSE w.mxid END DESC,
                                w.oid), '[]'::pg_catalog.json)
                FROM worst w
                JOIN pg_catalog.pg_class c     ON c.oid = w.oid
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace)
             ELSE '[]'::pg_catalog.json END                AS "tables"
      FROM db d
     WHERE d.datname = pg_catalog.current_database()
        OR (d.xid  = (SELECT pg_catalog.max(o.xid)  FROM db o)
            AND d.xid  > (SELECT h.xid  FROM here h))
        OR (d.mxid = (SELECT pg_catalog.max(o.mxid) FROM db o)
            AND d.mxid > (SELECT h.mxid FROM here h))
     ORDER BY d.datname = pg_catalog.current_database() DESC,
              GREATEST(d.xid, d.mxid) DESC, d.datname
     LIMIT 3`,
  row: z.object({
    name: z.string(),
    identity: z.string(),
    isHere: z.boolean(),
    /** Transactions since the oldest id that is not frozen. */
    xidAge: z.int(),
    mxidAge: z.int(),
    /** The three oldest of each counter; of this database only. */
    tables: z.array(
      z.object({
        counter: z.enum(["xid", "mxid"]),
        table: z.string(),
        isToast: z.boolean(),
        isTemporary: z.boolean(),
        age: z.int(),
      }),
    ),
  }),
});

export type FreezeAge = z.infer<typeof freezeAges.row>;

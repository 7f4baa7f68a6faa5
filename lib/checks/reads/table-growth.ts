import * as z from "zod";
import { sqlRead } from "../../core/read.ts";

/**
 * The largest tables: what they take with their indexes and TOAST, as the last VACUUM or ANALYZE
 * saw it, and how many rows came and went, which is counted as it happens. A partitioned table is
 * one. pg_relation_size() would lock each.
 */
export const tableGrowth = sqlRead({
  id: "table-growth",
  sql: `
    WITH own AS MATERIALIZED (
      SELECT c.oid,
             CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::pg_catalog.oid
                  ELSE c.oid END                                          AS root,
             c.reltuples,
             (c.relpages + COALESCE(t.relpages, 0) + COALESCE(i.pages, 0))::pg_catalog.int8
                                                                          AS pages,
             pg_catalog.pg_stat_get_tuples_inserted(c.oid)                AS inserted,
             pg_catalog.pg_stat_get_tuples_deleted(c.oid)                 AS deleted
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
        LEFT JOIN (SELECT x.indrelid, pg_catalog.sum(k.relpages) AS pages
                     FROM pg_catalog.pg_index x
                     JOIN pg_catalog.pg_class k ON k.oid = x.indexrelid
                    GROUP BY x.indrelid) i ON i.indrelid = c.oid
       WHERE c.relkind = 'r'
         AND c.relpersistence <> 't'
         AND n.nspname !~ '^pg_'
         AND n.nspname <> 'information_schema'
    ), total AS (
      SELECT o.root,
             pg_catalog.sum(o.pages)::pg_catalog.int8
               * pg_catalog.current_setting('block_size')::pg_catalog.int8 AS bytes,
             -- Of those that a VACUUM or ANALYZE saw: what a row takes.
             (pg_catalog.sum(o.pages) FILTER (WHERE o.reltuples > 0)
               * pg_catalog.current_setting('block_size')::pg_catalog.int8
               / pg_catalog.sum(o.reltuples) FILTER (WHERE o.reltuples > 0))::pg_catalog.float8
                                                                          AS width,
             pg_catalog.sum(o.inserted)::pg_catalog.int8                  AS inserted,
             pg_catalog.sum(o.deleted)::pg_catalog.int8                   AS deleted
        FROM own o
       GROUP BY o.root
    )
    SELECT n.nspname::pg_catalog.text                                     AS "schema",
           c.relname::pg_catalog.text                                     AS "name",
           pg_catalog.quote_ident(n.nspname) || '.'
             || pg_catalog.quote_ident(c.relname)                         AS "identity",
           c.oid                                                          AS "oid",
           t.bytes                                                        AS "bytes",
           t.width                                                        AS "width",
           t.inserted                                                     AS "inserted",
           t.deleted                                                      AS "deleted",
           (SELECT pg_catalog.count(*) FROM total)                        AS "tables",
           pg_catalog.to_char(pg_catalog.clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                                                                          AS "at",
           pg_catalog.to_char(pg_catalog.pg_stat_get_db_stat_reset_time(d.oid),
                              'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')            AS "countedSince"
      FROM total t
     CROSS JOIN pg_catalog.pg_database d
      JOIN pg_catalog.pg_class c     ON c.oid = t.root
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE d.datname = pg_catalog.current_database()
     ORDER BY GREATEST(t.bytes, t.inserted * 100) DESC, 3
     LIMIT 100`,
  row: z.object({
    schema: z.string(),
    name: z.string(),
    identity: z.string(),
    oid: z.int(),
    bytes: z.number(),
    /** Bytes a row, indexes included; null where no VACUUM and no ANALYZE ever saw one. */
    width: z.number().nullable(),
    inserted: z.number(),
    deleted: z.number(),
    tables: z.int(),
    at: z.string(),
    countedSince: z.string().nullable(),
  }),
});
export type TableGrowth = z.infer<typeof tableGrowth.row>;

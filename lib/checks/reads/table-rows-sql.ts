import * as z from "zod";
import { quoteLiteral } from "../../core/sql.ts";

const most = 300;

/**
 * What the catalog and the statistics say of the rows of tables and partitions: those with most
 * rows, those that were kept in mind under their name or OID, and those that the configuration
 * lists. Nothing of it locks a relation. After TRUNCATE reltuples is -1 (0 in 13) and n_live_tup 0,
 * while n_tup_del stays as it was.
 *
 * @param listed patterns of `schema.name`, `*` for any run of characters
 */
export const tableRowsSql = (
  identities: readonly string[],
  oids: readonly number[],
  listed: readonly string[],
): string => `
    WITH candidate AS MATERIALIZED (
      SELECT c.oid, c.relname, n.nspname, c.relfilenode, c.reltuples, c.relpersistence, c.relpages,
             pg_catalog.quote_ident(n.nspname) || '.'
               || pg_catalog.quote_ident(c.relname)                       AS identity,
             CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::pg_catalog.oid END
                                                                          AS root,
             pg_catalog.pg_stat_get_live_tuples(c.oid)                    AS live
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r'
         AND c.relpersistence <> 't'
         AND n.nspname !~ '^pg_'
         AND n.nspname <> 'information_schema'
    ), ranked AS (
      SELECT c.*, rn.nspname || '.' || rc.relname                         AS "rootName",
             pg_catalog.row_number() OVER (
               ORDER BY GREATEST(c.live, c.reltuples) DESC, c.oid)        AS place
        FROM candidate c
        LEFT JOIN pg_catalog.pg_class rc     ON rc.oid = c.root
        LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
    )
    SELECT r.oid                                                          AS "oid",
           r.nspname::pg_catalog.text                                     AS "schema",
           r.relname::pg_catalog.text                                     AS "name",
           r.identity                                                     AS "identity",
           r."rootName"                                                   AS "rootName",
           r.relpersistence = 'u'                                         AS "isUnlogged",
           r.relfilenode                                                  AS "file",
           r.reltuples::pg_catalog.float8                                 AS "estimate",
           r.relpages                                                     AS "pages",
           r.live                                                         AS "live",
           pg_catalog.pg_stat_get_tuples_inserted(r.oid)                  AS "inserted",
           pg_catalog.pg_stat_get_tuples_updated(r.oid)                   AS "updated",
           pg_catalog.pg_stat_get_tuples_deleted(r.oid)                   AS "deleted",
           pg_catalog.has_table_privilege(r.oid, 'SELECT')
             AND pg_catalog.has_schema_privilege(r.nspname, 'USAGE')      AS "maySelect",
           (SELECT pg_catalog.count(*) FROM candidate)                    AS "tables",
           pg_catalog.to_char(pg_catalog.clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                                                                          AS "at",
           pg_catalog.to_char(pg_catalog.pg_stat_get_db_stat_reset_time(d.oid),
                              'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')            AS "countedSince"
      FROM ranked r
     CROSS JOIN pg_catalog.pg_database d
     WHERE d.datname = pg_catalog.current_database()
       AND (r.place <= ${most}
         OR r.identity = ANY (ARRAY[${identities.map(quoteLiteral).join(", ")}]::pg_catalog.text[])
         OR r.oid = ANY (ARRAY[${oids.join(", ")}]::pg_catalog.oid[])${listed
           .map((pattern) => {
             const like = quoteLiteral(likeOf(pattern));
             return `
         OR r.nspname || '.' || r.relname LIKE ${like} ESCAPE '!'
         OR r."rootName" LIKE ${like} ESCAPE '!'`;
           })
           .join("")})
     ORDER BY 4`;

const likeOf = (pattern: string): string =>
  pattern.replaceAll(/[!%_]/g, "!$&").replaceAll("*", "%");

export const tableRow = z.object({
  oid: z.int(),
  schema: z.string(),
  name: z.string(),
  identity: z.string(),
  /** Of a partition: the partitioned table at the top, not quoted. */
  rootName: z.string().nullable(),
  isUnlogged: z.boolean(),
  /** Its file: another after TRUNCATE, VACUUM FULL, CLUSTER and what rewrites it. */
  file: z.int(),
  /** Of the last VACUUM or ANALYZE; -1 (0 in 13) where there was none. */
  estimate: z.number(),
  pages: z.int(),
  /** What the statistics think is there now. */
  live: z.number(),
  /** In all, those of transactions that rolled back too. */
  inserted: z.number(),
  updated: z.number(),
  deleted: z.number(),
  maySelect: z.boolean(),
  tables: z.int(),
  at: z.string(),
  /** The last reset of all statistics. */
  countedSince: z.string().nullable(),
});

import * as z from "zod";
import { sqlRead } from "../core/read.ts";
import { classOf } from "./fragments.ts";

/**
 * Objects of pg_temp come and go all day and are no part of a snapshot, nor are their rows here.
 * Their toast tables and indexes are temporary too.
 */
const temporary = `
    temporary (oid) AS MATERIALIZED (
      SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relpersistence = 't')`;

/** A catalog that snapshots read, which of its rows matter, and what may change in place. */
interface Watched {
  readonly catalog: string;
  readonly where?: string;
  readonly also?: string;
}

const onRelation = (column: string): string => `x.${column} NOT IN (SELECT t.oid FROM temporary t)`;

export const watched: readonly Watched[] = [
  { catalog: "pg_namespace", where: "pg_catalog.left(x.nspname, 3) <> 'pg_'" },
  { catalog: "pg_class", where: "x.relpersistence <> 't'" },
  { catalog: "pg_attribute", where: onRelation("attrelid") },
  { catalog: "pg_attrdef", where: onRelation("adrelid") },
  { catalog: "pg_constraint", where: onRelation("conrelid") },
  {
    catalog: "pg_index",
    where: onRelation("indrelid"),
    // Up to 13 the states of an index change in place: index_set_state_flags() in catalog/index.c.
    also: `(x.indisvalid::int4 * 4 + x.indisready::int4 * 2 + x.indislive::int4)::int8`,
  },
  { catalog: "pg_trigger", where: onRelation("tgrelid") },
  { catalog: "pg_inherits", where: onRelation("inhrelid") },
  { catalog: "pg_rewrite", where: onRelation("ev_class") },
  { catalog: "pg_policy" },
  { catalog: "pg_statistic_ext" },
  { catalog: "pg_publication" },
  { catalog: "pg_publication_rel" },
  { catalog: "pg_sequence", where: onRelation("seqrelid") },
  { catalog: "pg_proc" },
  { catalog: "pg_type", where: "x.typtype = 'e'" },
  { catalog: "pg_enum" },
  { catalog: "pg_extension" },
  { catalog: "pg_language" },
  { catalog: "pg_collation" },
  { catalog: "pg_description" },
  {
    catalog: "pg_depend",
    where: `(x.deptype = 'e' OR (x.deptype IN ('a', 'i') AND x.refobjsubid > 0
             AND x.classid = ${classOf("pg_class")} AND ${onRelation("objid")}))`,
  },
  { catalog: "pg_am" },
  { catalog: "pg_tablespace" },
];

/**
 * Has any catalog changed that a snapshot reads? Per catalog a hash over how many row versions
 * each transaction left: equal only where every row is the same version. "Newest and count" would
 * miss a transaction that began earlier and commits later. ANALYZE, VACUUM and nextval() write in
 * place or elsewhere, and leave it alone.
 */
export const schemaToken = sqlRead({
  id: "schema-token",
  sql: `
  WITH ${temporary}${watched
    .map(
      ({ catalog, where = "true", also = "0" }) => `
    SELECT '${catalog}'                                   AS "catalog",
           pg_catalog.sum(pg_catalog.hashint8extended(v.xmin::text::int8, v.n * 8 + v.also))::text
                                                          AS "hash"
      FROM (SELECT x.xmin, ${also} AS also, pg_catalog.count(*) AS n
              FROM pg_catalog.${catalog} x
             WHERE ${where}
             GROUP BY 1, 2) v`,
    )
    .join("\n     UNION ALL")}
     UNION ALL
    SELECT 'pg_roles',                                    -- pg_authid is not for everybody to read
           pg_catalog.sum(pg_catalog.hashtextextended(r.rolname, r.oid::int8))::text
      FROM pg_catalog.pg_roles r
     ORDER BY 1`,
  row: z.object({ catalog: z.string(), hash: z.string().nullable() }),
});

export type Token = readonly z.infer<(typeof schemaToken)["row"]>[];

export const sameToken = (a: Token, b: Token): boolean => JSON.stringify(a) === JSON.stringify(b);

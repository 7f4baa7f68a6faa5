import * as z from "zod";
import { sqlRead } from "../core/read.ts";
import type { Server } from "../core/server.ts";
import { classOf } from "./fragments.ts";
import { readableOfSubscriptions } from "./kinds/subscription.ts";

/**
 * Objects of pg_temp come and go all day and are no part of a snapshot, nor are their rows here.
 * Their toast tables and indexes are temporary too. Both with one look at pg_class.
 */
const apart = `
    apart (oid, relpersistence, relkind) AS MATERIALIZED (
      SELECT c.oid, c.relpersistence, c.relkind
        FROM pg_catalog.pg_class c
       WHERE c.relpersistence = 't' OR c.relkind = 'c'),
    temporary (oid) AS MATERIALIZED (SELECT a.oid FROM apart a WHERE a.relpersistence = 't'),
    composite (oid) AS MATERIALIZED (SELECT a.oid FROM apart a WHERE a.relkind = 'c')`;

/** A catalog that snapshots read, which of its rows matter, and what may change in place. */
interface Watched {
  readonly catalog: string;
  readonly where?: string;
  readonly also?: string;
  /** The major that brought it. */
  readonly since?: number;
  /** What is told of a row, where xmin is not for every role to read, or says too much. */
  readonly said?: (server: Pick<Server, "versionNum">) => string;
}

const onRelation = (column: string): string => `x.${column} NOT IN (SELECT t.oid FROM temporary t)`;

const thisDatabase = `(SELECT d.oid FROM pg_catalog.pg_database d
                          WHERE d.datname = pg_catalog.current_database())`;

const ofThisDatabase = (classid: string, oid: string): string =>
  `x.${classid} = ${classOf("pg_database")} AND x.${oid} = ${thisDatabase}`;

export const watched: readonly Watched[] = [
  { catalog: "pg_namespace", where: "pg_catalog.left(x.nspname, 3) <> 'pg_'" },
  { catalog: "pg_class", where: "x.relpersistence <> 't'" },
  // Those below 0 are no column that anybody reads.
  { catalog: "pg_attribute", where: `x.attnum > 0 AND ${onRelation("attrelid")}` },
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
  {
    catalog: "pg_type",
    // Those of tables come and go with their tables.
    where: `(x.typtype <> 'c' OR x.typacl IS NOT NULL
             OR x.typrelid IN (SELECT c.oid FROM composite c))
            AND x.typnamespace NOT IN (SELECT n.oid FROM pg_catalog.pg_namespace n
                                        WHERE pg_catalog.left(n.nspname, 7) = 'pg_temp')`,
  },
  { catalog: "pg_range" },
  { catalog: "pg_aggregate" },
  { catalog: "pg_cast" },
  { catalog: "pg_conversion" },
  { catalog: "pg_operator" },
  { catalog: "pg_opclass" },
  { catalog: "pg_opfamily" },
  { catalog: "pg_amop" },
  { catalog: "pg_amproc" },
  { catalog: "pg_ts_parser" },
  { catalog: "pg_ts_template" },
  { catalog: "pg_ts_dict" },
  { catalog: "pg_ts_config" },
  { catalog: "pg_ts_config_map" },
  { catalog: "pg_transform" },
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
  { catalog: "pg_publication_namespace", since: 15 },
  { catalog: "pg_event_trigger" },
  { catalog: "pg_foreign_data_wrapper" },
  { catalog: "pg_foreign_server" },
  { catalog: "pg_foreign_table" },
  { catalog: "pg_default_acl" },
  {
    catalog: "pg_init_privs",
    said: () => "ROW(x.classoid, x.objoid, x.objsubid, x.initprivs)::text",
  },
  { catalog: "pg_seclabel" },
  { catalog: "pg_shseclabel", where: ofThisDatabase("classoid", "objoid") },
  { catalog: "pg_shdescription", where: ofThisDatabase("classoid", "objoid") },
  { catalog: "pg_database", where: `x.oid = ${thisDatabase}` },
  { catalog: "pg_db_role_setting", where: `x.setdatabase IN (0, ${thisDatabase})` },
  { catalog: "pg_parameter_acl", since: 15 },
  {
    catalog: "pg_shdepend",
    where: `x.refclassid = ${classOf("pg_authid")} AND x.dbid = ${thisDatabase}
             AND (x.classid <> ${classOf("pg_class")} OR ${onRelation("objid")})`,
    // Large objects come and go as rows do: what counts is who is named.
    said: () => "x.refobjid::text",
  },
  {
    catalog: "pg_largeobject_metadata",
    where: "x.lomacl IS NOT NULL",
    said: () => "ROW(x.lomowner, x.lomacl)::text",
  },
  { catalog: "pg_user_mappings", said: () => "ROW(x.umid, x.srvid, x.umuser)::text" },
  { catalog: "pg_stat_subscription", said: () => "ROW(x.subid, x.subname)::text" },
  {
    catalog: "pg_subscription",
    where: `x.subdbid = ${thisDatabase}`,
    said: (server) => `ROW(${readableOfSubscriptions(server).join(", ")})::text`,
  },
];

/**
 * Has any catalog changed that a snapshot reads? Per catalog a hash over how many row versions
 * each transaction left: equal only where every row is the same version. "Newest and count" would
 * miss a transaction that began earlier and commits later. ANALYZE, VACUUM and nextval() write in
 * place or elsewhere, and leave it alone.
 */
export const schemaToken = sqlRead({
  id: "schema-token",
  sql: (server) => `
  WITH ${apart}${watched
    .filter(({ since = 0 }) => server.versionNum >= since * 10_000)
    .map((each) => versionsOf(each, server))
    .join("\n     UNION ALL")}
     UNION ALL
    SELECT 'pg_roles',                                    -- pg_authid is not for everybody to read
           pg_catalog.sum(pg_catalog.hashtextextended(r.rolname, r.oid::int8))::text
      FROM pg_catalog.pg_roles r
     UNION ALL
    -- A backend that crashes takes with it what was not yet flushed, and its transaction's number
    -- is given again; the postmaster goes on, but all counters are set to 0: pgstat_discard_stats().
    SELECT 'pg_stat_bgwriter', b.stats_reset::text FROM pg_catalog.pg_stat_bgwriter b
     ORDER BY 1`,
  row: z.object({ catalog: z.string(), hash: z.string().nullable() }),
});

/** One catalog's part of the token. */
export function versionsOf(
  { catalog, where = "true", also = "0", said }: Watched,
  server: Pick<Server, "versionNum">,
): string {
  if (said !== undefined) {
    return `
    SELECT '${catalog}'                                   AS "catalog",
           pg_catalog.sum(pg_catalog.hashtextextended(v.said, 0))::text
                                                          AS "hash"
      FROM (SELECT DISTINCT ${said(server)} AS said
              FROM pg_catalog.${catalog} x
             WHERE ${where}) v`;
  }
  return `
    SELECT '${catalog}'                                   AS "catalog",
           pg_catalog.sum(pg_catalog.hashint8extended(v.xmin::text::int8, v.n * 8 + v.also))::text
                                                          AS "hash"
      FROM (SELECT x.xmin, ${also} AS also, pg_catalog.count(*) AS n
              FROM pg_catalog.${catalog} x
             WHERE ${where}
             GROUP BY 1, 2) v`;
}

export type Token = readonly z.infer<(typeof schemaToken)["row"]>[];

export const sameToken = (a: Token, b: Token): boolean => JSON.stringify(a) === JSON.stringify(b);

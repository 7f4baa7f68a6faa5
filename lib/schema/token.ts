import * as z from "zod";
import { sqlRead } from "../core/read.ts";
import type { Server } from "../core/server.ts";
import { classOf, type Has } from "./fragments.ts";
import { readableOfSubscriptions } from "./kinds/subscription.ts";

/**
 * Objects of pg_temp come and go all day and are no part of a snapshot, nor are their rows here.
 * Their toast tables and indexes are temporary too. Most databases have none at most times.
 */
const temporary = `
    temporary (oid) AS MATERIALIZED (
      SELECT c.oid FROM pg_catalog.pg_class c
       WHERE c.relnamespace IN (SELECT n.oid FROM pg_catalog.pg_namespace n
                                 WHERE pg_catalog.left(n.nspname, 7) = 'pg_temp'
                                    OR pg_catalog.left(n.nspname, 13) = 'pg_toast_temp'))`;

/** A catalog that snapshots read, which of its rows matter, and what may change in place. */
interface Watched {
  readonly catalog: string;
  readonly where?: string;
  /** A number below 8. */
  readonly also?: string;
  /** Tells what is there: rows that users made, by a letter; NULL of those that do not count. */
  readonly kind?: string;
  /** The major that brought it. */
  readonly since?: number;
  /** What is told of a row, where xmin is not for every role to read, or says too much. */
  readonly said?: (server: Pick<Server, "versionNum">) => string;
}

/** The first half is one answer for all rows: where nothing is temporary, none is looked up. */
const onRelation = (column: string): string =>
  `((SELECT NOT EXISTS (SELECT FROM temporary))
              OR x.${column} NOT IN (SELECT t.oid FROM temporary t))`;

const madeBy = (oid: string): string => `CASE WHEN x.${oid} >= 16384 THEN 'made' END`;
const made = madeBy("oid");

const thisDatabase = `(SELECT d.oid FROM pg_catalog.pg_database d
                          WHERE d.datname = pg_catalog.current_database())`;

const ofThisDatabase = (classid: string, oid: string): string =>
  `x.${classid} = ${classOf("pg_database")} AND x.${oid} = ${thisDatabase}`;

export const watched: readonly Watched[] = [
  { catalog: "pg_namespace", where: "pg_catalog.left(x.nspname, 3) <> 'pg_'" },
  { catalog: "pg_class", where: onRelation("oid") },
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
  {
    catalog: "pg_trigger",
    where: onRelation("tgrelid"),
    kind: `CASE WHEN x.tgenabled <> 'O' AND x.tgisinternal THEN 'off' END`,
  },
  { catalog: "pg_inherits", where: onRelation("inhrelid"), kind: "'made'" },
  {
    catalog: "pg_rewrite",
    where: onRelation("ev_class"),
    kind: `CASE WHEN x.oid >= 16384 AND x.rulename <> '_RETURN' THEN 'made' END`,
  },
  { catalog: "pg_policy", kind: made },
  { catalog: "pg_statistic_ext", kind: made },
  { catalog: "pg_publication", kind: made },
  { catalog: "pg_publication_rel", kind: made },
  { catalog: "pg_sequence", where: onRelation("seqrelid") },
  { catalog: "pg_proc" },
  {
    catalog: "pg_type",
    where: `x.typnamespace NOT IN (SELECT n.oid FROM pg_catalog.pg_namespace n
                                        WHERE pg_catalog.left(n.nspname, 7) = 'pg_temp')`,
    // A row type, and the array that each type has, are told with what they are of.
    kind: `CASE WHEN x.oid >= 16384 AND x.typtype <> 'c'
                             AND (x.typelem = 0 OR x.typarray <> 0) THEN x.typtype::text END`,
  },
  { catalog: "pg_range", kind: madeBy("rngtypid") },
  { catalog: "pg_aggregate", kind: madeBy("aggfnoid::oid") },
  { catalog: "pg_cast", kind: made },
  { catalog: "pg_conversion", kind: made },
  { catalog: "pg_operator", kind: made },
  { catalog: "pg_opclass", kind: made },
  { catalog: "pg_opfamily", kind: made },
  { catalog: "pg_amop" },
  { catalog: "pg_amproc" },
  { catalog: "pg_ts_parser", kind: made },
  { catalog: "pg_ts_template", kind: made },
  { catalog: "pg_ts_dict", kind: made },
  { catalog: "pg_ts_config", kind: made },
  { catalog: "pg_ts_config_map" },
  { catalog: "pg_transform", kind: made },
  { catalog: "pg_enum" },
  { catalog: "pg_extension" },
  { catalog: "pg_language" },
  { catalog: "pg_collation", kind: made },
  {
    catalog: "pg_description",
    // These have thousands of PostgreSQL's own, and those of initdb are nobody's facts.
    kind: `CASE WHEN x.objoid >= 16384
                           OR x.classoid NOT IN (${["pg_proc", "pg_operator", "pg_type", "pg_collation"].map(classOf).join(", ")})
                         THEN x.classoid::pg_catalog.regclass::text
                              || CASE WHEN x.objsubid <> 0 THEN '.' ELSE '' END END`,
  },
  {
    catalog: "pg_depend",
    where: `(x.deptype = 'e' OR (x.refobjsubid > 0 AND x.deptype IN ('a', 'i')
             AND x.classid = ${classOf("pg_class")} AND ${onRelation("objid")}))`,
  },
  { catalog: "pg_am", kind: made },
  { catalog: "pg_tablespace" },
  { catalog: "pg_publication_namespace", since: 15, kind: made },
  { catalog: "pg_event_trigger", kind: made },
  { catalog: "pg_foreign_data_wrapper", kind: made },
  { catalog: "pg_foreign_server", kind: made },
  { catalog: "pg_foreign_table", kind: "'made'" },
  { catalog: "pg_default_acl" },
  {
    catalog: "pg_init_privs",
    said: () => "ROW(x.classoid, x.objoid, x.objsubid, x.initprivs)::text",
  },
  { catalog: "pg_seclabel", kind: "'made'" },
  { catalog: "pg_shseclabel", where: ofThisDatabase("classoid", "objoid"), kind: "'made'" },
  { catalog: "pg_shdescription", where: ofThisDatabase("classoid", "objoid") },
  { catalog: "pg_database", where: `x.oid = ${thisDatabase}` },
  { catalog: "pg_db_role_setting", where: `x.setdatabase IN (0, ${thisDatabase})` },
  { catalog: "pg_parameter_acl", since: 15, kind: "'made'" },
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
 * Which transactions a statement sees. Two that see the same ones see the same rows: whoever commits
 * takes his number out of it. Not on a standby, where it does not list who is at work
 * (pg_current_snapshot() in src/backend/utils/adt/xid8funcs.c), nor where states of an index change
 * in place.
 */
export const visible = {
  name: "pg_current_snapshot()",
  sql: ({ versionNum }: Pick<Server, "versionNum">): string =>
    versionNum < 140_000
      ? "NULL::text"
      : `CASE WHEN NOT pg_catalog.pg_is_in_recovery()
                THEN pg_catalog.pg_current_snapshot()::text END`,
};

/**
 * Has any catalog changed that a snapshot reads? Per catalog a hash over how many row versions
 * each transaction left: equal only where every row is the same version. "Newest and count" would
 * miss a transaction that began earlier and commits later. ANALYZE, VACUUM and nextval() write in
 * place or elsewhere, and leave it alone. And what is there at all, so that nobody asks for the rest.
 */
export const schemaToken = sqlRead({
  id: "schema-token",
  sql: (server) => `
  WITH ${temporary}${watched
    .filter(({ since = 0 }) => server.versionNum >= since * 10_000)
    .map((each) => versionsOf(each, server))
    .join("\n     UNION ALL")}
     UNION ALL
    SELECT 'pg_roles',                                    -- pg_authid is not for everybody to read
           pg_catalog.sum(pg_catalog.hashtextextended(r.rolname, r.oid::int8))::text, NULL
      FROM pg_catalog.pg_roles r
     UNION ALL
    SELECT '${visible.name}', ${visible.sql(server)}, NULL
     UNION ALL
    -- A backend that crashes takes with it what was not yet flushed, and its transaction's number
    -- is given again; the postmaster goes on, but all counters are set to 0: pgstat_discard_stats().
    SELECT 'pg_stat_bgwriter', b.stats_reset::text, NULL FROM pg_catalog.pg_stat_bgwriter b
     ORDER BY 1`,
  row: z.object({
    catalog: z.string(),
    hash: z.string().nullable(),
    /** The kinds of rows that users made, where it is told; words between commas. */
    kinds: z.string().nullable().optional(),
  }),
});

/** One catalog's part of the token. */
export function versionsOf(
  { catalog, where = "true", also, kind, said }: Watched,
  server: Pick<Server, "versionNum">,
): string {
  if (said !== undefined) {
    return `
    SELECT '${catalog}'                                   AS "catalog",
           pg_catalog.sum(pg_catalog.hashtextextended(v.said, 0))::text
                                                          AS "hash",
           CASE WHEN pg_catalog.count(*) > 0 THEN 'made' END
                                                          AS "kinds"
      FROM (SELECT DISTINCT ${said(server)} AS said
              FROM pg_catalog.${catalog} x
             WHERE ${where}) v`;
  }
  // To group by one column instead of three is a sixth of the time that all rows take.
  const columns = [
    "x.xmin",
    ...(also === undefined ? [] : [`${also} AS also`]),
    ...(kind === undefined ? [] : [`${kind} AS kind`]),
  ];
  return `
    SELECT '${catalog}'                                   AS "catalog",
           pg_catalog.sum(pg_catalog.hashint8extended(v.xmin::text::int8,
             v.n * 8${also === undefined ? "" : " + v.also"}))::text
                                                          AS "hash",
           ${kind === undefined ? "NULL" : "pg_catalog.string_agg(DISTINCT v.kind, ',')"}
                                                          AS "kinds"
      FROM (SELECT ${columns.join(", ")}, pg_catalog.count(*) AS n
              FROM pg_catalog.${catalog} x
             WHERE ${where}
             GROUP BY ${columns.map((_, place) => place + 1).join(", ")}) v`;
}

/** Which kinds of rows users made, as far as a catalog is asked so; of the others, all are there. */
export function thereBy(token: Token): Has {
  const kinds = new Map(token.map((row) => [row.catalog, row.kinds?.split(",") ?? []]));
  const asked = new Set(watched.flatMap((each) => (each.kind || each.said ? each.catalog : [])));
  return (catalog, kind) => {
    if (!asked.has(catalog)) return true;
    const there = kinds.get(catalog) ?? [];
    return kind === undefined ? there.length > 0 : there.includes(kind);
  };
}

export type Token = readonly z.infer<(typeof schemaToken)["row"]>[];

export const sameToken = (a: Token, b: Token): boolean => JSON.stringify(a) === JSON.stringify(b);

import { classOf, isNoMember } from "./fragments.ts";
import type { Question } from "./statement.ts";
import { watched } from "./token.ts";

/**
 * Catalogs that say nothing of a schema, or say it in another one that is read: pg_subscription_rel
 * is how far a subscription came, pg_user_mapping has a view, partition keys are printed.
 */
const noSchema: readonly string[] = [
  "pg_auth_members",
  "pg_authid",
  "pg_largeobject",
  "pg_partitioned_table",
  "pg_replication_origin",
  "pg_statistic",
  "pg_statistic_ext_data",
  "pg_subscription_rel",
  "pg_user_mapping",
];

export const knownCatalogs: readonly string[] = [
  ...watched.map(({ catalog }) => catalog),
  ...noSchema,
];

/** Where PostgreSQL keeps its own: a superuser can put things there, and no dump has them. */
const inSystemSchema = (namespace: string): string =>
  `x.${namespace} IN ('pg_catalog'::pg_catalog.regnamespace,
                           'information_schema'::pg_catalog.regnamespace)`;

/** What no extractor reads: the catalog, and which of its rows. */
const kinds = [
  ["function in a system schema", "pg_proc", inSystemSchema("pronamespace")],
  [
    "relation in a system schema",
    "pg_class",
    `x.kind <> 'c' AND ${inSystemSchema("namespace")}`,
    "relation",
  ],
  [
    "type in a system schema",
    "pg_type",
    `x.typrelid = 0 AND x.typelem = 0 AND ${inSystemSchema("typnamespace")}`,
  ],
  ["operator in a system schema", "pg_operator", inSystemSchema("oprnamespace")],
  ["operator class in a system schema", "pg_opclass", inSystemSchema("opcnamespace")],
  [
    "collation of another encoding",
    "pg_collation",
    `x.collencoding NOT IN (-1, pg_catalog.pg_char_to_encoding(pg_catalog.getdatabaseencoding()))`,
  ],
] as const;

/** The letters by which a catalog tells its kinds apart, as far as extractors know them. */
const letters = [
  ["relation", "kind", "r,p,f,v,m,S,i,I,c,t", "relation"],
  ["pg_catalog.pg_proc", "prokind", "f,p,w,a", "routine"],
  ["pg_catalog.pg_type", "typtype", "c,b,d,e,r,m,p", "type"],
  ["pg_catalog.pg_constraint", "contype", "f,p,c,u,n,x,t", "constraint"],
] as const;

/**
 * What a snapshot does not hold, counted, so that it is never silently equal: rows of a kind that no
 * extractor knows (what a newer PostgreSQL invented: whatever has a row in pg_depend);
 * and by choice large objects, as rows are, roles, which are of the whole server, and the options of
 * user mappings, which hold passwords. 16384 is the first OID that is not initdb's.
 */
export const unmodelled = {
  name: "unmodelled",
  columns: ["kind", "count"],
  sql: () => `
    SELECT k.kind                                         AS "kind",
           k.n::int4                                      AS "count"
      FROM (
      SELECT 'rows of ' || c.relname AS kind,
             (SELECT pg_catalog.count(DISTINCT d.objid) FROM pg_catalog.pg_depend d
               WHERE d.classid = c.oid AND d.objid >= 16384) AS n
        FROM pg_catalog.pg_class c
       WHERE c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace
         AND c.relkind = 'r' AND c.oid < 16384
         AND c.relname NOT IN (${knownCatalogs.map((name) => `'${name}'`).join(", ")})
       UNION ALL${kinds
         .map(
           ([kind, catalog, where, from = `pg_catalog.${catalog}`]) => `
      SELECT '${kind}', pg_catalog.count(*)
        FROM ${from} x
       WHERE x.oid >= 16384 AND ${where} AND ${isNoMember("x.oid", catalog)}`,
         )
         .join("\n       UNION ALL")}
       UNION ALL${letters
         .map(
           ([from, column, known, kind]) => `
      SELECT '${kind} "' || x.${column}::text || '"', pg_catalog.count(*)
        FROM ${from} x
       WHERE x.oid >= 16384 AND x.${column} <> ALL ('{${known}}'::"char"[])
       GROUP BY x.${column}`,
         )
         .join("\n       UNION ALL")}
       UNION ALL
      SELECT 'large object', pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata
       UNION ALL
      SELECT 'role', pg_catalog.count(DISTINCT h.refobjid)
        FROM pg_catalog.pg_shdepend h
       WHERE h.refclassid = ${classOf("pg_authid")}
         AND h.dbid = (SELECT d.oid FROM pg_catalog.pg_database d
                        WHERE d.datname = pg_catalog.current_database())
       UNION ALL
      SELECT 'user mapping options', pg_catalog.count(*) FROM pg_catalog.pg_user_mappings) k
     WHERE k.n > 0
     ORDER BY 1`,
} satisfies Question;

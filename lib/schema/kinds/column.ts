import * as z from "zod";
import { extractor, flag, maybe, type Printed, text, texts, whole } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { aclOf, classOf, commentOf, isWanted, relationNamed, since } from "../fragments.ts";
import { privilegesOf } from "../privileges.ts";
import { withoutSecrets } from "../secret.ts";

/**
 * NOT NULL constraints that may have more to say than that they are there, as one JSON object: a
 * join could be nested, looking a value up cannot.
 */
const oddNotNull = `
    odd_not_null (said) AS MATERIALIZED (
      SELECT pg_catalog.jsonb_object_agg(k.conrelid::text || '.' || k.conkey[1]::text,
               pg_catalog.jsonb_build_object('name',         k.conname,
                                             'notValidated', NOT k.convalidated,
                                             'noInherit',    k.connoinherit))
        FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c     ON c.oid = k.conrelid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
       WHERE k.contype = 'n'
         AND ${isWanted("k.conrelid", "table", "foreign table")}
         AND (NOT k.convalidated OR k.connoinherit
              OR k.conname <> c.relname || '_' || a.attname || '_not_null'))`;

/** Relations of which a column has a comment: most have none. */
const commented = `
    commented (oid) AS MATERIALIZED (
      SELECT pd.objoid FROM pg_catalog.pg_description pd
       WHERE pd.classoid = ${classOf("pg_class")} AND pd.objsubid > 0
         AND ${isWanted("pd.objoid", "table", "foreign table", "view", "materialized view")})`;

/**
 * How columns of PostgreSQL's own types are usually stored and sorted: most columns are so. What is
 * in neither is looked up by itself. A join would have all of pg_type sorted or hashed.
 */
const usual = `
    usual_storage (type, storage) AS MATERIALIZED (
      SELECT t.oid, t.typstorage FROM pg_catalog.pg_type t
       WHERE t.oid < 16384 AND t.typlen = -1 AND t.typtype = 'b'),
    usual_collation (type, sorting) AS MATERIALIZED (
      SELECT t.oid, t.typcollation FROM pg_catalog.pg_type t
       WHERE t.oid < 16384 AND t.typcollation <> 0 AND t.typtype = 'b')`;

/**
 * A default names no column, and so is printed without its table. What could open another one is a
 * row of its type, or a field of one: those depend on a type or on a column. Without a join, which
 * could be nested.
 */
const defaultOrOid = `(
             SELECT CASE WHEN a.attgenerated = ''
                          AND (SELECT true FROM pg_catalog.pg_depend e
                                WHERE e.classid = ${classOf("pg_attrdef")} AND e.objid = d.oid
                                  AND e.deptype = 'n'
                                  AND (e.refclassid = ${classOf("pg_type")} OR e.refobjsubid > 0)
                                LIMIT 1) IS NULL
                         THEN '=' || pg_catalog.pg_get_expr(d.adbin, 0)
                         ELSE d.oid::text END
               FROM pg_catalog.pg_attrdef d
              WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum)`;

const notNullSchema = z.object({
  name: z.string(),
  notValidated: z.boolean(),
  noInherit: z.boolean(),
});

/**
 * Columns with their defaults; https://www.postgresql.org/docs/current/catalog-pg-attribute.html
 *
 * attoptions go by an allow-list: a 15.20 server writes `pg_attver=…` into those of every column
 * that it makes. From 18 on NOT NULL is a row of pg_constraint too; here it stays a property of
 * its column, so that a server of either kind says the same of the same table.
 */
export const column = extractor({
  name: "column",
  parts: (server, has) => [
    usual,
    ...(has("pg_description", "pg_class.") ? [commented] : []),
    ...(server.versionNum < 180_000 ? [] : [oddNotNull]),
  ],
  sql: (server, has) => `
    SELECT a.attrelid                                     AS "unit",
           a.attname                                      AS "name",
           pg_catalog.quote_ident(a.attname)              AS "quoted",
           pg_catalog.format_type(a.atttypid, a.atttypmod)
                                                          AS "type",
           a.attnotnull                                   AS "isNotNull",
           CASE WHEN a.atthasdef THEN ${defaultOrOid} END AS "default",
           CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END
                                                          AS "identity",
           CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END
                                                          AS "generated",
           CASE WHEN a.attcollation <> 0
                 AND (a.atttypid, a.attcollation) NOT IN (SELECT u.type, u.sorting
                                                            FROM usual_collation u)
                THEN (SELECT pg_catalog.quote_ident(ln.nspname) || '.'
                               || pg_catalog.quote_ident(l.collname)
                        FROM pg_catalog.pg_collation l
                        JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace
                        JOIN pg_catalog.pg_type t       ON t.oid = a.atttypid
                       WHERE l.oid = a.attcollation
                         AND t.typcollation <> a.attcollation) END
                                                          AS "collation",
           a.attinhcount > 0                              AS "isInherited",
           a.attislocal                                   AS "isLocal",
           ${
             has("pg_inherits")
               ? `CASE WHEN a.attinhcount > 0
                THEN (SELECT pg_catalog.json_agg(${relationNamed("h.inhparent")})
                        FROM pg_catalog.pg_inherits h
                       WHERE h.inhrelid = a.attrelid) END`
               : "NULL"
           }                                              AS "parents",
           -- what is of a fixed length is always plain
           CASE WHEN a.attlen < 0
                 AND (a.atttypid, a.attstorage) NOT IN (SELECT u.type, u.storage
                                                          FROM usual_storage u)
                THEN (SELECT CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
                                               WHEN 'm' THEN 'main'  ELSE 'extended' END
                        FROM pg_catalog.pg_type t
                       WHERE t.oid = a.atttypid AND t.typstorage <> a.attstorage) END
                                                          AS "storage",
           ${since(
             server,
             14,
             "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END",
             "NULL",
           )}                                             AS "compression",
           -- the default is -1 up to 16 and NULL from 17 on
           NULLIF(a.attstattarget, -1)                    AS "statistics",
           CASE WHEN a.attoptions IS NOT NULL
                THEN (SELECT pg_catalog.json_agg(o.said)
                        FROM pg_catalog.unnest(a.attoptions) AS o (said)
                       WHERE o.said LIKE 'n_distinct%') END
                                                          AS "options",
           pg_catalog.to_json(a.attfdwoptions)            AS "serverOptions",
           ${aclOf("a.attacl")}                           AS "acl",
           CASE WHEN a.attacl IS NOT NULL
                THEN (SELECT pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class c
                       WHERE c.oid = a.attrelid) END      AS "owner",
           ${
             has("pg_description", "pg_class.")
               ? `CASE WHEN a.attrelid IN (SELECT m.oid FROM commented m)
                THEN ${commentOf(has, "a.attrelid", "pg_class", "a.attnum")} END`
               : "NULL"
           }                                              AS "comment",
           ${since(
             server,
             18,
             `(SELECT o.said FROM odd_not_null o)
             -> (a.attrelid::text || '.' || a.attnum::text)`,
             "NULL",
           )}                                             AS "oddNotNull"
      FROM pg_catalog.pg_attribute a
     WHERE a.attnum > 0 AND NOT a.attisdropped
       AND ${isWanted("a.attrelid", "table", "foreign table", "view", "materialized view")}`,
  row: z.object({
    name: text,
    quoted: text,
    type: text,
    isNotNull: flag,
    isInherited: flag,
    isLocal: flag,
    /** Behind an equals sign; or the OID of its pg_attrdef, where it is still to be printed. */
    default: maybe,
    identity: maybe,
    generated: maybe,
    collation: maybe,
    parents: texts,
    storage: maybe,
    compression: maybe,
    statistics: whole.nullable(),
    options: texts,
    serverOptions: texts,
    acl: texts,
    owner: maybe,
    comment: maybe,
    oddNotNull: z
      .string()
      .nullable()
      .transform((said) => (said === null ? undefined : notNullSchema.parse(JSON.parse(said)))),
  }),
  prints: (row) =>
    row.default === null || row.default.startsWith("=")
      ? []
      : [{ as: "default", oid: Number(row.default) }],
  fact: (row, unit, printed) => ({
    kind: "column",
    identity: `${unit.identity}.${row.quoted}`,
    schema: unit.schema,
    name: row.name,
    table: unit.name,
    partOf: [keyOf(unit)],
    ...followed(row, unit),
    facets: facetsOf({
      structure: {
        collation: row.collation,
        default: defaultOf(row.default, printed),
        generated: row.generated,
        identity: row.identity,
        notNull: row.isNotNull,
        notNullNoInherit: row.oddNotNull?.noInherit,
        options: withoutSecrets(row.serverOptions),
        type: row.type,
      },
      inheritance: {
        alsoLocal: row.isInherited && row.isLocal,
        inherited: row.isInherited,
      },
      validity: { notNullUnvalidated: row.oddNotNull?.notValidated },
      privileges: row.owner === null ? undefined : privilegesOf(row.acl, null, row.owner),
      comments: { comment: row.comment },
      physical: {
        compression: row.compression,
        options: row.options?.toSorted(),
        statistics: row.statistics,
        storage: row.storage,
      },
      naming: { notNull: unusualName(row.oddNotNull?.name, unit.name, row.name) },
    }),
  }),
});

function defaultOf(said: string | null, printed: Printed): string | null {
  if (said === null) return null;
  return said.startsWith("=")
    ? printed("default", 0, said.slice(1))
    : printed("default", Number(said));
}

/** An inherited column follows its parents' (of either sort of table), a view's its view. */
function followed(
  row: { quoted: string; parents: string[] | null },
  unit: { kind: string; identity: string },
) {
  if (unit.kind === "view" || unit.kind === "materialized view") return { follows: [keyOf(unit)] };
  if (row.parents === null) return {};
  return {
    follows: row.parents.map((parent) =>
      keyOf({ kind: "column", identity: `${parent}.${row.quoted}` }),
    ),
  };
}

/**
 * The name that PostgreSQL 18 gives a NOT NULL by itself, shortened as makeObjectName() in
 * src/backend/commands/indexcmds.c does: the longer of the two names gives way, byte by byte. A
 * number at its end tells it from others that were shortened to the same, in the order of making.
 */
function isUsualName(name: string, table: string, column: string): boolean {
  const [label] = /_not_null\d*$/.exec(name) ?? [];
  if (label === undefined) return false;
  const room = 63 - label.length - 1;
  let [a, b] = [Buffer.byteLength(table), Buffer.byteLength(column)];
  while (a + b > room) {
    if (a > b) a -= 1;
    else b -= 1;
  }
  return name === `${clip(table, a)}_${clip(column, b)}${label}`;
}

const unusualName = (name: string | undefined, table: string, column: string) =>
  name === undefined || isUsualName(name, table, column) ? null : name;

/** Whole characters only: pg_mbcliplen(). */
function clip(name: string, bytes: number): string {
  let kept = "";
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > bytes) break;
    kept += character;
  }
  return kept;
}

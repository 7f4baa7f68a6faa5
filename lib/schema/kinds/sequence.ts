import * as z from "zod";
import { extractor, flag, maybe, text } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { classOf, isWanted, relationNamed } from "../fragments.ts";
import { ownedColumns, ownedFacets, ownedRow } from "../owned.ts";

/** Sequences, never their current value; https://www.postgresql.org/docs/current/catalog-pg-sequence.html */
export const sequence = extractor({
  name: "sequence",
  sql: (_server, has) => `
    SELECT s.seqrelid                                     AS "unit",
           pg_catalog.format_type(s.seqtypid, NULL)       AS "type",
           s.seqstart                                     AS "start",
           s.seqincrement                                 AS "increment",
           s.seqmin                                       AS "min",
           s.seqmax                                       AS "max",
           s.seqcache                                     AS "cache",
           s.seqcycle                                     AS "isCycling",
           c.relpersistence = 'u'                         AS "isUnlogged",
           o.identity                                     AS "ownedBy",
           o.deptype = 'i'                                AS "isIdentity",
           ${ownedColumns(has, "c.rel", "pg_class", "s")}
      FROM pg_catalog.pg_sequence s
      JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
      LEFT JOIN LATERAL
           (SELECT d.deptype,
                   ${relationNamed("d.refobjid")} || '.'
                     || pg_catalog.quote_ident(a.attname) AS identity
              FROM pg_catalog.pg_depend d
              JOIN pg_catalog.pg_attribute a
                ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
             WHERE d.classid = ${classOf("pg_class")} AND d.objid = s.seqrelid
               AND d.objsubid = 0 AND (d.refclassid = ${classOf("pg_class")}) IS TRUE
               AND d.deptype IN ('a', 'i')) o ON true
     WHERE ${isWanted("s.seqrelid", "sequence")}`,
  row: z.object({
    type: text,
    // Of bigint range: text, as a JavaScript number would round them.
    start: text,
    increment: text,
    min: text,
    max: text,
    cache: text,
    isCycling: flag,
    isUnlogged: flag,
    ownedBy: maybe,
    isIdentity: flag.nullable(),
    ...ownedRow,
  }),
  fact: (row, { kind, identity, schema, name }) => ({
    kind,
    identity,
    schema,
    name,
    ...(row.ownedBy === null ? {} : ownedBy(row.ownedBy)),
    facets: facetsOf({
      structure: {
        cache: row.cache,
        cycle: row.isCycling,
        identity: row.isIdentity,
        increment: row.increment,
        max: row.max,
        min: row.min,
        ownedBy: row.ownedBy,
        start: row.start,
        type: row.type,
        unlogged: row.isUnlogged,
      },
      ...ownedFacets(row),
    }),
  }),
});

/** It comes and goes with its column, and its owner is always that of the table. */
function ownedBy(column: string) {
  const table = column.replace(/\.(?:"(?:[^"]|"")*"|[^".]*)$/, "");
  return {
    partOf: [keyOf({ kind: "column", identity: column })],
    follows: [keyOf({ kind: "table", identity: table })],
  };
}

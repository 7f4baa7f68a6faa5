import * as z from "zod";
import { extractor, flag, maybe, text, texts, whole } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { classOf, commentOf, isWanted, relationNamed } from "../fragments.ts";

/**
 * Indexes; https://www.postgresql.org/docs/current/catalog-pg-index.html
 *
 * pg_get_indexdef() prints the options in the order in which they were set. They are taken out of
 * the text, printed as flatten_reloptions() in src/backend/utils/adt/ruleutils.c prints them, and
 * kept sorted on their own.
 */
export const index = extractor({
  name: "index",
  sql: () => `
    SELECT i.indrelid                                     AS "unit",
           c.relname                                      AS "name",
           ${relationNamed("i.indexrelid")}               AS "identity",
           i.indexrelid                                   AS "oid",
           CASE WHEN c.reloptions IS NOT NULL
                THEN (SELECT ' WITH (' || pg_catalog.string_agg(
                                  pg_catalog.quote_ident(o.name) || '='
                                  || CASE WHEN pg_catalog.quote_ident(o.value) = o.value
                                          THEN o.value
                                          ELSE pg_catalog.quote_literal(o.value) END,
                                  ', ' ORDER BY o.place) || ')'
                          FROM (SELECT pg_catalog.split_part(u.said, '=', 1) AS name,
                                       pg_catalog.substr(u.said,
                                         pg_catalog.strpos(u.said, '=') + 1) AS value,
                                       u.place
                                  FROM pg_catalog.unnest(c.reloptions)
                                         WITH ORDINALITY AS u (said, place)) o) END
                                                          AS "with",
           i.indisunique                                  AS "isUnique",
           i.indisvalid                                   AS "isValid",
           i.indisready                                   AS "isReady",
           i.indislive                                    AS "isLive",
           i.indisclustered                               AS "isClustered",
           i.indisreplident                               AS "isReplicaIdentity",
           pg_catalog.to_json(c.reloptions)               AS "options",
           (SELECT s.spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace)
                                                          AS "tablespace",
           CASE WHEN i.indexprs IS NOT NULL          -- of an expression's column only
                THEN (SELECT pg_catalog.json_agg(a.attnum || '=' || a.attstattarget ORDER BY a.attnum)
                        FROM pg_catalog.pg_attribute a
                       WHERE a.attrelid = i.indexrelid AND a.attnum > 0
                         AND a.attstattarget >= 0) END    AS "statistics",
           ${commentOf("i.indexrelid", "pg_class")}       AS "comment",
           (SELECT pg_catalog.quote_ident(k.conname)
              FROM pg_catalog.pg_depend d
              JOIN pg_catalog.pg_constraint k ON k.oid = d.refobjid
             WHERE d.classid = ${classOf("pg_class")} AND d.objid = i.indexrelid
               AND d.deptype = 'i'
               -- IS TRUE, as the index on it looks best where pg_depend was never analyzed
               AND (d.refclassid = ${classOf("pg_constraint")}) IS TRUE)
                                                          AS "constraint",
           CASE WHEN c.relispartition
                THEN (SELECT ${relationNamed("h.inhparent")}
                        FROM pg_catalog.pg_inherits h
                       WHERE h.inhrelid = i.indexrelid) END
                                                          AS "parent"
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
     WHERE ${isWanted("i.indrelid", "r", "p", "m")}`,
  row: z.object({
    name: text,
    identity: text,
    oid: whole,
    with: maybe,
    isUnique: flag,
    isValid: flag,
    isReady: flag,
    isLive: flag,
    isClustered: flag,
    isReplicaIdentity: flag,
    options: texts,
    tablespace: maybe,
    statistics: texts,
    comment: maybe,
    constraint: maybe,
    parent: maybe,
  }),
  prints: ({ oid }) => [{ as: "index", oid }],
  fact: (row, unit, printed) => ({
    kind: "index",
    identity: row.identity,
    schema: unit.schema,
    name: row.name,
    table: unit.name,
    partOf: [
      keyOf(unit),
      ...(row.constraint === null
        ? []
        : [keyOf({ kind: "constraint", identity: `${row.constraint} on ${unit.identity}` })]),
    ],
    ...(row.parent === null ? {} : { follows: [keyOf({ kind: "index", identity: row.parent })] }),
    facets: facetsOf({
      structure: {
        definition: printed("index", row.oid).replace(row.with ?? "", () => ""),
        unique: row.isUnique,
        constraint: row.constraint,
        replicaIdentity: row.isReplicaIdentity,
      },
      inheritance: { attachedTo: row.parent },
      validity: {
        invalid: !row.isValid,
        notReady: !row.isReady,
        notLive: !row.isLive,
      },
      comments: { comment: row.comment },
      physical: {
        clustered: row.isClustered,
        options: row.options?.toSorted(),
        tablespace: row.tablespace,
        statistics: row.statistics,
      },
    }),
  }),
});

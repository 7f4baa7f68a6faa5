import * as z from "zod";
import type { Server } from "../../core/server.ts";
import { extractor, flag, maybe, text, texts, type Unit, whole } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { commentOf, isWanted, namedBy, relationNamed, since } from "../fragments.ts";

/** How many columns of an index we print ourselves. */
const mostKeys = 4;

/**
 * What pg_get_indexdef() says nothing of: default operator classes, each of the very type of its
 * column, or of text where that is varchar. 403 is btree, 1043 varchar; 3126 is text_ops.
 */
const plainClasses = `
    plain_class (oid, type) AS MATERIALIZED (
      SELECT o.oid, o.opcintype
        FROM pg_catalog.pg_opclass o
       WHERE o.opcmethod = 403 AND o.opcdefault
       UNION ALL
      SELECT 3126, 1043
       WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_opclass o
                          WHERE o.opcmethod = 403 AND o.opcdefault AND o.opcintype = 1043))`;

/** Columns in ascending order, and perhaps of some rows only: most of all indexes. */
const isPlain = (server: Server): string =>
  `c.relam = 403 AND c.relkind = 'i' AND i.indnatts <= ${mostKeys}
                     AND i.indnatts = i.indnkeyatts AND i.indexprs IS NULL
                     -- of a CASE, pg_get_expr() makes several lines
                     AND (i.indpred IS NULL OR pg_catalog.strpos(i.indpred::text, '{CASE ') = 0)
                     ${since(server, 15, "AND NOT i.indnullsnotdistinct", "")}`;

/**
 * The columns of such an index, or NULL where one has another operator class, collation or order.
 * To print it, PostgreSQL would open the table, look its columns up, and for each of them go
 * through all operator classes of btree: get_opclass_name() in src/backend/utils/adt/ruleutils.c.
 */
const plainKeys = Array.from({ length: mostKeys }, (_, place) => {
  const key = `
                  (SELECT CASE WHEN (i.indclass[${place}], a.atttypid)
                                      IN (SELECT p.oid, p.type FROM plain_class p)
                               THEN pg_catalog.quote_ident(a.attname) END
                     FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[${place}]
                      AND i.indoption[${place}] = 0
                      AND i.indcollation[${place}] IN (0, a.attcollation))`;
  return place === 0 ? key : `CASE WHEN i.indnatts > ${place} THEN ', ' ||${key} ELSE '' END`;
}).join("\n                  || ");

/** As pg_get_indexdef() has it. An index is of its table's schema. */
function plainDefinition(
  { identity, isUnique, keys }: { identity: string; isUnique: boolean; keys: string | null },
  unit: Unit,
): string {
  const name = identity.replace(/^(?:"(?:[^"]|"")*"|[^".]*)[.]/, "");
  return `CREATE ${isUnique ? "UNIQUE " : ""}INDEX ${name} ON ${unit.identity} USING btree (${keys})`;
}

/**
 * Indexes; https://www.postgresql.org/docs/current/catalog-pg-index.html
 *
 * pg_get_indexdef() prints the options in the order in which they were set. They are taken out of
 * the text, printed as flatten_reloptions() in src/backend/utils/adt/ruleutils.c prints them, and
 * kept sorted on their own.
 */
export const index = extractor({
  name: "index",
  parts: () => [plainClasses],
  sql: (server, has) => `
    SELECT i.indrelid                                     AS "unit",
           c.relname                                      AS "name",
           -- regclass would look each of them up, and say the same
           ${namedBy("c.relnamespace")} || pg_catalog.quote_ident(c.relname)
                                                          AS "identity",
           i.indexrelid                                   AS "oid",
           CASE WHEN ${isPlain(server)}
                THEN ${plainKeys} END                     AS "keys",
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
           i.indpred IS NOT NULL                          AS "isPartial",
           i.indisunique                                  AS "isUnique",
           i.indisvalid                                   AS "isValid",
           i.indisready                                   AS "isReady",
           i.indislive                                    AS "isLive",
           i.indisclustered                               AS "isClustered",
           i.indisreplident                               AS "isReplicaIdentity",
           pg_catalog.to_json(c.reloptions)               AS "options",
           CASE WHEN c.reltablespace <> 0
                THEN (SELECT s.spcname FROM pg_catalog.pg_tablespace s
                       WHERE s.oid = c.reltablespace) END AS "tablespace",
           CASE WHEN i.indexprs IS NOT NULL          -- of an expression's column only
                THEN (SELECT pg_catalog.json_agg(a.attnum || '=' || a.attstattarget ORDER BY a.attnum)
                        FROM pg_catalog.pg_attribute a
                       WHERE a.attrelid = i.indexrelid AND a.attnum > 0
                         AND a.attstattarget >= 0) END    AS "statistics",
           ${commentOf(has, "i.indexrelid", "pg_class")}       AS "comment",
           CASE WHEN i.indisunique OR i.indisexclusion
                THEN (SELECT pg_catalog.quote_ident(k.conname)
                        FROM pg_catalog.pg_constraint k
                       WHERE k.conrelid = i.indrelid AND k.conindid = i.indexrelid
                         AND k.contype IN ('p', 'u', 'x')) END
                                                          AS "constraint",
           ${
             has("pg_inherits")
               ? `CASE WHEN c.relispartition
                THEN (SELECT ${relationNamed("h.inhparent")}
                        FROM pg_catalog.pg_inherits h
                       WHERE h.inhrelid = i.indexrelid) END`
               : "NULL"
           }                                              AS "parent"
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
     WHERE ${isWanted("i.indrelid", "table", "materialized view")}`,
  row: z.object({
    name: text,
    identity: text,
    oid: whole,
    isPartial: flag,
    isUnique: flag,
    isValid: flag,
    isReady: flag,
    isLive: flag,
    isClustered: flag,
    isReplicaIdentity: flag,
    keys: maybe,
    constraint: maybe,
    with: maybe,
    options: texts,
    tablespace: maybe,
    statistics: texts,
    comment: maybe,
    parent: maybe,
  }),
  prints: ({ oid, keys, isPartial }) =>
    keys === null ? [{ as: "index", oid }] : isPartial ? [{ as: "predicate", oid }] : [],
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
        constraint: row.constraint,
        definition:
          row.keys === null
            ? printed("index", row.oid).replace(row.with ?? "", () => "")
            : printed("index", row.oid, plainDefinition(row, unit)) +
              (row.isPartial ? ` WHERE ${printed("predicate", row.oid)}` : ""),
        replicaIdentity: row.isReplicaIdentity,
        unique: row.isUnique,
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

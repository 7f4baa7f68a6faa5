import * as z from "zod";
import { extractor, flag, maybe, partOf, text, texts, whole } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { commentOf, isWanted, relationNamed, since } from "../fragments.ts";

const types = {
  p: "primary key",
  u: "unique",
  f: "foreign key",
  c: "check",
  x: "exclusion",
} as const;

/**
 * Internal triggers that do not fire as usual, and each constraint that they enforce: up to the one
 * that is a fact, where rows below it are left out.
 */
const off = `
    off (trigger, con, parent, relation) AS (
      SELECT t.oid, k.oid, k.conparentid, k.conrelid
        FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_trigger t ON t.tgconstraint = k.oid
       WHERE ${isWanted("k.conrelid", "table", "foreign table")} AND k.contype = 'f'
         AND t.tgisinternal AND t.tgenabled <> 'O'
       UNION ALL
      SELECT o.trigger, k.oid, k.conparentid, k.conrelid
        FROM off o
        JOIN pg_catalog.pg_constraint k ON k.oid = o.parent AND k.conrelid = o.relation)`;

/** In words: `RI_FKey_check_ins on public.orders is disabled`. */
const silent = `
    silent (said) AS MATERIALIZED (
      SELECT pg_catalog.jsonb_object_agg(s.con, s.said)
        FROM (SELECT o.con, pg_catalog.json_agg(p.proname || ' on ' || ${relationNamed("t.tgrelid")}
               || CASE t.tgenabled WHEN 'D' THEN ' is disabled'
                                   WHEN 'R' THEN ' fires on replicas only'
                                   ELSE ' fires always' END) AS said
                FROM off o
                JOIN pg_catalog.pg_trigger t ON t.oid = o.trigger
                JOIN pg_catalog.pg_proc p    ON p.oid = t.tgfoid
               GROUP BY o.con) s)`;

/**
 * Constraints of tables; https://www.postgresql.org/docs/current/catalog-pg-constraint.html
 *
 * A foreign key to a partitioned table has further rows, one a partition, on the same table: how
 * PostgreSQL does it, with names of its own making, so they are left out. The triggers that enforce
 * a foreign key are internal, with an OID in their names; those that do not fire as usual are told
 * as a state of their constraint.
 */
export const constraint = extractor({
  name: "constraint",
  parts: (_server, has) => (has("pg_trigger", "off") ? [off, silent] : []),
  sql: (server, has) => `
    SELECT k.conrelid                                     AS "unit",
           k.conname                                      AS "name",
           pg_catalog.quote_ident(k.conname)              AS "quoted",
           k.contype                                      AS "type",
           k.oid                                          AS "oid",
           -- of these it opens no relation: pg_get_constraintdef_worker() in ruleutils.c
           CASE WHEN k.contype IN ('p', 'u', 'f')
                THEN pg_catalog.pg_get_constraintdef(k.oid) END
                                                          AS "definition",
           k.convalidated                                 AS "isValidated",
           ${since(server, 18, "k.conenforced", "true")}  AS "isEnforced",
           k.coninhcount > 0                              AS "isInherited",
           k.conislocal                                   AS "isLocal",
           CASE WHEN k.conparentid <> 0
                THEN (SELECT pg_catalog.json_build_array(pg_catalog.quote_ident(pk.conname)
                               || ' on ' || ${relationNamed("pk.conrelid")})
                        FROM pg_catalog.pg_constraint pk WHERE pk.oid = k.conparentid)
                ${
                  has("pg_inherits")
                    ? `WHEN k.coninhcount > 0
                THEN (SELECT pg_catalog.json_agg(pg_catalog.quote_ident(k.conname)
                               || ' on ' || ${relationNamed("h.inhparent")})
                        FROM pg_catalog.pg_inherits h WHERE h.inhrelid = k.conrelid)`
                    : ""
                } END
                                                          AS "parents",
           ${commentOf(has, "k.oid", "pg_constraint")}         AS "comment",
           ${has("pg_trigger", "off") ? "(SELECT s.said FROM silent s) -> k.oid::text" : "NULL"}
                                                          AS "silent"
      FROM pg_catalog.pg_constraint k
     WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
       AND ${isWanted("k.conrelid", "table", "foreign table")}
       AND (k.conparentid = 0
            OR k.conrelid <> (SELECT pk.conrelid FROM pg_catalog.pg_constraint pk
                               WHERE pk.oid = k.conparentid))`,
  row: z.object({
    name: text,
    quoted: text,
    type: z.enum(["p", "u", "f", "c", "x"]).transform((letter) => types[letter]),
    oid: whole,
    definition: maybe,
    isValidated: flag,
    isEnforced: flag,
    isInherited: flag,
    isLocal: flag,
    parents: texts,
    comment: maybe,
    silent: texts,
  }),
  prints: ({ oid, definition }) => (definition === null ? [{ as: "constraint", oid }] : []),
  fact: (row, unit, printed) => ({
    ...partOf("constraint", row, unit),
    ...(row.parents === null
      ? {}
      : { follows: row.parents.map((identity) => keyOf({ kind: "constraint", identity })) }),
    facets: facetsOf({
      structure: {
        definition: withoutState(printed("constraint", row.oid, row.definition), row),
        type: row.type,
      },
      inheritance: {
        alsoLocal: row.isInherited && row.isLocal,
        inherited: row.isInherited,
      },
      validity: {
        notEnforced: !row.isEnforced,
        notValidated: row.isEnforced && !row.isValidated,
        triggers: row.silent?.toSorted(),
      },
      comments: { comment: row.comment },
    }),
  }),
});

/** pg_get_constraintdef() appends the state, which is a facet of its own. */
function withoutState(definition: string, { isValidated, isEnforced }: Record<string, unknown>) {
  const state = !isEnforced ? " NOT ENFORCED" : !isValidated ? " NOT VALID" : "";
  return definition.endsWith(state)
    ? definition.slice(0, definition.length - state.length)
    : definition;
}

import * as z from "zod";
import { extractor, flag, maybe, partOf, text, whole } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, isWanted, since } from "../fragments.ts";
import { ownedFacets, ownedRow, typeColumns } from "../owned.ts";

/**
 * Domains; https://www.postgresql.org/docs/current/catalog-pg-type.html
 *
 * A default may hold a row of a table, whose printing opens that table: so it is printed as other
 * expressions are. From 17 on NOT NULL is a row of pg_constraint too; it stays a property here.
 */
export const domain = extractor({
  name: "domain",
  sql: (server, has) => `
    SELECT t.oid                                          AS "unit",
           pg_catalog.format_type(t.typbasetype, t.typtypmod)
                                                          AS "type",
           t.typnotnull                                   AS "isNotNull",
           t.typdefaultbin IS NOT NULL                    AS "hasDefault",
           CASE WHEN t.typcollation <> b.typcollation
                THEN t.typcollation::pg_catalog.regcollation::text END
                                                          AS "collation",
           ${since(
             server,
             17,
             `(SELECT k.conname FROM pg_catalog.pg_constraint k
             WHERE k.contypid = t.oid AND k.contype = 'n'
               AND k.conname <> t.typname || '_not_null')`,
             "NULL",
           )}                                             AS "notNullName",
           ${typeColumns(has)}
      FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
     WHERE ${isWanted("t.oid", "domain")}`,
  row: z.object({
    type: text,
    isNotNull: flag,
    hasDefault: flag,
    collation: maybe,
    notNullName: maybe,
    ...ownedRow,
  }),
  prints: (row, { oid }) => (row.hasDefault ? [{ as: "domain default", oid }] : []),
  fact: (row, { oid, kind, identity, schema, name }, printed) => ({
    kind,
    identity,
    schema,
    name,
    facets: facetsOf({
      structure: {
        type: row.type,
        collation: row.collation,
        notNull: row.isNotNull,
        default: row.hasDefault ? printed("domain default", oid) : null,
      },
      ...ownedFacets(row),
      naming: { notNull: unusualName(row.notNullName, name) },
    }),
  }),
});

/** ChooseConstraintName() in catalog/pg_constraint.c cuts a long name, and counts where taken. */
function unusualName(name: string | null, domainName: string): string | null {
  const [label] = /_not_null\d*$/.exec(name ?? "") ?? [];
  if (name === null || label === undefined) return name;
  const start = name.slice(0, -label.length);
  const isCut = Buffer.byteLength(name) >= 60 && domainName.startsWith(start);
  return start === domainName || isCut ? null : name;
}

/** CHECKs of domains; https://www.postgresql.org/docs/current/catalog-pg-constraint.html */
export const domainConstraint = extractor({
  name: "domain constraint",
  sql: (_server, has) => `
    SELECT k.contypid                                     AS "unit",
           k.conname                                      AS "name",
           pg_catalog.quote_ident(k.conname)              AS "quoted",
           k.oid                                          AS "oid",
           k.convalidated                                 AS "isValidated",
           ${commentOf(has, "k.oid", "pg_constraint")}         AS "comment"
      FROM pg_catalog.pg_constraint k
     WHERE k.contype = 'c'
       AND ${isWanted("k.contypid", "domain")}`,
  row: z.object({
    name: text,
    quoted: text,
    oid: whole,
    isValidated: flag,
    comment: maybe,
  }),
  prints: ({ oid }) => [{ as: "constraint", oid }],
  fact: (row, unit, printed) => ({
    ...partOf("domain constraint", row, unit),
    facets: facetsOf({
      structure: { definition: printed("constraint", row.oid).replace(/ NOT VALID$/, "") },
      validity: { notValidated: !row.isValidated },
      comments: { comment: row.comment },
    }),
  }),
});

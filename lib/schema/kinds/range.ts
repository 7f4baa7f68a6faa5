import * as z from "zod";
import { maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import {
  commentOf,
  functionNamed,
  identityOf,
  isMade,
  isUsersSchema,
  namedInSchema,
  since,
} from "../fragments.ts";
import { ownedFacets, ownedRow, typeColumns } from "../owned.ts";

/**
 * Range types; https://www.postgresql.org/docs/current/catalog-pg-range.html
 * The functions that construct them come with them. So does, from 14 on, the multirange, which is
 * told only where its name is not the usual one.
 */
export const range = wholeExtractor({
  name: "range",
  isThere: (has) => has("pg_range"),
  sql: (server, has) => `
    SELECT n.nspname                                      AS "schema",
           t.typname                                      AS "name",
           ${namedInSchema("t.typname")}                  AS "identity",
           pg_catalog.format_type(r.rngsubtype, NULL)     AS "subtype",
           ${identityOf("r.rngsubopc", "pg_opclass")}     AS "operatorClass",
           CASE WHEN r.rngcollation <> s.typcollation
                THEN r.rngcollation::pg_catalog.regcollation::text END
                                                          AS "collation",
           ${functionNamed("r.rngcanonical")}             AS "canonical",
           ${functionNamed("r.rngsubdiff")}               AS "difference",
           ${since(server, 14, "pg_catalog.format_type(r.rngmultitypid, NULL)", "NULL")}
                                                          AS "multirange",
           ${since(
             server,
             14,
             `(SELECT m.typname FROM pg_catalog.pg_type m
             WHERE m.oid = r.rngmultitypid AND m.typnamespace = t.typnamespace)`,
             "NULL",
           )}                                             AS "multirangeName",
           ${since(server, 14, commentOf(has, "r.rngmultitypid", "pg_type"), "NULL")}
                                                          AS "multirangeComment",
           ${typeColumns(has)}
      FROM pg_catalog.pg_range r
      JOIN pg_catalog.pg_type t      ON t.oid = r.rngtypid
      JOIN pg_catalog.pg_type s      ON s.oid = r.rngsubtype
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE ${isUsersSchema("n.nspname")}
       AND ${isMade("t.oid", "pg_type")}`,
  row: z.object({
    schema: text,
    name: text,
    identity: text,
    subtype: text,
    operatorClass: text,
    collation: maybe,
    canonical: maybe,
    difference: maybe,
    multirange: maybe,
    multirangeName: maybe,
    multirangeComment: maybe,
    ...ownedRow,
  }),
  fact: (row) => ({
    kind: "range",
    identity: row.identity,
    schema: row.schema,
    name: row.name,
    facets: facetsOf({
      structure: {
        subtype: row.subtype,
        operatorClass: row.operatorClass,
        collation: row.collation,
        canonical: row.canonical,
        difference: row.difference,
        multirange: isUsual(row.multirangeName, row.name) ? null : row.multirange,
      },
      ...ownedFacets(row),
      comments: { comment: row.comment, multirange: row.multirangeComment },
    }),
  }),
});

/** As makeMultirangeTypeName() in src/backend/catalog/pg_type.c names it, and cuts its name. */
function isUsual(multirange: string | null, name: string): boolean {
  if (multirange === null) return false;
  if (name.includes("range")) {
    const usual = name.replace("range", "multirange");
    return multirange === usual || (isFull(multirange) && usual.startsWith(multirange));
  }
  const start = multirange.slice(0, -"_multirange".length);
  if (multirange !== `${start}_multirange`) return false;
  return start === name || (isFull(multirange) && name.startsWith(start));
}

/** As long as a name can be, but for the bytes of one character. */
const isFull = (name: string): boolean => Buffer.byteLength(name) >= 60;

import * as z from "zod";
import { flag, maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { functionNamed, isMade, isUsersSchema, namedInSchema, since } from "../fragments.ts";
import { ownedFacets, ownedRow, typeColumns } from "../owned.ts";

const rowSchema = z.object({
  schema: text,
  name: text,
  identity: text,
  isDefined: flag,
  input: maybe,
  output: maybe,
  receive: maybe,
  send: maybe,
  typmodIn: maybe,
  typmodOut: maybe,
  analyze: maybe,
  subscript: maybe,
  length: text,
  isByValue: flag,
  alignment: text,
  storage: text,
  category: text,
  isPreferred: flag,
  delimiter: maybe,
  element: maybe,
  default: maybe,
  isCollatable: flag,
  ...ownedRow,
});

/**
 * Base types, without the array that each type has, and shells, which wait to be defined;
 * https://www.postgresql.org/docs/current/sql-createtype.html
 */
export const baseType = wholeExtractor({
  name: "base type",
  isThere: (has) => has("pg_type", "b") || has("pg_type", "p"),
  sql: (server, has) => `
    SELECT n.nspname                                      AS "schema",
           t.typname                                      AS "name",
           ${namedInSchema("t.typname")}                  AS "identity",
           t.typisdefined                                 AS "isDefined",
           ${functionNamed("t.typinput")}                 AS "input",
           ${functionNamed("t.typoutput")}                AS "output",
           ${functionNamed("t.typreceive")}               AS "receive",
           ${functionNamed("t.typsend")}                  AS "send",
           ${functionNamed("t.typmodin")}                 AS "typmodIn",
           ${functionNamed("t.typmodout")}                AS "typmodOut",
           ${functionNamed("t.typanalyze")}               AS "analyze",
           -- PostgreSQL's own go with ELEMENT, and are not there in 13
           ${since(
             server,
             14,
             `CASE WHEN t.typsubscript::oid >= 16384 THEN ${functionNamed("t.typsubscript")} END`,
             "NULL",
           )}                                             AS "subscript",
           CASE t.typlen WHEN -1 THEN 'variable' WHEN -2 THEN 'cstring' ELSE t.typlen::text END
                                                          AS "length",
           t.typbyval                                     AS "isByValue",
           CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4'
                           ELSE 'double' END              AS "alignment",
           CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
                             WHEN 'm' THEN 'main'  ELSE 'extended' END
                                                          AS "storage",
           t.typcategory                                  AS "category",
           t.typispreferred                               AS "isPreferred",
           NULLIF(t.typdelim::text, ',')                  AS "delimiter",
           CASE WHEN t.typelem <> 0 THEN pg_catalog.format_type(t.typelem, NULL) END
                                                          AS "element",
           t.typdefault                                   AS "default",
           t.typcollation <> 0                            AS "isCollatable",
           ${typeColumns(has)}
      FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE (t.typtype = 'b' OR (t.typtype = 'p' AND NOT t.typisdefined))
       AND t.oid NOT IN (SELECT e.typarray FROM pg_catalog.pg_type e)
       AND ${isUsersSchema("n.nspname")}
       AND ${isMade("t.oid", "pg_type")}`,
  row: rowSchema,
  fact: (row) => ({
    kind: row.isDefined ? "base type" : "shell type",
    identity: row.identity,
    schema: row.schema,
    name: row.name,
    facets: facetsOf({
      ...(row.isDefined ? { structure: structureOf(row), physical: { storage: row.storage } } : {}),
      ...ownedFacets(row),
    }),
  }),
});

const structureOf = (row: z.output<typeof rowSchema>) => ({
  input: row.input,
  output: row.output,
  receive: row.receive,
  send: row.send,
  typmodIn: row.typmodIn,
  typmodOut: row.typmodOut,
  analyze: row.analyze,
  subscript: row.subscript,
  length: row.length,
  byValue: row.isByValue,
  alignment: row.alignment,
  category: row.category,
  preferred: row.isPreferred,
  delimiter: row.delimiter,
  element: row.element,
  default: row.default,
  collatable: row.isCollatable,
});

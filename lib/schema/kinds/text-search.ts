import * as z from "zod";
import { maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, functionNamed, isMade, isUsersSchema, namedInSchema } from "../fragments.ts";

const parserRow = z.object({
  schema: text,
  name: text,
  identity: text,
  start: maybe,
  token: maybe,
  end: maybe,
  lexTypes: maybe,
  headline: maybe,
  comment: maybe,
});

/** https://www.postgresql.org/docs/current/textsearch.html Parsers and templates have no owner. */
export const textSearchParser = wholeExtractor({
  name: "text search parser",
  isThere: (has) => has("pg_ts_parser"),
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           p.prsname                                      AS "name",
           ${namedInSchema("p.prsname")}                  AS "identity",
           ${functionNamed("p.prsstart")}                 AS "start",
           ${functionNamed("p.prstoken")}                 AS "token",
           ${functionNamed("p.prsend")}                   AS "end",
           ${functionNamed("p.prslextype")}               AS "lexTypes",
           ${functionNamed("p.prsheadline")}              AS "headline",
           ${commentOf(has, "p.oid", "pg_ts_parser")}          AS "comment"
      FROM pg_catalog.pg_ts_parser p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace
     WHERE ${isUsersSchema("n.nspname")}
       AND ${isMade("p.oid", "pg_ts_parser")}`,
  row: parserRow,
  fact: ({ schema, name, identity, comment, ...structure }) => ({
    kind: "text search parser",
    identity,
    schema,
    name,
    facets: facetsOf({ structure, comments: { comment } }),
  }),
});

export const textSearchTemplate = wholeExtractor({
  name: "text search template",
  isThere: (has) => has("pg_ts_template"),
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           t.tmplname                                     AS "name",
           ${namedInSchema("t.tmplname")}                 AS "identity",
           ${functionNamed("t.tmplinit")}                 AS "init",
           ${functionNamed("t.tmpllexize")}               AS "lexize",
           ${commentOf(has, "t.oid", "pg_ts_template")}        AS "comment"
      FROM pg_catalog.pg_ts_template t
      JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace
     WHERE ${isUsersSchema("n.nspname")}
       AND ${isMade("t.oid", "pg_ts_template")}`,
  row: z.object({
    schema: text,
    name: text,
    identity: text,
    init: maybe,
    lexize: maybe,
    comment: maybe,
  }),
  fact: ({ schema, name, identity, comment, ...structure }) => ({
    kind: "text search template",
    identity,
    schema,
    name,
    facets: facetsOf({ structure, comments: { comment } }),
  }),
});

import * as z from "zod";
import { flag, maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { classOf, commentOf, functionNamed, identityOf, isMade } from "../fragments.ts";
import { ownedColumns, ownedRow } from "../owned.ts";
import { privilegesOf } from "../privileges.ts";

/**
 * Languages. Of those that PostgreSQL or an extension brought we tell who may use them: the trusted
 * ones are everybody's, and taking that away is a usual precaution.
 */
export const language = wholeExtractor({
  name: "language",
  sql: (_server, has) => `
    SELECT l.lanname                                      AS "name",
           pg_catalog.quote_ident(l.lanname)              AS "identity",
           l.lanpltrusted                                 AS "isTrusted",
           ${functionNamed("l.lanplcallfoid")}            AS "handler",
           ${functionNamed("l.laninline")}                AS "inline",
           ${functionNamed("l.lanvalidator")}             AS "validator",
           ${isMade("l.oid", "pg_language")}
                                                          AS "isOurs",
           (SELECT pg_catalog.quote_ident(e.extname)
              FROM pg_catalog.pg_depend d
              JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
             WHERE d.classid = ${classOf("pg_language")} AND d.objid = l.oid AND d.deptype = 'e')
                                                          AS "extension",
           ${ownedColumns(has, "l.lan", "pg_language", "l")}
      FROM pg_catalog.pg_language l
     WHERE l.lanpltrusted OR (${isMade("l.oid", "pg_language")})`,
  row: z.object({
    name: text,
    identity: text,
    isTrusted: flag,
    handler: maybe,
    inline: maybe,
    validator: maybe,
    isOurs: flag,
    extension: maybe,
    ...ownedRow,
  }),
  fact: (row) => ({
    kind: "language",
    identity: row.identity,
    name: row.name,
    ...(row.extension === null
      ? {}
      : { partOf: [keyOf({ kind: "extension", identity: row.extension })] }),
    facets: facetsOf({
      ...(row.isOurs
        ? {
            structure: {
              trusted: row.isTrusted,
              handler: row.handler,
              inline: row.inline,
              validator: row.validator,
            },
            ownership: { owner: row.owner },
            comments: { comment: row.comment },
          }
        : {}),
      privileges: privilegesOf(row.acl, row.usualAcl, row.owner),
    }),
  }),
});

/**
 * How a language takes values of a type, and gives them back: `for app.mood language app_lang`.
 * pg_identify_object() said `on language` in 13.
 */
export const transform = wholeExtractor({
  name: "transform",
  isThere: (has) => has("pg_transform"),
  sql: (_server, has) => `
    SELECT 'for ' || ${identityOf("f.trftype", "pg_type")} || ' language '
             || pg_catalog.quote_ident(l.lanname)         AS "identity",
           pg_catalog.format_type(f.trftype, NULL)        AS "type",
           pg_catalog.quote_ident(l.lanname)              AS "language",
           ${functionNamed("f.trffromsql")}               AS "fromSql",
           ${functionNamed("f.trftosql")}                 AS "toSql",
           ${commentOf(has, "f.oid", "pg_transform")}          AS "comment"
      FROM pg_catalog.pg_transform f
      JOIN pg_catalog.pg_language l ON l.oid = f.trflang
     WHERE ${isMade("f.oid", "pg_transform")}`,
  row: z.object({
    identity: text,
    type: text,
    language: text,
    fromSql: maybe,
    toSql: maybe,
    comment: maybe,
  }),
  fact: ({ identity, comment, ...structure }) => ({
    kind: "transform",
    identity,
    name: identity,
    facets: facetsOf({ structure, comments: { comment } }),
  }),
});

import * as z from "zod";
import { flag, maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, isMade, isUsersSchema, namedInSchema, since } from "../fragments.ts";

/** Up to 14 an ICU locale stands where those of libc do; 17 renamed its column, and has a third. */
const locale = (versionNum: number): string => {
  if (versionNum >= 170_000) return "l.colllocale";
  if (versionNum >= 150_000) return "l.colliculocale";
  return "CASE WHEN l.collprovider = 'i' THEN l.collcollate END";
};

/**
 * Collations that this database can use; https://www.postgresql.org/docs/current/sql-createcollation.html
 * collversion is left out: it is what the operating system had when the collation was made here,
 * and another after every restore.
 */
export const collation = wholeExtractor({
  name: "collation",
  isThere: (has) => has("pg_collation"),
  sql: (server, has) => `
    SELECT n.nspname                                      AS "schema",
           l.collname                                     AS "name",
           ${namedInSchema("l.collname")}                 AS "identity",
           CASE l.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin'
                               ELSE 'default' END         AS "provider",
           NOT l.collisdeterministic                      AS "isNondeterministic",
           ${locale(server.versionNum)}                   AS "locale",
           CASE WHEN l.collprovider = 'c' THEN l.collcollate END
                                                          AS "collate",
           CASE WHEN l.collprovider = 'c' THEN l.collctype END
                                                          AS "ctype",
           ${since(server, 16, "l.collicurules", "NULL")} AS "rules",
           pg_catalog.pg_get_userbyid(l.collowner)        AS "owner",
           ${commentOf(has, "l.oid", "pg_collation")}          AS "comment"
      FROM pg_catalog.pg_collation l
      JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
     WHERE l.collencoding IN (-1, pg_catalog.pg_char_to_encoding(pg_catalog.getdatabaseencoding()))
       AND ${isUsersSchema("n.nspname")}
       AND ${isMade("l.oid", "pg_collation")}`,
  row: z.object({
    schema: text,
    name: text,
    identity: text,
    provider: text,
    isNondeterministic: flag,
    locale: maybe,
    collate: maybe,
    ctype: maybe,
    rules: maybe,
    owner: text,
    comment: maybe,
  }),
  fact: (row) => ({
    kind: "collation",
    identity: row.identity,
    schema: row.schema,
    name: row.name,
    facets: facetsOf({
      structure: {
        provider: row.provider,
        nondeterministic: row.isNondeterministic,
        locale: row.locale,
        collate: row.collate,
        ctype: row.ctype,
        rules: row.rules,
      },
      ownership: { owner: row.owner },
      comments: { comment: row.comment },
    }),
  }),
});

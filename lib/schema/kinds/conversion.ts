import * as z from "zod";
import { flag, maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, isMade, isUsersSchema, namedInSchema } from "../fragments.ts";

export const conversion = wholeExtractor({
  name: "conversion",
  isThere: (has) => has("pg_conversion"),
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           c.conname                                      AS "name",
           ${namedInSchema("c.conname")}                  AS "identity",
           pg_catalog.pg_encoding_to_char(c.conforencoding)
                                                          AS "source",
           pg_catalog.pg_encoding_to_char(c.contoencoding)
                                                          AS "target",
           -- its arguments are what the server asks for: one more from 14 on
           NULLIF(c.conproc::text, '-')                   AS "function",
           c.condefault                                   AS "isDefault",
           pg_catalog.pg_get_userbyid(c.conowner)         AS "owner",
           ${commentOf(has, "c.oid", "pg_conversion")}         AS "comment"
      FROM pg_catalog.pg_conversion c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
     WHERE ${isUsersSchema("n.nspname")}
       AND ${isMade("c.oid", "pg_conversion")}`,
  row: z.object({
    schema: text,
    name: text,
    identity: text,
    source: text,
    target: text,
    function: maybe,
    isDefault: flag,
    owner: text,
    comment: maybe,
  }),
  fact: (row) => ({
    kind: "conversion",
    identity: row.identity,
    schema: row.schema,
    name: row.name,
    facets: facetsOf({
      structure: {
        source: row.source,
        target: row.target,
        function: row.function,
        default: row.isDefault,
      },
      ownership: { owner: row.owner },
      comments: { comment: row.comment },
    }),
  }),
});

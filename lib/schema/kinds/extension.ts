import * as z from "zod";
import { maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf } from "../fragments.ts";

/** Its members are left to it: its version says what they are. */
export const extension = wholeExtractor({
  name: "extension",
  sql: () => `
    SELECT e.extname                                      AS "name",
           pg_catalog.quote_ident(e.extname)              AS "identity",
           e.extversion                                   AS "version",
           n.nspname                                      AS "schema",
           pg_catalog.pg_get_userbyid(e.extowner)         AS "owner",
           ${commentOf("e.oid", "pg_extension")}          AS "comment"
      FROM pg_catalog.pg_extension e
      JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace`,
  row: z.object({
    name: text,
    identity: text,
    version: text,
    schema: text,
    owner: text,
    comment: maybe,
  }),
  fact: ({ name, identity, version, schema, owner, comment }) => ({
    kind: "extension",
    identity,
    name,
    facets: facetsOf({
      structure: { version, schema },
      ownership: { owner },
      comments: { comment },
    }),
  }),
});

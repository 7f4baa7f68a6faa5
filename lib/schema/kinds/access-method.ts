import * as z from "zod";
import { maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, functionNamed, isMade } from "../fragments.ts";

export const accessMethod = wholeExtractor({
  name: "access method",
  isThere: (has) => has("pg_am"),
  sql: (_server, has) => `
    SELECT a.amname                                       AS "name",
           pg_catalog.quote_ident(a.amname)               AS "identity",
           CASE a.amtype WHEN 't' THEN 'table' ELSE 'index' END
                                                          AS "type",
           ${functionNamed("a.amhandler")}                AS "handler",
           ${commentOf(has, "a.oid", "pg_am")}                 AS "comment"
      FROM pg_catalog.pg_am a
     WHERE ${isMade("a.oid", "pg_am")}`,
  row: z.object({ name: text, identity: text, type: text, handler: maybe, comment: maybe }),
  fact: ({ name, identity, type, handler, comment }) => ({
    kind: "access method",
    identity,
    name,
    facets: facetsOf({ structure: { type, handler }, comments: { comment } }),
  }),
});

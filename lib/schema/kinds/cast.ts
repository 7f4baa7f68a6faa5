import * as z from "zod";
import { maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, functionNamed, identityOf, isMade, isNoPartOfType } from "../fragments.ts";

/** Casts stand in no schema: `(integer AS app.mood)`. */
export const cast = wholeExtractor({
  name: "cast",
  isThere: (has) => has("pg_cast"),
  sql: (_server, has) => `
    SELECT ${identityOf("c.oid", "pg_cast")}              AS "identity",
           CASE c.castmethod WHEN 'b' THEN 'binary' WHEN 'i' THEN 'inout' ELSE 'function' END
                                                          AS "method",
           ${functionNamed("c.castfunc")}                 AS "function",
           CASE c.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' END
                                                          AS "context",
           ${commentOf(has, "c.oid", "pg_cast")}               AS "comment"
      FROM pg_catalog.pg_cast c
     WHERE ${isMade("c.oid", "pg_cast")}
       AND ${isNoPartOfType("c.oid", "pg_cast")}`,
  row: z.object({
    identity: text,
    method: text,
    function: maybe,
    context: maybe,
    comment: maybe,
  }),
  fact: ({ identity, method, function: called, context, comment }) => ({
    kind: "cast",
    identity,
    name: identity,
    facets: facetsOf({
      structure: { method, function: called, context },
      comments: { comment },
    }),
  }),
});

import * as z from "zod";
import { extractor, maybe, partOf, text, whole } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, isWanted } from "../fragments.ts";

/** Rules that somebody wrote: a view's own one is the view. */
export const rule = extractor({
  name: "rule",
  isThere: (has) => has("pg_rewrite"),
  sql: (_server, has) => `
    SELECT r.ev_class                                     AS "unit",
           r.oid                                          AS "oid",
           r.rulename                                     AS "name",
           pg_catalog.quote_ident(r.rulename)             AS "quoted",
           CASE r.ev_enabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas only'
                             WHEN 'A' THEN 'always' END   AS "fires",
           ${commentOf(has, "r.oid", "pg_rewrite")}            AS "comment"
      FROM pg_catalog.pg_rewrite r
     WHERE r.rulename <> '_RETURN'
       AND ${isWanted("r.ev_class", "table", "foreign table", "view")}`,
  row: z.object({ oid: whole, name: text, quoted: text, fires: maybe, comment: maybe }),
  prints: ({ oid }) => [{ as: "rule", oid }],
  fact: (row, unit, printed) => ({
    ...partOf("rule", row, unit),
    facets: facetsOf({
      structure: { definition: printed("rule", row.oid).replace(/;$/, "") },
      validity: { fires: row.fires },
      comments: { comment: row.comment },
    }),
  }),
});

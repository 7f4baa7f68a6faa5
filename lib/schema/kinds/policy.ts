import * as z from "zod";
import { extractor, flag, maybe, partOf, text, texts, whole } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, isWanted } from "../fragments.ts";

/** Row security policies; https://www.postgresql.org/docs/current/catalog-pg-policy.html */
export const policy = extractor({
  name: "policy",
  isThere: (has) => has("pg_policy"),
  sql: (_server, has) => `
    SELECT p.polrelid                                     AS "unit",
           p.oid                                          AS "oid",
           p.polname                                      AS "name",
           pg_catalog.quote_ident(p.polname)              AS "quoted",
           CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert'
                         WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' END
                                                          AS "command",
           NOT p.polpermissive                            AS "isRestrictive",
           -- 0 is PUBLIC, and stands alone
           CASE WHEN 0 <> ALL (p.polroles)
                THEN (SELECT pg_catalog.json_agg(pg_catalog.pg_get_userbyid(r.oid))
                        FROM pg_catalog.unnest(p.polroles) AS r (oid)) END
                                                          AS "roles",
           p.polqual IS NOT NULL                          AS "hasUsing",
           p.polwithcheck IS NOT NULL                     AS "hasCheck",
           ${commentOf(has, "p.oid", "pg_policy")}             AS "comment"
      FROM pg_catalog.pg_policy p
     WHERE ${isWanted("p.polrelid", "table", "foreign table")}`,
  row: z.object({
    oid: whole,
    name: text,
    quoted: text,
    command: maybe,
    isRestrictive: flag,
    roles: texts,
    hasUsing: flag,
    hasCheck: flag,
    comment: maybe,
  }),
  prints: ({ oid, hasUsing, hasCheck }) => [
    ...(hasUsing ? [{ as: "policy using", oid } as const] : []),
    ...(hasCheck ? [{ as: "policy check", oid } as const] : []),
  ],
  fact: (row, unit, printed) => ({
    ...partOf("policy", row, unit),
    facets: facetsOf({
      structure: {
        command: row.command,
        restrictive: row.isRestrictive,
        roles: row.roles?.toSorted(),
        using: row.hasUsing ? printed("policy using", row.oid) : null,
        withCheck: row.hasCheck ? printed("policy check", row.oid) : null,
      },
      comments: { comment: row.comment },
    }),
  }),
});

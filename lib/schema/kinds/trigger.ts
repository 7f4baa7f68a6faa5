import * as z from "zod";
import { extractor, maybe, partOf, text, whole } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { commentOf, isWanted, relationNamed } from "../fragments.ts";

/**
 * Triggers that somebody wrote; https://www.postgresql.org/docs/current/catalog-pg-trigger.html
 * Up to 14 a partition's copy of its parent's row trigger counts as internal, from 15 on not: it is
 * a fact on both. Internal ones that enforce a constraint are a state of it: see constraint.ts.
 */
export const trigger = extractor({
  name: "trigger",
  sql: (_server, has) => `
    SELECT t.tgrelid                                      AS "unit",
           t.tgname                                       AS "name",
           pg_catalog.quote_ident(t.tgname)               AS "quoted",
           t.oid                                          AS "oid",
           -- without a WHEN it opens no relation: pg_get_triggerdef_worker() in ruleutils.c
           CASE WHEN t.tgqual IS NULL
                THEN pg_catalog.pg_get_triggerdef(t.oid) END
                                                          AS "definition",
           CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas only'
                            WHEN 'A' THEN 'always' END    AS "fires",
           CASE WHEN t.tgparentid <> 0
                THEN (SELECT pg_catalog.quote_ident(pt.tgname) || ' on '
                               || ${relationNamed("pt.tgrelid")}
                        FROM pg_catalog.pg_trigger pt WHERE pt.oid = t.tgparentid) END
                                                          AS "parent",
           ${commentOf(has, "t.oid", "pg_trigger")}            AS "comment"
      FROM pg_catalog.pg_trigger t
     WHERE (NOT t.tgisinternal OR (t.tgparentid <> 0 AND t.tgconstraint = 0))
       AND ${isWanted("t.tgrelid", "table", "foreign table", "view")}`,
  row: z.object({
    name: text,
    quoted: text,
    oid: whole,
    definition: maybe,
    fires: maybe,
    parent: maybe,
    comment: maybe,
  }),
  prints: ({ oid, definition }) => (definition === null ? [{ as: "trigger", oid }] : []),
  fact: (row, unit, printed) => ({
    ...partOf("trigger", row, unit),
    ...(row.parent === null ? {} : { follows: [keyOf({ kind: "trigger", identity: row.parent })] }),
    facets: facetsOf({
      structure: { definition: printed("trigger", row.oid, row.definition) },
      inheritance: { copyOf: row.parent },
      validity: { fires: row.fires },
      comments: { comment: row.comment },
    }),
  }),
});

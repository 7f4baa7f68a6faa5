import * as z from "zod";
import { maybe, text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { classOf, commentOf, isNoMember } from "../fragments.ts";

export const eventTrigger = wholeExtractor({
  name: "event trigger",
  isThere: (has) => has("pg_event_trigger"),
  sql: (_server, has) => `
    SELECT e.evtname                                      AS "name",
           pg_catalog.quote_ident(e.evtname)              AS "identity",
           e.evtevent                                     AS "event",
           pg_catalog.to_json(e.evttags)                  AS "tags",
           COALESCE((pg_catalog.pg_identify_object(${classOf("pg_proc")}, e.evtfoid, 0)).identity,
                    '')                                   AS "function",
           CASE e.evtenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas only'
                             WHEN 'A' THEN 'always' END   AS "fires",
           pg_catalog.pg_get_userbyid(e.evtowner)         AS "owner",
           ${commentOf(has, "e.oid", "pg_event_trigger")}      AS "comment"
      FROM pg_catalog.pg_event_trigger e
     WHERE ${isNoMember("e.oid", "pg_event_trigger")}`,
  row: z.object({
    name: text,
    identity: text,
    event: text,
    tags: texts,
    function: text,
    fires: maybe,
    owner: text,
    comment: maybe,
  }),
  fact: (row) => ({
    kind: "event trigger",
    identity: row.identity,
    name: row.name,
    facets: facetsOf({
      structure: { event: row.event, tags: row.tags?.toSorted(), function: row.function },
      validity: { fires: row.fires },
      ownership: { owner: row.owner },
      comments: { comment: row.comment },
    }),
  }),
});

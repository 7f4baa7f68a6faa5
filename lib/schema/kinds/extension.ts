import * as z from "zod";
import { flag, maybe, text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, relationNamed } from "../fragments.ts";

/** Its members are left to it: its version says what they are. */
export const extension = wholeExtractor({
  name: "extension",
  sql: (_server, has) => `
    SELECT e.extname                                      AS "name",
           pg_catalog.quote_ident(e.extname)              AS "identity",
           e.extversion                                   AS "version",
           n.nspname                                      AS "schema",
           e.extrelocatable                               AS "isRelocatable",
           -- tables of which a dump keeps rows
           (SELECT pg_catalog.json_agg(pg_catalog.btrim(${relationNamed("x.oid")} || ' ' || x.rows))
              FROM ROWS FROM (pg_catalog.unnest(e.extconfig),
                              pg_catalog.unnest(e.extcondition)) AS x (oid, rows))
                                                          AS "configuration",
           pg_catalog.pg_get_userbyid(e.extowner)         AS "owner",
           ${commentOf(has, "e.oid", "pg_extension")}          AS "comment"
      FROM pg_catalog.pg_extension e
      JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace`,
  row: z.object({
    name: text,
    identity: text,
    version: text,
    schema: text,
    isRelocatable: flag,
    configuration: texts,
    owner: text,
    comment: maybe,
  }),
  fact: ({ name, identity, version, schema, isRelocatable, configuration, owner, comment }) => ({
    kind: "extension",
    identity,
    name,
    facets: facetsOf({
      structure: {
        version,
        schema,
        relocatable: isRelocatable,
        configuration: configuration?.toSorted(),
      },
      ownership: { owner },
      comments: { comment },
    }),
  }),
});

import * as z from "zod";
import { extractor, flag, text, texts, whole } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { isWanted, since } from "../fragments.ts";

/** What a publication names: tables, from 15 on with their columns and a row filter. */
export const publicationTable = extractor({
  name: "publication table",
  isThere: (has) => has("pg_publication_rel"),
  sql: (server) => `
    SELECT r.prrelid                                      AS "unit",
           r.oid                                          AS "oid",
           pg_catalog.quote_ident(p.pubname)              AS "publication",
           ${since(
             server,
             15,
             `(SELECT pg_catalog.json_agg(a.attname)
              FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))`,
             "NULL",
           )}                                             AS "columns",
           ${since(server, 15, "r.prqual IS NOT NULL", "false")}
                                                          AS "hasFilter"
      FROM pg_catalog.pg_publication_rel r
      JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
     WHERE ${isWanted("r.prrelid", "table")}`,
  row: z.object({ oid: whole, publication: text, columns: texts, hasFilter: flag }),
  prints: ({ oid, hasFilter }) => (hasFilter ? [{ as: "row filter", oid }] : []),
  fact: (row, unit, printed) => ({
    kind: "publication table",
    identity: `${unit.identity} in publication ${row.publication}`,
    schema: unit.schema,
    name: unit.name,
    table: unit.name,
    partOf: [keyOf(unit), keyOf({ kind: "publication", identity: row.publication })],
    facets: facetsOf({
      structure: {
        columns: row.columns?.toSorted(),
        filter: row.hasFilter ? printed("row filter", row.oid) : null,
      },
    }),
  }),
});

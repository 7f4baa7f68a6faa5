import * as z from "zod";
import { text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { isNoMember, isUsersSchema } from "../fragments.ts";
import { ownedFacets, ownedRow, typeColumns } from "../owned.ts";

/** The order of an enum's labels is how its values compare: enumsortorder, never the OIDs. */
export const enumType = wholeExtractor({
  name: "enum",
  isThere: (has) => has("pg_type", "e"),
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           t.typname                                      AS "name",
           pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname)
                                                          AS "identity",
           (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder)
              FROM pg_catalog.pg_enum e
             WHERE e.enumtypid = t.oid)                   AS "labels",
           ${typeColumns(has)}
      FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE t.typtype = 'e'
       AND ${isUsersSchema("n.nspname")}
       AND ${isNoMember("t.oid", "pg_type")}`,
  row: z.object({
    schema: text,
    name: text,
    identity: text,
    labels: texts,
    ...ownedRow,
  }),
  fact: (row) => ({
    kind: "enum",
    identity: row.identity,
    schema: row.schema,
    name: row.name,
    facets: facetsOf({
      structure: { labels: row.labels },
      ...ownedFacets(row),
    }),
  }),
});

import * as z from "zod";
import { extractor, maybe, text, whole } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { commentOf, isWanted } from "../fragments.ts";

/** Extended statistics; https://www.postgresql.org/docs/current/catalog-pg-statistic-ext.html */
export const statistics = extractor({
  name: "statistics",
  isThere: (has) => has("pg_statistic_ext"),
  sql: (_server, has) => `
    SELECT s.stxrelid                                     AS "unit",
           s.oid                                          AS "oid",
           s.stxname                                      AS "name",
           pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(s.stxname)
                                                          AS "identity",
           -- the default is -1 up to 16 and NULL from 17 on
           NULLIF(s.stxstattarget, -1)                    AS "target",
           pg_catalog.pg_get_userbyid(s.stxowner)         AS "owner",
           ${commentOf(has, "s.oid", "pg_statistic_ext")}      AS "comment"
      FROM pg_catalog.pg_statistic_ext s
      JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
     WHERE ${isWanted("s.stxrelid", "table", "foreign table", "materialized view")}`,
  row: z.object({
    oid: whole,
    name: text,
    identity: text,
    target: whole.nullable(),
    owner: text,
    comment: maybe,
  }),
  prints: ({ oid }) => [{ as: "statistics", oid }],
  fact: (row, unit, printed) => ({
    kind: "statistics",
    identity: row.identity,
    schema: unit.schema, // it stands under its table; its own schema is in its identity
    name: row.name,
    table: unit.name,
    partOf: [keyOf(unit)],
    facets: facetsOf({
      structure: { definition: printed("statistics", row.oid) },
      ownership: { owner: row.owner },
      comments: { comment: row.comment },
      physical: { target: row.target },
    }),
  }),
});

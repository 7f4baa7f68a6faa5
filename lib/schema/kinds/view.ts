import * as z from "zod";
import { extractor, flag, maybe, texts } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { columnsOf, isWanted } from "../fragments.ts";
import { ownedColumns, ownedFacets, ownedRow } from "../owned.ts";

/**
 * Views and materialized views. pg_get_viewdef() takes ACCESS SHARE on every table under the view
 * and keeps it until the transaction ends: AcquireRewriteLocks() in
 * src/backend/rewrite/rewriteHandler.c. So few are printed at a time.
 */
export const view = extractor({
  name: "view",
  sql: (_server, has) => `
    SELECT c.oid                                          AS "unit",
           pg_catalog.to_json(c.reloptions)               AS "options",
           c.relispopulated                               AS "isPopulated",
           (SELECT a.amname FROM pg_catalog.pg_am a
             WHERE a.oid = c.relam AND a.amname <> 'heap')
                                                          AS "accessMethod",
           (SELECT s.spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace)
                                                          AS "tablespace",
           ${ownedColumns(has, "c.rel", "pg_class", "r")},
           ${columnsOf("c.oid")}                          AS "columns"
      FROM pg_catalog.pg_class c
     WHERE ${isWanted("c.oid", "view", "materialized view")}`,
  row: z.object({
    options: texts,
    isPopulated: flag,
    accessMethod: maybe,
    tablespace: maybe,
    ...ownedRow,
    columns: texts,
  }),
  prints: (_row, { oid }) => [{ as: "view", oid }],
  fact: (row, { oid, kind, identity, schema, name }, printed) => ({
    kind,
    identity,
    schema,
    name,
    facets: facetsOf({
      structure: {
        definition: printed("view", oid),
        // security_invoker, security_barrier and check_option change what a view lets through.
        options: kind === "view" ? row.options?.toSorted() : null,
      },
      validity: { notPopulated: !row.isPopulated },
      ...ownedFacets(row),
      physical: {
        accessMethod: row.accessMethod,
        tablespace: row.tablespace,
        options: kind === "view" ? null : row.options?.toSorted(),
      },
      columnOrder: { columns: row.columns },
    }),
  }),
});

import * as z from "zod";
import { extractor, flag, maybe, text, texts } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { aclOf, commentOf, isWanted, usualAclOf } from "../fragments.ts";
import { privilegesOf } from "../privileges.ts";

/**
 * Views and materialized views. pg_get_viewdef() takes ACCESS SHARE on every table under the view
 * and keeps it until the transaction ends: AcquireRewriteLocks() in
 * src/backend/rewrite/rewriteHandler.c. So few are printed at a time.
 */
export const view = extractor({
  name: "view",
  sql: () => `
    SELECT c.oid                                          AS "unit",
           pg_catalog.to_json(c.reloptions)               AS "options",
           c.relispopulated                               AS "isPopulated",
           (SELECT a.amname FROM pg_catalog.pg_am a
             WHERE a.oid = c.relam AND a.amname <> 'heap')
                                                          AS "accessMethod",
           (SELECT s.spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace)
                                                          AS "tablespace",
           ${aclOf("c.relacl")}                           AS "acl",
           ${usualAclOf("c.relacl", "r", "c.relowner")}   AS "usualAcl",
           pg_catalog.pg_get_userbyid(c.relowner)         AS "owner",
           ${commentOf("c.oid", "pg_class")}              AS "comment",
           (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
                                                          AS "columns"
      FROM pg_catalog.pg_class c
     WHERE ${isWanted("c.oid", "v", "m")}`,
  row: z.object({
    options: texts,
    isPopulated: flag,
    accessMethod: maybe,
    tablespace: maybe,
    acl: texts,
    usualAcl: texts,
    owner: text,
    comment: maybe,
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
      privileges: privilegesOf(row.acl, row.usualAcl, row.owner),
      ownership: { owner: row.owner },
      comments: { comment: row.comment },
      physical: {
        accessMethod: row.accessMethod,
        tablespace: row.tablespace,
        options: kind === "view" ? null : row.options?.toSorted(),
      },
      columnOrder: { columns: row.columns },
    }),
  }),
});

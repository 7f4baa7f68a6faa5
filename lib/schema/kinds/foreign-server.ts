import * as z from "zod";
import { maybe, text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { isNoMember } from "../fragments.ts";
import { ownedColumns, ownedFacets, ownedRow } from "../owned.ts";
import { withoutSecrets } from "../secret.ts";

export const foreignDataWrapper = wholeExtractor({
  name: "foreign-data wrapper",
  isThere: (has) => has("pg_foreign_data_wrapper"),
  sql: (_server, has) => `
    SELECT w.fdwname                                      AS "name",
           pg_catalog.quote_ident(w.fdwname)              AS "identity",
           NULLIF(w.fdwhandler::pg_catalog.regproc::text, '-')
                                                          AS "handler",
           NULLIF(w.fdwvalidator::pg_catalog.regproc::text, '-')
                                                          AS "validator",
           pg_catalog.to_json(w.fdwoptions)               AS "options",
           ${ownedColumns(has, "w.fdw", "pg_foreign_data_wrapper", "F")}
      FROM pg_catalog.pg_foreign_data_wrapper w
     WHERE ${isNoMember("w.oid", "pg_foreign_data_wrapper")}`,
  row: z.object({
    name: text,
    identity: text,
    handler: maybe,
    validator: maybe,
    options: texts,
    ...ownedRow,
  }),
  fact: (row) => ({
    kind: "foreign-data wrapper",
    identity: row.identity,
    name: row.name,
    facets: facetsOf({
      structure: {
        handler: row.handler,
        validator: row.validator,
        options: withoutSecrets(row.options),
      },
      ...ownedFacets(row),
    }),
  }),
});

export const foreignServer = wholeExtractor({
  name: "server",
  isThere: (has) => has("pg_foreign_server"),
  sql: (_server, has) => `
    SELECT s.srvname                                      AS "name",
           pg_catalog.quote_ident(s.srvname)              AS "identity",
           pg_catalog.quote_ident(w.fdwname)              AS "wrapper",
           s.srvtype                                      AS "type",
           s.srvversion                                   AS "version",
           pg_catalog.to_json(s.srvoptions)               AS "options",
           ${ownedColumns(has, "s.srv", "pg_foreign_server", "S")}
      FROM pg_catalog.pg_foreign_server s
      JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
     WHERE ${isNoMember("s.oid", "pg_foreign_server")}`,
  row: z.object({
    name: text,
    identity: text,
    wrapper: text,
    type: maybe,
    version: maybe,
    options: texts,
    ...ownedRow,
  }),
  fact: (row) => ({
    kind: "server",
    identity: row.identity,
    name: row.name,
    partOf: [keyOf({ kind: "foreign-data wrapper", identity: row.wrapper })],
    facets: facetsOf({
      structure: {
        wrapper: row.wrapper,
        type: row.type,
        version: row.version,
        options: withoutSecrets(row.options),
      },
      ...ownedFacets(row),
    }),
  }),
});

/**
 * That there is one. Its options may hold a password, and pg_user_mapping is for superusers: the
 * view gives them to some readers and not to others, so they are no part of a snapshot.
 */
export const userMapping = wholeExtractor({
  name: "user mapping",
  isThere: (has) => has("pg_user_mappings"),
  sql: () => `
    SELECT CASE WHEN m.umuser = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(m.umuser) END
                                                          AS "name",
           pg_catalog.quote_ident(m.srvname)              AS "server"
      FROM pg_catalog.pg_user_mappings m`,
  row: z.object({ name: text, server: text }),
  fact: ({ name, server }) => ({
    kind: "user mapping",
    identity: `${name} on server ${server}`,
    name,
    partOf: [keyOf({ kind: "server", identity: server })],
    facets: {},
  }),
});

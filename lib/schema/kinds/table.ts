import * as z from "zod";
import { extractor, flag, maybe, texts } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { columnsOf, isWanted, relationNamed } from "../fragments.ts";
import { ownedColumns, ownedFacets, ownedRow } from "../owned.ts";
import { withoutSecrets } from "../secret.ts";

/** Plain, partitioned and foreign tables: https://www.postgresql.org/docs/current/catalog-pg-class.html */
export const table = extractor({
  name: "table",
  sql: (server, has) => `
    SELECT c.oid                                          AS "unit",
           c.relpersistence = 'u'                         AS "isUnlogged",
           c.relkind = 'p'                                AS "isPartitioned",
           c.relispartition                               AS "isPartition",
           ${
             has("pg_inherits")
               ? `(SELECT pg_catalog.json_agg(${relationNamed("h.inhparent")} ORDER BY h.inhseqno)
              FROM pg_catalog.pg_inherits h
             WHERE h.inhrelid = c.oid)`
               : "NULL"
           }                                              AS "parents",
           ${
             has("pg_inherits") && server.versionNum >= 140_000
               ? `c.relispartition
             AND EXISTS (SELECT FROM pg_catalog.pg_inherits h
                          WHERE h.inhrelid = c.oid AND h.inhdetachpending)`
               : "false"
           }                                              AS "isDetaching",
           CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END
                                                          AS "ofType",
           c.relrowsecurity                               AS "rowSecurity",
           c.relforcerowsecurity                          AS "forceRowSecurity",
           -- d is the primary key; an index that is the replica identity says so itself
           CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END
                                                          AS "replicaIdentity",
           CASE WHEN c.relam <> 2                      -- heap: HEAP_TABLE_AM_OID in pg_am.dat
                THEN (SELECT a.amname FROM pg_catalog.pg_am a WHERE a.oid = c.relam) END
                                                          AS "accessMethod",
           CASE WHEN c.reltablespace <> 0
                THEN (SELECT s.spcname FROM pg_catalog.pg_tablespace s
                       WHERE s.oid = c.reltablespace) END AS "tablespace",
           pg_catalog.to_json(c.reloptions)               AS "options",
           (SELECT pg_catalog.to_json(t.reloptions) FROM pg_catalog.pg_class t
             WHERE t.oid = c.reltoastrelid)               AS "toastOptions",
           ${
             has("pg_foreign_table")
               ? `CASE WHEN c.relkind = 'f'
                THEN (SELECT pg_catalog.quote_ident(fs.srvname)
                        FROM pg_catalog.pg_foreign_table f
                        JOIN pg_catalog.pg_foreign_server fs ON fs.oid = f.ftserver
                       WHERE f.ftrelid = c.oid) END       AS "server",
           CASE WHEN c.relkind = 'f'
                THEN (SELECT pg_catalog.to_json(f.ftoptions) FROM pg_catalog.pg_foreign_table f
                       WHERE f.ftrelid = c.oid) END`
               : `NULL                                    AS "server",
           NULL`
           }                                              AS "serverOptions",
           ${ownedColumns(has, "c.rel", "pg_class", "r")},
           ${columnsOf("c.oid")}                          AS "columns"
      FROM pg_catalog.pg_class c
     WHERE ${isWanted("c.oid", "table", "foreign table")}`,
  row: z.object({
    isUnlogged: flag,
    isPartitioned: flag,
    isPartition: flag,
    isDetaching: flag,
    rowSecurity: flag,
    forceRowSecurity: flag,
    columns: texts,
    ...ownedRow,
    parents: texts,
    ofType: maybe,
    replicaIdentity: maybe,
    accessMethod: maybe,
    tablespace: maybe,
    options: texts,
    toastOptions: texts,
    server: maybe,
    serverOptions: texts,
  }),
  prints: (row, { oid }) => [
    ...(row.isPartitioned ? [{ as: "partition key", oid } as const] : []),
    ...(row.isPartition ? [{ as: "partition bound", oid } as const] : []),
  ],
  fact: (row, { oid, kind, identity, schema, name }, printed) => ({
    kind,
    identity,
    schema,
    name,
    ...(row.server === null ? {} : { partOf: [keyOf({ kind: "server", identity: row.server })] }),
    facets: facetsOf({
      structure: {
        unlogged: row.isUnlogged,
        partitionBy: row.isPartitioned ? printed("partition key", oid) : null,
        ofType: row.ofType,
        rowSecurity: row.rowSecurity,
        forceRowSecurity: row.forceRowSecurity,
        replicaIdentity: row.replicaIdentity,
        server: row.server,
        options: withoutSecrets(row.serverOptions),
      },
      inheritance: {
        partitionOf: row.isPartition ? row.parents?.[0] : null,
        bound: row.isPartition ? printed("partition bound", oid) : null,
        inherits: row.isPartition ? null : row.parents,
      },
      validity: { detachPending: row.isDetaching },
      ...ownedFacets(row),
      physical: {
        accessMethod: row.accessMethod,
        tablespace: row.tablespace,
        options: [
          ...(row.options ?? []),
          ...(row.toastOptions ?? []).map((option) => `toast.${option}`),
        ].sort(),
      },
      columnOrder: { columns: row.columns },
    }),
  }),
});

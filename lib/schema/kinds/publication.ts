import * as z from "zod";
import { flag, maybe, text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { commentOf, since } from "../fragments.ts";

/** https://www.postgresql.org/docs/current/catalog-pg-publication.html; its tables are facts of their own. */
export const publication = wholeExtractor({
  name: "publication",
  isThere: (has) => has("pg_publication"),
  sql: (server, has) => `
    SELECT p.pubname                                      AS "name",
           pg_catalog.quote_ident(p.pubname)              AS "identity",
           p.puballtables                                 AS "isOfAllTables",
           pg_catalog.to_json(pg_catalog.array_remove(
             ARRAY[CASE WHEN p.pubinsert   THEN 'insert' END,
                   CASE WHEN p.pubupdate   THEN 'update' END,
                   CASE WHEN p.pubdelete   THEN 'delete' END,
                   CASE WHEN p.pubtruncate THEN 'truncate' END], NULL))
                                                          AS "publishes",
           p.pubviaroot                                   AS "isViaRoot",
           ${since(server, 18, "CASE p.pubgencols WHEN 's' THEN 'stored' END", "NULL")}
                                                          AS "generatedColumns",
           pg_catalog.pg_get_userbyid(p.pubowner)         AS "owner",
           ${commentOf(has, "p.oid", "pg_publication")}        AS "comment"
      FROM pg_catalog.pg_publication p`,
  row: z.object({
    name: text,
    identity: text,
    isOfAllTables: flag,
    publishes: texts,
    isViaRoot: flag,
    generatedColumns: maybe,
    owner: text,
    comment: maybe,
  }),
  fact: (row) => ({
    kind: "publication",
    identity: row.identity,
    name: row.name,
    facets: facetsOf({
      structure: {
        allTables: row.isOfAllTables,
        publishes: row.publishes,
        viaRoot: row.isViaRoot,
        generatedColumns: row.generatedColumns,
      },
      ownership: { owner: row.owner },
      comments: { comment: row.comment },
    }),
  }),
});

/** From 15 on a publication may name schemas: all tables in them, those to come too. */
export const publicationSchema = wholeExtractor({
  name: "publication schema",
  isThere: (has) => has("pg_publication_namespace"),
  sql: (server) =>
    since(
      server,
      15,
      `
    SELECT n.nspname                                      AS "name",
           pg_catalog.quote_ident(n.nspname)              AS "schema",
           pg_catalog.quote_ident(p.pubname)              AS "publication"
      FROM pg_catalog.pg_publication_namespace x
      JOIN pg_catalog.pg_publication p ON p.oid = x.pnpubid
      JOIN pg_catalog.pg_namespace n   ON n.oid = x.pnnspid`,
      `SELECT '' AS "name", '' AS "schema", '' AS "publication" WHERE false`,
    ),
  row: z.object({ name: text, schema: text, publication: text }),
  fact: ({ name, schema, publication }) => ({
    kind: "publication schema",
    identity: `${schema} in publication ${publication}`,
    schema: name,
    name,
    partOf: [
      keyOf({ kind: "schema", identity: schema }),
      keyOf({ kind: "publication", identity: publication }),
    ],
    facets: {},
  }),
});

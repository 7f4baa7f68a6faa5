import * as z from "zod";
import { maybe, text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { commentOf, isMade, isUsersSchema, namedInSchema } from "../fragments.ts";
import { ownedFacets, ownedRow, typeColumns } from "../owned.ts";

/** Types that stand alone, not the row types that every table has. */
export const compositeType = wholeExtractor({
  name: "composite type",
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           t.typname                                      AS "name",
           ${namedInSchema("t.typname")}                  AS "identity",
           (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
                                                          AS "attributes",
           ${typeColumns(has)}
      FROM relation c
      JOIN pg_catalog.pg_type t      ON t.oid = c.type
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE c.kind = 'c'
       AND ${isUsersSchema("n.nspname")}
       AND ${isMade("t.oid", "pg_type")}`,
  row: z.object({
    schema: text,
    name: text,
    identity: text,
    attributes: texts,
    ...ownedRow,
  }),
  fact: ({ schema, name, identity, attributes, acl, usualAcl, owner, comment }) => ({
    kind: "composite type",
    identity,
    schema,
    name,
    facets: facetsOf({
      ...ownedFacets({ acl, usualAcl, owner, comment }),
      columnOrder: { columns: attributes },
    }),
  }),
});

export const attribute = wholeExtractor({
  name: "attribute",
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           a.attname                                      AS "name",
           ${namedInSchema("c.name")}                     AS "type",
           pg_catalog.quote_ident(a.attname)              AS "quoted",
           pg_catalog.format_type(a.atttypid, a.atttypmod)
                                                          AS "ofType",
           CASE WHEN a.attcollation <> t.typcollation
                THEN a.attcollation::pg_catalog.regcollation::text END
                                                          AS "collation",
           ${commentOf(has, "c.oid", "pg_class", "a.attnum")}  AS "comment"
      FROM relation c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.namespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
      JOIN pg_catalog.pg_type t      ON t.oid = a.atttypid
     WHERE c.kind = 'c' AND a.attnum > 0 AND NOT a.attisdropped
       AND ${isUsersSchema("n.nspname")}
       AND ${isMade("c.type", "pg_type")}`,
  row: z.object({
    schema: text,
    name: text,
    type: text,
    quoted: text,
    ofType: text,
    collation: maybe,
    comment: maybe,
  }),
  fact: ({ schema, name, type, quoted, ofType, collation, comment }) => ({
    kind: "attribute",
    identity: `${type}.${quoted}`,
    schema,
    name,
    partOf: [keyOf({ kind: "composite type", identity: type })],
    facets: facetsOf({
      structure: { type: ofType, collation },
      comments: { comment },
    }),
  }),
});

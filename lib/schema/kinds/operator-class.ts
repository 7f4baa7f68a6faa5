import * as z from "zod";
import { flag, maybe, text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { commentOf, functionNamed, identityOf, isMade, isUsersSchema } from "../fragments.ts";

/** What is in a class is told of its family: see below. */
export const operatorClass = wholeExtractor({
  name: "operator class",
  isThere: (has) => has("pg_opclass"),
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           c.opcname                                      AS "name",
           ${identityOf("c.oid", "pg_opclass")}           AS "identity",
           pg_catalog.format_type(c.opcintype, NULL)      AS "type",
           ${identityOf("c.opcfamily", "pg_opfamily")}    AS "family",
           c.opcdefault                                   AS "isDefault",
           CASE WHEN c.opckeytype <> 0 THEN pg_catalog.format_type(c.opckeytype, NULL) END
                                                          AS "storage",
           pg_catalog.pg_get_userbyid(c.opcowner)         AS "owner",
           ${commentOf(has, "c.oid", "pg_opclass")}            AS "comment"
      FROM pg_catalog.pg_opclass c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace
     WHERE ${isUsersSchema("n.nspname")}
       AND ${isMade("c.oid", "pg_opclass")}`,
  row: z.object({
    schema: text,
    name: text,
    identity: text,
    type: text,
    family: text,
    isDefault: flag,
    storage: maybe,
    owner: text,
    comment: maybe,
  }),
  fact: ({ schema, name, identity, type, family, isDefault, storage, owner, comment }) => ({
    kind: "operator class",
    identity,
    schema,
    name,
    facets: facetsOf({
      structure: { type, family, default: isDefault, storage },
      ownership: { owner },
      comments: { comment },
    }),
  }),
});

/**
 * Families with all their members. Which of them a class brought, and which were added, is told by
 * dependencies alone, and from 14 on an access method decides of what kind: amadjustmembers().
 */
export const operatorFamily = wholeExtractor({
  name: "operator family",
  isThere: (has) => has("pg_opfamily"),
  sql: (_server, has) => `
    SELECT n.nspname                                      AS "schema",
           f.opfname                                      AS "name",
           ${identityOf("f.oid", "pg_opfamily")}          AS "identity",
           (SELECT pg_catalog.json_agg('OPERATOR ' || o.amopstrategy || ' '
                     || o.amopopr::pg_catalog.regoperator::text
                     || CASE WHEN o.amopsortfamily <> 0
                             THEN ' FOR ORDER BY ' || ${identityOf("o.amopsortfamily", "pg_opfamily")}
                             ELSE '' END)
              FROM pg_catalog.pg_amop o
             WHERE o.amopfamily = f.oid)                  AS "operators",
           (SELECT pg_catalog.json_agg('FUNCTION ' || s.amprocnum || ' ('
                     || pg_catalog.format_type(s.amproclefttype, NULL) || ', '
                     || pg_catalog.format_type(s.amprocrighttype, NULL) || ') '
                     || ${functionNamed("s.amproc")})
              FROM pg_catalog.pg_amproc s
             WHERE s.amprocfamily = f.oid)                AS "functions",
           pg_catalog.pg_get_userbyid(f.opfowner)         AS "owner",
           ${commentOf(has, "f.oid", "pg_opfamily")}           AS "comment"
      FROM pg_catalog.pg_opfamily f
      JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
     WHERE ${isUsersSchema("n.nspname")}
       AND ${isMade("f.oid", "pg_opfamily")}`,
  row: z.object({
    schema: text,
    name: text,
    identity: text,
    operators: texts,
    functions: texts,
    owner: text,
    comment: maybe,
  }),
  fact: ({ schema, name, identity, operators, functions, owner, comment }) => ({
    kind: "operator family",
    identity,
    schema,
    name,
    facets: facetsOf({
      structure: { operators: operators?.toSorted(), functions: functions?.toSorted() },
      ownership: { owner },
      comments: { comment },
    }),
  }),
});

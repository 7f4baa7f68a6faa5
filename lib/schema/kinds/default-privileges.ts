import * as z from "zod";
import { maybe, text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { privilegesOf } from "../privileges.ts";

/**
 * What ALTER DEFAULT PRIVILEGES said; https://www.postgresql.org/docs/current/catalog-pg-default-acl.html
 * A row without a schema replaces what PostgreSQL gives by itself; one with a schema adds to it.
 */
export const defaultPrivileges = wholeExtractor({
  name: "default privileges",
  sql: () => `
    SELECT pg_catalog.pg_get_userbyid(d.defaclrole)       AS "role",
           n.nspname                                      AS "schema",
           pg_catalog.quote_ident(n.nspname)              AS "quoted",
           CASE d.defaclobjtype WHEN 'r' THEN 'tables'    WHEN 'S' THEN 'sequences'
                                WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
                                WHEN 'n' THEN 'schemas'   WHEN 'L' THEN 'large objects'
                                ELSE d.defaclobjtype::text END
                                                          AS "type",
           pg_catalog.to_json(d.defaclacl::text[])        AS "acl",
           pg_catalog.to_json(pg_catalog.acldefault(
             CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END,
             d.defaclrole)::text[])                       AS "usualAcl"
      FROM pg_catalog.pg_default_acl d
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace`,
  row: z.object({
    role: text,
    schema: maybe,
    quoted: maybe,
    type: text,
    acl: texts,
    usualAcl: texts,
  }),
  fact: ({ role, schema, quoted, type, acl, usualAcl }) => ({
    kind: "default privileges",
    identity: `for role ${role}${quoted === null ? "" : ` in schema ${quoted}`} on ${type}`,
    ...(schema === null ? {} : { schema }),
    name: role,
    facets: facetsOf({
      privileges: privilegesOf(acl, usualAcl, role, schema === null ? "instead" : "besides"),
    }),
  }),
});

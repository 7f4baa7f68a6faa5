import * as z from "zod";
import { maybe, text, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { keyOf } from "../fact.ts";
import { classOf, isUsersSchema } from "../fragments.ts";

/**
 * Labels of any object but an extension's own, and of the database: they decide who sees what
 * (sepgsql), or which column is masked (anon). https://www.postgresql.org/docs/current/sql-security-label.html
 */
export const securityLabel = wholeExtractor({
  name: "security label",
  isThere: (has) => has("pg_seclabel") || has("pg_shseclabel"),
  sql: ({ databaseOid }) => `
    SELECT l.provider                                     AS "provider",
           CASE i.type WHEN 'table column' THEN 'column' ELSE i.type END
                                                          AS "type",
           i.identity                                     AS "identity",
           i.schema                                       AS "schema",
           l.label                                        AS "label"
      FROM pg_catalog.pg_seclabel l,
           pg_catalog.pg_identify_object(l.classoid, l.objoid, l.objsubid) i
     WHERE i.identity IS NOT NULL
       AND (i.schema IS NULL OR ${isUsersSchema("i.schema")})
       AND (l.classoid, l.objoid) NOT IN (SELECT e.classid, e.objid FROM pg_catalog.pg_depend e
                                           WHERE e.deptype = 'e')
     UNION ALL
    SELECT l.provider, 'database', '(this one)', NULL, l.label
      FROM pg_catalog.pg_shseclabel l
     WHERE l.classoid = ${classOf("pg_database")} AND l.objoid = ${databaseOid}`,
  row: z.object({ provider: text, type: text, identity: text, schema: maybe, label: text }),
  fact: ({ provider, type, identity, schema, label }) => ({
    kind: "security label",
    identity: `${provider} on ${type} ${identity}`,
    ...(schema === null ? {} : { schema }),
    name: provider,
    partOf: [keyOf({ kind: type, identity })],
    facets: facetsOf({ privileges: { label } }),
  }),
});

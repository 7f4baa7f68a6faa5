import {
  classOf,
  isMade,
  isNoConstructor,
  isNoMember,
  isUsersSchema,
  namedInSchema,
} from "./fragments.ts";
import type { Question } from "./statement.ts";

/**
 * Every relation, function and domain whose facts are read: its OID, kind, schema, name, identity,
 * and about how many rows that will be. Catalogs alone: no lock on any relation.
 */
export const units = {
  name: "unit",
  columns: ["oid", "kind", "schema", "name", "identity", "rows"],
  sql: () => `
    SELECT c.oid                                          AS "oid",
           CASE c.kind WHEN 'v' THEN 'view'
                       WHEN 'm' THEN 'materialized view'
                       WHEN 'f' THEN 'foreign table'
                       WHEN 'S' THEN 'sequence'
                       ELSE 'table' END                   AS "kind",
           n.nspname                                      AS "schema",
           c.name                                         AS "name",
           -- regclass would look each of them up: it says the same, as none is of pg_catalog
           ${namedInSchema("c.name")}                     AS "identity",
           CASE WHEN c.kind = 'S' THEN 1
                ELSE c.columns + 1 + CASE WHEN c."hasIndex" THEN 6 ELSE 0 END END
                                                          AS "rows"
      FROM relation c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.namespace
     WHERE c.kind IN ('r', 'p', 'f', 'v', 'm', 'S')
       AND ${isUsersSchema("n.nspname")}
       AND ${isNoMember("c.oid", "pg_class")}
     UNION ALL
    SELECT p.oid,
           CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END,
           n.nspname,
           p.proname,
           -- NULL where it was dropped under the question
           COALESCE((pg_catalog.pg_identify_object(${classOf("pg_proc")}, p.oid, 0)).identity, ''),
           1
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE p.prokind IN ('f', 'p', 'w')
       AND ${isUsersSchema("n.nspname")}
       AND ${isNoMember("p.oid", "pg_proc")}
       AND ${isNoConstructor}
     UNION ALL
    SELECT t.oid,
           'domain',
           n.nspname,
           t.typname,
           ${namedInSchema("t.typname")},
           2
      FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE t.typtype = 'd'
       AND ${isUsersSchema("n.nspname")}
       AND ${isMade("t.oid", "pg_type")}
     ORDER BY 3, 4, 5`,
} satisfies Question;

import * as z from "zod";
import { maybe, text, texts, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { classOf, isNoMember, isUsersSchema } from "../fragments.ts";
import { privilegesOf } from "../privileges.ts";

/** An array is served by the index: few of all objects are not users'. */
const notUsers = (catalog: string): string => `ARRAY(
                                    SELECT c.oid FROM pg_catalog.${catalog} c WHERE c.oid < 16384
                                     UNION ALL
                                    SELECT e.objid FROM pg_catalog.pg_depend e
                                     WHERE e.refclassid = ${classOf("pg_extension")}
                                       AND e.deptype = 'e' AND e.classid = ${classOf(catalog)})`;

/** A catalog of objects that have privileges: its columns, and the letter of acldefault(). */
const catalogs = [
  ["pg_proc", "x.oid", "0", "x.proacl", "x.proowner", "'f'", ""],
  [
    "pg_class",
    "x.oid",
    "0",
    "x.relacl",
    "x.relowner",
    "CASE x.relkind WHEN 'S' THEN 's' ELSE 'r' END",
    "",
  ],
  [
    "pg_class",
    "x.oid",
    "a.attnum",
    "a.attacl",
    "x.relowner",
    "'c'",
    `JOIN pg_catalog.pg_attribute a
                               ON a.attrelid = x.oid AND NOT a.attisdropped
                              AND a.attrelid = ANY (${notUsers("pg_class")})`,
  ],
  ["pg_type", "x.oid", "0", "x.typacl", "x.typowner", "'T'", ""],
  ["pg_foreign_data_wrapper", "x.oid", "0", "x.fdwacl", "x.fdwowner", "'F'", ""],
  ["pg_foreign_server", "x.oid", "0", "x.srvacl", "x.srvowner", "'S'", ""],
  ["pg_namespace", "x.oid", "0", "x.nspacl", "x.nspowner", "'n'", ""],
] as const;

/** information_schema.sql grants these after initdb took its notes. */
const toEverybody = (owner: string, privilege: string, isOfIt: string): string =>
  `CASE WHEN ${isOfIt}
                                THEN ARRAY[pg_catalog.makeaclitem(0, ${owner}, '${privilege}', false)] END`;

const more: Readonly<Record<string, string>> = {
  pg_class: toEverybody(
    "x.relowner",
    "SELECT",
    "x.oid < 16384 AND x.relnamespace = 'information_schema'::pg_catalog.regnamespace",
  ),
  pg_namespace: toEverybody("x.nspowner", "USAGE", "x.nspname = 'information_schema'"),
};

const sorted = (acl: string): string =>
  `ARRAY(SELECT i.item::text FROM pg_catalog.unnest(${acl}) AS i (item) ORDER BY 1)`;

/**
 * What PostgreSQL and extensions brought is no fact, but that somebody granted or revoked on it is:
 * told is what differs from pg_init_privs, where initdb and CREATE EXTENSION wrote down what they
 * gave. https://www.postgresql.org/docs/current/catalog-pg-init-privs.html
 */
export const systemPrivileges = wholeExtractor({
  name: "privileges",
  sql: () => `
    SELECT i.type || ' ' || i.identity                    AS "identity",
           i.schema                                       AS "schema",
           pg_catalog.to_json(o.acl::text[])              AS "acl",
           pg_catalog.to_json(o.usual::text[])            AS "usualAcl",
           pg_catalog.pg_get_userbyid(o.owner)            AS "owner"
      FROM (SELECT g.classid, g.oid, g.part, g.acl, g.owner,
                   COALESCE(p.initprivs,
                            pg_catalog.acldefault(g.type::"char", g.owner) || g.more) AS usual
              FROM (${catalogs
                .map(
                  ([catalog, oid, part, acl, owner, type, join]) => `
                    SELECT ${classOf(catalog)}::oid AS classid, ${oid} AS oid, ${part} AS part,
                           ${acl} AS acl, ${owner} AS owner, ${type} AS type, ${more[catalog] ?? "NULL"}::aclitem[] AS more
                      FROM pg_catalog.${catalog} x ${join}
                     WHERE ${acl} IS NOT NULL
                       AND x.oid = ANY (${notUsers(catalog)})${
                         catalog === "pg_namespace"
                           ? ` AND NOT (${isUsersSchema("x.nspname")} AND ${isNoMember("x.oid", catalog)})`
                           : ""
                       }`,
                )
                .join("\n                     UNION ALL")}) g
              LEFT JOIN pg_catalog.pg_init_privs p
                     ON p.objoid = g.oid AND p.classoid = g.classid AND p.objsubid = g.part) o,
           pg_catalog.pg_identify_object(o.classid, o.oid, o.part) i
     WHERE ${sorted("o.acl")} <> ${sorted("o.usual")}
       AND i.identity IS NOT NULL`,
  row: z.object({ identity: text, schema: maybe, acl: texts, usualAcl: texts, owner: text }),
  fact: ({ identity, schema, acl, usualAcl, owner }) => ({
    kind: "privileges",
    identity: `on ${identity}`,
    ...(schema === null ? {} : { schema }),
    name: identity,
    facets: facetsOf({ privileges: privilegesOf(acl, usualAcl, owner) }),
  }),
});

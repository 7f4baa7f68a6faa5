import * as z from "zod";
import { flag, maybe, text, texts, whole, wholeExtractor } from "../extractor.ts";
import { facetsOf } from "../facet.ts";
import { aclOf, isRoleOfDatabase, since, usualAclOf } from "../fragments.ts";
import { privilegesOf } from "../privileges.ts";
import { hideSecret } from "../secret.ts";

/**
 * The database itself. Its name is not told: that of the same database is another one in each
 * environment. How it sorts and how many may connect differs there for good reasons too, and is
 * physical. The version of its collation is the operating system's.
 */
export const database = wholeExtractor({
  name: "database",
  sql: (server) => `
    SELECT pg_catalog.pg_encoding_to_char(d.encoding)     AS "encoding",
           d.datcollate                                   AS "collate",
           d.datctype                                     AS "ctype",
           ${since(server, 15, "CASE d.datlocprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END", "NULL")}
                                                          AS "provider",
           ${since(server, 17, "d.datlocale", since(server, 15, "d.daticulocale", "NULL"))}
                                                          AS "locale",
           ${since(server, 16, "d.daticurules", "NULL")}  AS "icuRules",
           d.datistemplate                                AS "isTemplate",
           NULLIF(d.datconnlimit, -1)                     AS "connectionLimit",
           NULLIF(s.spcname, 'pg_default')                AS "tablespace",
           ${aclOf("d.datacl")}                           AS "acl",
           ${usualAclOf("d.datacl", "d", "d.datdba")}     AS "usualAcl",
           pg_catalog.pg_get_userbyid(d.datdba)           AS "owner",
           pg_catalog.shobj_description(d.oid, 'pg_database')
                                                          AS "comment"
      FROM pg_catalog.pg_database d
      JOIN pg_catalog.pg_tablespace s ON s.oid = d.dattablespace
     WHERE d.oid = ${server.databaseOid}`,
  row: z.object({
    encoding: text,
    collate: maybe,
    ctype: maybe,
    provider: maybe,
    locale: maybe,
    icuRules: maybe,
    isTemplate: flag,
    connectionLimit: whole.nullable(),
    tablespace: maybe,
    acl: texts,
    usualAcl: texts,
    owner: text,
    comment: maybe,
  }),
  fact: (row) => ({
    kind: "database",
    identity: "(this one)",
    name: "(this one)",
    facets: facetsOf({
      structure: { encoding: row.encoding },
      privileges: privilegesOf(row.acl, row.usualAcl, row.owner),
      ownership: { owner: row.owner },
      comments: { comment: row.comment },
      physical: {
        collate: row.collate,
        ctype: row.ctype,
        provider: row.provider,
        locale: row.locale,
        icuRules: row.icuRules,
        template: row.isTemplate,
        connectionLimit: row.connectionLimit,
        tablespace: row.tablespace,
      },
    }),
  }),
});

/**
 * ALTER DATABASE … SET and ALTER ROLE … SET, as far as they are of this database: a role's own, for
 * all databases, where the role owns something here or was granted it.
 * https://www.postgresql.org/docs/current/catalog-pg-db-role-setting.html
 */
export const settings = wholeExtractor({
  name: "settings",
  sql: (server) => `
    SELECT CASE WHEN s.setrole <> 0 THEN pg_catalog.pg_get_userbyid(s.setrole) END
                                                          AS "role",
           s.setdatabase <> 0                             AS "isOfDatabase",
           pg_catalog.to_json(s.setconfig)                AS "settings"
      FROM pg_catalog.pg_db_role_setting s
     WHERE s.setdatabase = ${server.databaseOid}
        OR (s.setdatabase = 0 AND s.setrole <> 0
            AND ${isRoleOfDatabase("s.setrole", server)})`,
  row: z.object({ role: maybe, isOfDatabase: flag, settings: texts }),
  fact: ({ role, isOfDatabase, settings }) => {
    const identity =
      role === null
        ? "of the database"
        : `of role ${role}${isOfDatabase ? " in the database" : ""}`;
    return {
      kind: "settings",
      identity,
      name: role ?? identity,
      facets: facetsOf({ structure: attributesOf(settings ?? []) }),
    };
  },
});

/** An attribute a setting, so that a change is told by its name. */
const attributesOf = (settings: readonly string[]) =>
  Object.fromEntries(
    settings.map((setting) => {
      const said = hideSecret(setting);
      const end = said.indexOf("=");
      return [said.slice(0, end), said.slice(end + 1) || "(empty)"];
    }),
  );

import type { Server } from "../core/server.ts";

/** SQL that several kinds share. Each is one expression; catalogs are named without pg_catalog. */

export const classOf = (catalog: string): string => `'pg_catalog.${catalog}'::pg_catalog.regclass`;

/**
 * Is anything there at all? What is not costs time to plan, and a look at an index a row. A kind is
 * what `watched` in token.ts tells of a catalog.
 */
export type Has = (catalog: string, kind?: string) => boolean;

export const all: Has = () => true;

export const commentOf = (has: Has, oid: string, catalog: string, part = "0"): string =>
  has("pg_description", part === "0" ? catalog : `${catalog}.`)
    ? `(SELECT pd.description FROM pg_catalog.pg_description pd
             WHERE pd.objoid = ${oid} AND pd.classoid = ${classOf(catalog)}
               AND pd.objsubid = ${part})`
    : "NULL";

/**
 * `schema.name` of a relation, quoted, by its OID: regclass leaves the schema out only for what the
 * search_path finds, and ours holds the catalogs alone. It takes no lock.
 */
export const relationNamed = (oid: string): string => `${oid}::pg_catalog.regclass::text`;

/** `schema.` by the OID of a schema: there are few of them, and PostgreSQL keeps those at hand. */
export const namedBy = (schema: string): string =>
  `${schema}::pg_catalog.regnamespace::text || '.'`;

/** The names of a relation's columns as JSON, in their order: an index has them so. */
export const columnsOf = (oid: string): string =>
  `pg_catalog.to_json(ARRAY(
             SELECT a.attname::text FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = ${oid} AND a.attnum > 0 AND NOT a.attisdropped
              ORDER BY a.attnum))`;

/** An ACL as JSON, and what acldefault() would give; both NULL where nobody ever granted. */
export const aclOf = (acl: string): string => `pg_catalog.to_json(${acl}::text[])`;

export const usualAclOf = (acl: string, type: string, owner: string): string =>
  `CASE WHEN ${acl} IS NOT NULL
                THEN pg_catalog.to_json(pg_catalog.acldefault('${type}', ${owner})::text[]) END`;

/**
 * Members of an extension are the extension's own affair: its version says what they are. NOT IN
 * becomes one hash table, whatever the planner thinks of pg_depend.
 */
export const isNoMember = (oid: string, catalog: string): string =>
  `${oid} NOT IN (SELECT e.objid FROM pg_catalog.pg_depend e
                            WHERE e.refclassid = ${classOf("pg_extension")} AND e.deptype = 'e'
                              AND e.classid = ${classOf(catalog)})`;

/**
 * All relations but indexes and toast tables, with one look at pg_class for all who ask; and what
 * there is of either in a schema of PostgreSQL's own that came after initdb.
 */
export const relationsOnce = `
    relation (oid, name, namespace, kind, columns, "hasIndex", type) AS MATERIALIZED (
      SELECT c.oid, c.relname, c.relnamespace, c.relkind, c.relnatts, c.relhasindex, c.reltype
        FROM pg_catalog.pg_class c
       WHERE c.relkind NOT IN ('i', 'I', 't')
          OR (c.oid >= 16384 AND c.relnamespace IN ('pg_catalog'::pg_catalog.regnamespace,
                                                    'information_schema'::pg_catalog.regnamespace)))`;

/** Kinds of units, each an array of OIDs in the CTE `slice`. */
export const sliced = [
  "table",
  "foreign table",
  "view",
  "materialized view",
  "sequence",
  "function",
  "procedure",
  "domain",
] as const;

export const arrayOf = (kind: (typeof sliced)[number]): string => `s."${kind}"`;

/**
 * Is it one of those that are asked for at a time, and of such a kind? `units` has found out; an
 * array is served by an index on the owner's OID in every catalog, whatever the statistics say.
 */
export const isWanted = (oid: string, ...kinds: readonly (typeof sliced)[number][]): string =>
  `${oid} = ANY ((SELECT ${kinds.map(arrayOf).join(" || ")} FROM slice s)::oid[])`;

/** Names beginning with pg_ are PostgreSQL's own: catalogs, toast, every session's pg_temp. */
export const isUsersSchema = (name: string): string =>
  `pg_catalog.left(${name}, 3) <> 'pg_' AND ${name} <> 'information_schema'`;

/** A column that only newer catalogs have. */
export const since = (
  { versionNum }: Pick<Server, "versionNum">,
  major: number,
  expression: string,
  otherwise: string,
): string => (versionNum >= major * 10_000 ? expression : otherwise);

/** `schema.name`, quoted, of a row that is joined with its pg_namespace `n`. */
export const namedInSchema = (name: string): string =>
  `pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(${name})`;

/** As PostgreSQL calls it; empty where it was dropped under the question. It takes no lock. */
export const identityOf = (oid: string, catalog: string): string =>
  `COALESCE((pg_catalog.pg_identify_object(${classOf(catalog)}, ${oid}, 0)).identity, '')`;

/** `schema.name(types)`, or NULL: regproc would leave out the types, and so be of two minds. */
export const functionNamed = (oid: string): string =>
  `NULLIF(${oid}::oid::pg_catalog.regprocedure::text, '-')`;

/**
 * Somebody made it, and no extension: 16384 is the first OID that is not initdb's,
 * FirstNormalObjectId in access/transam.h. The cheap question comes first, so that a catalog in
 * which there is nothing but PostgreSQL's own costs no look at pg_depend.
 */
export const isMade = (oid: string, catalog: string): string =>
  `${oid} >= 16384 AND ${isNoMember(oid, catalog)}`;

/** Does a role own something in this database, or was it granted something on it or in it? */
export const isRoleOfDatabase = (
  oid: string,
  { databaseOid }: Pick<Server, "databaseOid">,
): string =>
  `${oid} IN (SELECT h.refobjid FROM pg_catalog.pg_shdepend h
                            WHERE h.refclassid = ${classOf("pg_authid")}
                              AND (h.dbid = ${databaseOid}
                                   OR (h.dbid = 0 AND h.classid = ${classOf("pg_database")}
                                       AND h.objid = ${databaseOid})))`;

/** It is no part of a type, as a range's functions are, and from 14 on the cast to its multirange. */
export const isNoPartOfType = (oid: string, catalog: string): string =>
  `${oid} NOT IN (SELECT i.objid FROM pg_catalog.pg_depend i
                            WHERE i.classid = ${classOf(catalog)} AND i.deptype = 'i'
                              AND i.refclassid = ${classOf("pg_type")})`;

/** 12 is `internal`, which a range's functions are written in: it spares a look at pg_depend. */
export const isNoConstructor = `(p.prolang <> 12 OR ${isNoPartOfType("p.oid", "pg_proc")})`;

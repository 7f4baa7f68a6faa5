import * as z from "zod";
import { sqlRead } from "../../core/read.ts";
import { majorOf } from "../../core/server.ts";

const constraint = z.object({
  schema: z.string(),
  /** Null for a domain's constraint. */
  table: z.string().nullable(),
  name: z.string(),
  identity: z.string(),
  /** Table or domain, quoted. */
  sqlOwner: z.string(),
  sqlName: z.string(),
  type: z.enum(["foreign key", "check", "not null", "domain check"]),
  isEnforced: z.boolean(),
  isPartitioned: z.boolean(),
  /** Of a foreign key, quoted. */
  referenced: z.string().nullable(),
  /** Of a foreign key that is not enforced, without that word. */
  definition: z.string().nullable(),
});
export type UnprovenConstraint = z.infer<typeof constraint>;

/**
 * Foreign keys, checks and not-nulls that no row or not every row was held against. Answers one
 * row, so that the counts come along where there are none.
 *
 * - One finding a constraint: a partition's foreign key has conparentid, what a child inherits has
 *   coninhcount > 0. Neither can be NOT VALID or NOT ENFORCED under a parent that is valid
 *   (MergeConstraintsIntoExisting and ATExecValidateConstraint, src/backend/commands/tablecmds.c).
 * - PostgreSQL enforces nothing on foreign tables: their constraints are declarations.
 * - Of these, pg_get_constraintdef() is asked of foreign keys alone: it takes no lock for them.
 */
export const unprovenConstraints = sqlRead({
  id: "unproven-constraints",
  sql: (server) => `
    WITH root AS MATERIALIZED (
      SELECT k.oid, k.conname, k.contype, k.convalidated, k.conrelid, k.contypid, k.confrelid,
             ${majorOf(server) >= 18 ? "k.conenforced" : "TRUE"} AS enforced,
             n.nspname, c.relname, c.relkind, d.typname
        FROM pg_catalog.pg_constraint k
        LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        LEFT JOIN pg_catalog.pg_type d  ON d.oid = k.contypid
        JOIN pg_catalog.pg_namespace n  ON n.oid = COALESCE(c.relnamespace, d.typnamespace)
       WHERE k.contype IN ('f', 'c', 'n')
         AND k.conparentid = 0
         AND (k.contype = 'f' OR k.coninhcount = 0)
         AND c.relkind IS DISTINCT FROM 'f'
         AND n.nspname !~ '^pg_'          -- no user can make such a schema; pg_temp_1 is one too
         AND n.nspname <> 'information_schema'
    ), unproven AS MATERIALIZED (
      SELECT r.*,
             pg_catalog.quote_ident(r.nspname) || '.'
               || pg_catalog.quote_ident(COALESCE(r.relname, r.typname)) AS owner,
             EXISTS (SELECT FROM pg_catalog.pg_depend e
                      WHERE e.classid = CASE r.conrelid WHEN 0 THEN 'pg_catalog.pg_type'
                                        ELSE 'pg_catalog.pg_class' END::pg_catalog.regclass
                        AND e.objid = CASE r.conrelid WHEN 0 THEN r.contypid ELSE r.conrelid END
                        AND e.deptype = 'e')     AS "isOfExtension"
        FROM root r
       WHERE NOT r.convalidated
    )
    SELECT pg_catalog.count(*) FILTER (WHERE contype = 'f')                  AS "foreignKeys",
           pg_catalog.count(*) FILTER (WHERE contype = 'c' AND conrelid > 0) AS "checks",
           pg_catalog.count(*) FILTER (WHERE contype = 'n' AND conrelid > 0) AS "notNulls",
           pg_catalog.count(*) FILTER (WHERE conrelid = 0)                   AS "domainChecks",
           (SELECT pg_catalog.count(*) FROM unproven WHERE "isOfExtension")  AS "ofExtensions",
           (SELECT COALESCE(pg_catalog.json_agg(u ORDER BY u.identity), '[]')
              FROM (SELECT u.nspname                                         AS "schema",
                           u.relname                                         AS "table",
                           u.conname                                         AS "name",
                           pg_catalog.quote_ident(u.conname) || ' on ' || u.owner
                                                                             AS "identity",
                           u.owner                                           AS "sqlOwner",
                           pg_catalog.quote_ident(u.conname)                 AS "sqlName",
                           CASE WHEN u.contype = 'f' THEN 'foreign key'
                                WHEN u.conrelid = 0  THEN 'domain check'
                                WHEN u.contype = 'c' THEN 'check'
                                ELSE 'not null' END                          AS "type",
                           u.enforced                                        AS "isEnforced",
                           COALESCE(u.relkind = 'p', FALSE)                  AS "isPartitioned",
                           pg_catalog.quote_ident(rn.nspname) || '.'
                             || pg_catalog.quote_ident(rc.relname)           AS "referenced",
                           CASE WHEN u.contype = 'f' AND NOT u.enforced
                                THEN pg_catalog.regexp_replace(
                                       pg_catalog.pg_get_constraintdef(u.oid),
                                       ' NOT ENFORCED$', '') END             AS "definition"
                      FROM unproven u
                      LEFT JOIN pg_catalog.pg_class rc     ON rc.oid = u.confrelid
                      LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
                     WHERE NOT u."isOfExtension") u)                         AS "unproven"
      FROM root
     ORDER BY 1`,
  row: z.object({
    foreignKeys: z.int(),
    checks: z.int(),
    /** PostgreSQL 18 and newer; before, a not-null is no constraint. */
    notNulls: z.int(),
    domainChecks: z.int(),
    ofExtensions: z.int(),
    unproven: z.array(constraint),
  }),
});

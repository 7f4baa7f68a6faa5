import * as z from "zod";
import type { SqlRead } from "../core/read.ts";
import { sqlRead } from "../core/read.ts";
import { classOf } from "./fragments.ts";

/** FirstNormalObjectId in access/transam.h: what is below is initdb's. */
export const firstMade = 16_384;

/** A catalog whose rows belong to a relation, a function or a type: to which, and how it says so. */
interface Owned {
  readonly catalog: string;
  readonly owner: string;
  readonly from?: string;
  readonly where?: string;
  readonly also?: string;
  /** Most of its rows came with others of the same owner. */
  readonly isOfMany?: boolean;
}

const described = (catalog: string, owner: string): Owned => ({
  catalog: "pg_description",
  owner,
  from: `JOIN pg_catalog.${catalog} y ON y.oid = x.objoid`,
  where: `x.classoid = ${classOf(catalog)}`,
});

/**
 * Rows of these catalogs are all told with their owner, whatever they say. What a catalog holds
 * besides (comments on what stands for itself, a member of an extension) is no property of one.
 */
export const owned: readonly Owned[] = [
  {
    catalog: "pg_class",
    // Without a CTE in between: the planner has to know that there is one index or table at most.
    owner: "COALESCE(i.indrelid, t.oid, x.oid)",
    from: `LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = x.oid
        LEFT JOIN pg_catalog.pg_class t ON t.reltoastrelid = x.oid AND x.relkind = 't'`,
    where: "(x.relkind <> 'i' OR x.relnamespace <> 'pg_toast'::pg_catalog.regnamespace)",
  },
  {
    catalog: "pg_attribute",
    owner: "x.attrelid",
    // Those below 0 come with their relation, and never change; of those of an index, what may be
    // set is how many values are counted.
    where: `x.attnum > 0
         AND (x.attstattarget >= 0
              OR x.attrelid NOT IN (SELECT c.oid FROM pg_catalog.pg_class c
                                     WHERE c.relkind IN ('i', 'I', 't')))`,
    isOfMany: true,
  },
  { catalog: "pg_attrdef", owner: "x.adrelid" },
  { catalog: "pg_constraint", owner: "COALESCE(NULLIF(x.conrelid, 0), x.contypid)" },
  {
    catalog: "pg_index",
    owner: "x.indrelid",
    where: `x.indrelid NOT IN (SELECT c.oid FROM pg_catalog.pg_class c
                                WHERE c.relnamespace = 'pg_toast'::pg_catalog.regnamespace)`,
    // They change in place: see the token.
    also: "x.indisvalid::int4 * 4 + x.indisready::int4 * 2 + x.indislive::int4",
  },
  {
    catalog: "pg_trigger",
    owner: "x.tgrelid",
    where: "(NOT x.tgisinternal OR x.tgconstraint = 0)",
  },
  {
    // Those that enforce a foreign key stand on both tables, and are told with the constraint
    // where they do not fire as usual.
    catalog: "pg_trigger",
    owner: "y.conrelid",
    from: "JOIN pg_catalog.pg_constraint y ON y.oid = x.tgconstraint",
    where: "x.tgenabled <> 'O'",
  },
  { catalog: "pg_inherits", owner: "x.inhrelid" },
  { catalog: "pg_rewrite", owner: "x.ev_class" },
  { catalog: "pg_policy", owner: "x.polrelid" },
  { catalog: "pg_statistic_ext", owner: "x.stxrelid" },
  { catalog: "pg_publication_rel", owner: "x.prrelid" },
  { catalog: "pg_sequence", owner: "x.seqrelid" },
  { catalog: "pg_foreign_table", owner: "x.ftrelid" },
  { catalog: "pg_proc", owner: "x.oid" },
  {
    catalog: "pg_type",
    owner: "x.oid",
    // A row type says no more than its relation, and an array no more than what it is of.
    where: "x.typtype <> 'c' AND (x.typelem = 0 OR x.typarray <> 0)",
  },
  { catalog: "pg_enum", owner: "x.enumtypid" },
  {
    catalog: "pg_depend",
    owner: "x.objid",
    from: "JOIN pg_catalog.pg_sequence y ON y.seqrelid = x.objid",
    where: `x.deptype IN ('a', 'i') AND x.refobjsubid > 0 AND x.classid = ${classOf("pg_class")}`,
  },
  {
    ...described("pg_class", "COALESCE(i.indrelid, y.oid)"),
    from: `JOIN pg_catalog.pg_class y ON y.oid = x.objoid
        LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = y.oid`,
  },
  { ...described("pg_proc", "x.objoid") },
  { ...described("pg_type", "x.objoid") },
  { ...described("pg_constraint", "COALESCE(NULLIF(y.conrelid, 0), y.contypid)") },
  { ...described("pg_trigger", "y.tgrelid") },
  { ...described("pg_rewrite", "y.ev_class") },
  { ...described("pg_policy", "y.polrelid") },
  { ...described("pg_statistic_ext", "y.stxrelid") },
];

/** The names that a text may print, and what they stand under. */
const names = [
  ["pg_class", "relname", "relnamespace", "x.relpersistence <> 't'"],
  ["pg_type", "typname", "typnamespace", "true"],
  ["pg_proc", "proname", "pronamespace", "true"],
] as const;

/**
 * How each relation, function and type stands: a hash over the versions of all its rows, under its
 * OID; under 0 those that are PostgreSQL's own. And the names of all that was there when `newest`
 * was the newest OID: equal only where each of them is still there, and called as it was. Made
 * since: a larger OID, or one that makes the hash another.
 *
 * @param newest of an earlier answer
 */
export const owners = (newest = 4_294_967_295): SqlRead<z.infer<typeof ownerRow>> =>
  sqlRead({
    id: "schema-owners",
    sql: `
  WITH temporary (oid) AS MATERIALIZED (
      SELECT n.oid FROM pg_catalog.pg_namespace n
       WHERE pg_catalog.left(n.nspname, 7) = 'pg_temp'
          OR pg_catalog.left(n.nspname, 13) = 'pg_toast_temp'),
    of_session (oid) AS MATERIALIZED (      -- nobody reads them
      SELECT c.oid FROM pg_catalog.pg_class c
       WHERE c.relnamespace IN (SELECT t.oid FROM temporary t)),
    version (owner, xmin, what) AS (${owned.map(versionsOf).join("\n       UNION ALL")}),
    named (oid, hash, place) AS MATERIALIZED (${names.map(namesOf).join("\n       UNION ALL")}
       UNION ALL
      SELECT n.oid, pg_catalog.hashtextextended(n.nspname::text, n.oid::int8), 0
        FROM pg_catalog.pg_namespace n
       WHERE pg_catalog.left(n.nspname, 3) <> 'pg_'
       UNION ALL
      SELECT r.oid, pg_catalog.hashtextextended(r.rolname::text, r.oid::int8), 0
        FROM pg_catalog.pg_roles r)
  SELECT 'owner'                                          AS "what",
         o.owner                                          AS "oid",
         pg_catalog.sum(pg_catalog.hashint8extended(o.xmin::text::int8, o.what))::text
                                                          AS "hash"
    FROM (SELECT CASE WHEN v.owner < ${firstMade} THEN 0 ELSE v.owner END::oid AS owner,
                 v.xmin, v.what
            FROM version v
           WHERE (SELECT NOT EXISTS (SELECT FROM of_session))
              OR v.owner NOT IN (SELECT s.oid FROM of_session s)) o
   GROUP BY o.owner
   UNION ALL
  SELECT 'names then', 0, pg_catalog.sum(n.hash)::text
    FROM named n WHERE n.oid <= '${newest}'::oid OR n.place = 'pg_catalog'::pg_catalog.regnamespace
   UNION ALL
  SELECT 'names now', pg_catalog.max(n.oid), pg_catalog.sum(n.hash)::text
    FROM named n
   UNION ALL
  SELECT 'members', 0, pg_catalog.sum(pg_catalog.hashint8extended(x.objid::int8, x.classid::int8))::text
    FROM pg_catalog.pg_depend x WHERE x.deptype = 'e'
   ORDER BY 1, 2`,
    row: ownerRow,
  });

const ownerRow = z.object({
  what: z.enum(["owner", "names then", "names now", "members"]),
  oid: z.int().nullable(),
  hash: z.string().nullable(),
});

/** One row for those that one transaction left to one owner, where they are mostly that. */
function versionsOf(
  { catalog, owner, from = "", where = "true", also = "0", isOfMany = false }: Owned,
  place: number,
): string {
  if (!isOfMany) {
    return `
      SELECT ${owner}, x.xmin, (8 + ${also}) * 64 + ${place}
        FROM pg_catalog.${catalog} x ${from}
       WHERE ${where}`;
  }
  return `
      SELECT COALESCE(i.indrelid, v.owner), v.xmin, (v.n * 8 + v.also) * 64 + ${place}
        FROM (SELECT ${owner} AS owner, x.xmin, ${also} AS also, pg_catalog.count(*) AS n
                FROM pg_catalog.${catalog} x ${from}
               WHERE ${where}
               GROUP BY 1, 2, 3) v
        LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = v.owner`;
}

const namesOf = ([catalog, name, namespace, where]: (typeof names)[number]): string => `
      SELECT x.oid,
             pg_catalog.hashtextextended(x.${name}::text || ' ' || x.${namespace}::text, x.oid::int8),
             x.${namespace}
        FROM pg_catalog.${catalog} x
       WHERE ${where} AND x.${namespace} <> 'pg_toast'::pg_catalog.regnamespace
         AND x.${namespace} NOT IN (SELECT t.oid FROM temporary t)`;

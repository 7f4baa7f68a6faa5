import * as z from "zod";
import type { SqlRead } from "../core/read.ts";
import { sqlRead } from "../core/read.ts";
import { classOf } from "./fragments.ts";

/** What may depend on another object, and the relation, function or type that it is told with. */
export const belongs = [
  [
    "pg_class",
    "COALESCE(i.indrelid, x.oid)",
    "LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = x.oid",
  ],
  ["pg_proc", "x.oid", ""],
  ["pg_type", "COALESCE(NULLIF(x.typrelid, 0), x.oid)", ""],
  ["pg_attrdef", "x.adrelid", ""],
  ["pg_constraint", "COALESCE(NULLIF(x.conrelid, 0), x.contypid)", ""],
  ["pg_trigger", "x.tgrelid", ""],
  ["pg_trigger", "k.conrelid", "JOIN pg_catalog.pg_constraint k ON k.oid = x.tgconstraint"],
  ["pg_rewrite", "x.ev_class", ""],
  ["pg_policy", "x.polrelid", ""],
  ["pg_statistic_ext", "x.stxrelid", ""],
  ["pg_publication_rel", "x.prrelid", ""],
] as const;

/**
 * Who may say another thing because one of these changed: all that depends on them by pg_depend,
 * and on those, and so on. A column of a view whose function returns a row of a table is three
 * steps away from it.
 */
export const dependents = (oids: readonly number[]): SqlRead<{ oid: number }> =>
  sqlRead({
    id: "schema-dependents",
    sql: `
  WITH RECURSIVE reached (class, oid) AS (
      SELECT c.class, o.oid
        FROM pg_catalog.unnest('{${oids.join(",")}}'::oid[]) AS o (oid),
             pg_catalog.unnest(ARRAY[${classOf("pg_class")}, ${classOf("pg_proc")},
                                     ${classOf("pg_type")}]::oid[]) AS c (class)
       UNION
      SELECT d.classid, d.objid
        FROM reached r
        JOIN pg_catalog.pg_depend d ON d.refclassid = r.class AND d.refobjid = r.oid)
  ${belongs
    .map(
      ([catalog, owner, join]) => `
    SELECT ${owner} AS "oid"
      FROM reached r
      JOIN pg_catalog.${catalog} x ON x.oid = r.oid
      ${join}
     WHERE r.class = ${classOf(catalog)}`,
    )
    .join("\n     UNION")}
     ORDER BY 1`,
    row: z.object({ oid: z.int() }),
  });

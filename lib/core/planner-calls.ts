import * as z from "zod";
import { callsWithoutColumn } from "./node-tree.ts";
import { procedure, sqlRead } from "./read.ts";
import type { Server } from "./server.ts";

/**
 * Expressions of indexes, statistics and partition keys that name a function which anybody may have
 * written: one that is neither in C nor internal. The planner looks at all of a table's, whatever
 * the query, and calls what it can fold; so a plain SELECT on a table may run its owner's code.
 *
 * An SQL function is unfolded into its body first (clauses.c, inline_function), unless it has a SET
 * clause or is SECURITY DEFINER. `unfolds` tells of one whose body may name such a function again.
 */
const sql = ({ versionNum }: Server): string => `
  WITH doubtful AS (
    SELECT f.oid, f.proname, f.prosrc, l.lanname = 'sql' AND NOT f.prosecdef
                                       AND f.proconfig IS NULL AS "isInlined"
      FROM pg_catalog.pg_proc f
      JOIN pg_catalog.pg_language l ON l.oid = f.prolang
     WHERE l.lanname NOT IN ('internal', 'c')
       AND f.oid >= 16384                   -- PostgreSQL's own are below
  ),
  operator AS (
    SELECT o.oid, o.oprname, o.oprcode::pg_catalog.oid AS function
      FROM pg_catalog.pg_operator o
      JOIN doubtful d ON d.oid = o.oprcode::pg_catalog.oid
  ),
  holder AS (
    SELECT i.indrelid AS relation, 'pg_catalog.pg_class'::pg_catalog.regclass AS class,
           i.indexrelid AS oid,
           pg_catalog.concat(i.indexprs::pg_catalog.text, ' ', i.indpred::pg_catalog.text) AS tree
      FROM pg_catalog.pg_index i
     WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
     UNION ALL
    SELECT p.partrelid, 'pg_catalog.pg_class'::pg_catalog.regclass, p.partrelid,
           p.partexprs::pg_catalog.text
      FROM pg_catalog.pg_partitioned_table p
     WHERE p.partexprs IS NOT NULL${
       versionNum >= 140_000
         ? `
     UNION ALL
    SELECT s.stxrelid, 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, s.oid,
           s.stxexprs::pg_catalog.text
      FROM pg_catalog.pg_statistic_ext s
     WHERE s.stxexprs IS NOT NULL`
         : ""
     }
  ),
  named AS (
    SELECT x.classid, x.objid, d.oid AS function, false AS "isOperator"
      FROM doubtful d
      JOIN pg_catalog.pg_depend x ON x.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                                 AND x.refobjid = d.oid
     UNION
    SELECT x.classid, x.objid, o.function, true
      FROM operator o
      JOIN pg_catalog.pg_depend x ON x.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass
                                 AND x.refobjid = o.oid
  )
  SELECT DISTINCT
         h.relation                                          AS "relation",
         d.oid                                               AS "function",
         d.oid::pg_catalog.regprocedure::pg_catalog.text     AS "name",
         h.tree                                              AS "tree",
         -- A selectivity estimate may call an operator, columns or not.
         n."isOperator" OR d."isInlined" AND (
              EXISTS (SELECT FROM doubtful o
                       WHERE pg_catalog.strpos(pg_catalog.lower(d.prosrc),
                                               pg_catalog.lower(o.proname)) > 0)
           OR EXISTS (SELECT FROM operator o WHERE pg_catalog.strpos(d.prosrc, o.oprname) > 0)
           OR EXISTS (SELECT FROM pg_catalog.pg_cast k JOIN doubtful o ON o.oid = k.castfunc)
           OR EXISTS (SELECT FROM named o
                       WHERE o.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                         AND o.objid = d.oid)
           OR pg_catalog.strpos(pg_catalog.lower(d.prosrc), 'u&') > 0) AS "unfolds"
    FROM named n
    JOIN holder h   ON h.class = n.classid AND h.oid = n.objid
    JOIN doubtful d ON d.oid = n.function
   ORDER BY 1, 2, 4`;

const doubtfulExpressions = sqlRead({
  id: "doubtful-expressions",
  sql,
  row: z.object({
    relation: z.int(),
    function: z.int(),
    name: z.string(),
    tree: z.string(),
    unfolds: z.boolean(),
  }),
});

/** Tables that cannot be read without calling a function that a user wrote, and which. */
export const plannerCalls = procedure({
  id: "planner-calls",
  result: z.array(z.object({ relation: z.int(), calls: z.string() })),
  async run({ read }) {
    const rows = await read(doubtfulExpressions);
    const functions = new Set(rows.map((row) => row.function));
    return rows
      .filter(({ unfolds, tree }) => unfolds || callsWithoutColumn(tree, functions))
      .map(({ relation, name }) => ({ relation, calls: name }));
  },
});

/** The function that planning a query over these tables would call. */
export const callAmong = (
  calls: readonly { readonly relation: number; readonly calls: string }[],
  relations: readonly number[],
): string | undefined => calls.find(({ relation }) => relations.includes(relation))?.calls;

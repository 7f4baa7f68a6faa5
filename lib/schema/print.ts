import type { Unit } from "./extractor.ts";
import { classOf } from "./fragments.ts";

const namedByPolicies = `SELECT p.polrelid
               FROM pg_catalog.pg_policy p
               JOIN pg_catalog.pg_depend d ON d.classid = ${classOf("pg_policy")}
                                          AND d.objid = p.oid`;

/**
 * How PostgreSQL prints a definition. Each of these functions takes ACCESS SHARE on relations, and
 * so waits behind an ACCESS EXCLUSIVE that is held or merely waited for (ruleutils.c opens the
 * relation to name its columns). `view` and `sql body` lock every relation that the text names, and
 * keep it until the transaction ends: AcquireRewriteLocks() in rewriteHandler.c.
 */
const printers = {
  "partition key": { text: "pg_catalog.pg_get_partkeydef(a.oid)", from: "" },
  "partition bound": {
    text: "pg_catalog.pg_get_expr(x.relpartbound, x.oid)",
    from: "JOIN pg_catalog.pg_class x ON x.oid = a.oid",
  },
  default: {
    text: "pg_catalog.pg_get_expr(x.adbin, x.adrelid)",
    from: "JOIN pg_catalog.pg_attrdef x ON x.oid = a.oid",
  },
  "domain default": {
    text: "pg_catalog.pg_get_expr(x.typdefaultbin, 0)",
    from: "JOIN pg_catalog.pg_type x ON x.oid = a.oid",
  },
  arguments: { text: "pg_catalog.pg_get_function_arguments(a.oid)", from: "" },
  constraint: { text: "pg_catalog.pg_get_constraintdef(a.oid)", from: "" },
  index: { text: "pg_catalog.pg_get_indexdef(a.oid)", from: "" },
  trigger: { text: "pg_catalog.pg_get_triggerdef(a.oid)", from: "" },
  view: {
    text: "pg_catalog.pg_get_viewdef(a.oid)",
    from: "",
    names: `SELECT r.ev_class
               FROM pg_catalog.pg_rewrite r
               JOIN pg_catalog.pg_depend d ON d.classid = ${classOf("pg_rewrite")}
                                          AND d.objid = r.oid`,
  },
  rule: {
    text: "pg_catalog.pg_get_ruledef(a.oid)",
    from: "",
    names: `SELECT r.ev_class
               FROM pg_catalog.pg_rewrite r
               JOIN pg_catalog.pg_depend d ON d.classid = ${classOf("pg_rewrite")}
                                          AND d.objid = r.oid`,
  },
  // A sub-select locks what it reads from, as a view does: get_query_def() in ruleutils.c.
  "policy using": {
    text: "pg_catalog.pg_get_expr(x.polqual, x.polrelid)",
    from: "JOIN pg_catalog.pg_policy x ON x.oid = a.oid",
    names: namedByPolicies,
  },
  "policy check": {
    text: "pg_catalog.pg_get_expr(x.polwithcheck, x.polrelid)",
    from: "JOIN pg_catalog.pg_policy x ON x.oid = a.oid",
    names: namedByPolicies,
  },
  "row filter": {
    text: "pg_catalog.pg_get_expr(x.prqual, x.prrelid)",
    from: "JOIN pg_catalog.pg_publication_rel x ON x.oid = a.oid",
  },
  statistics: { text: "pg_catalog.pg_get_statisticsobjdef(a.oid)", from: "" },
  "sql body": {
    text: "pg_catalog.pg_get_function_sqlbody(a.oid)",
    from: "",
    names: `SELECT d.objid
               FROM pg_catalog.pg_depend d`,
    where: `d.classid = ${classOf("pg_proc")} AND `,
  },
} as const;

/** All that these questions say, whoever asks them. */
export const printersSay = JSON.stringify(printers);

export interface Print {
  readonly as: keyof typeof printers;
  readonly oid: number;
}

/** What is to be printed, and for whom. */
export interface Order extends Print {
  readonly unit: Unit;
}

export const keepsLocks = ({ as }: Print): boolean => "names" in printers[as];

/** Relations that somebody holds, or waits for, in the one mode that a reader conflicts with. */
const locked = `
    locked (oid) AS MATERIALIZED (
      SELECT DISTINCT l.relation
        FROM pg_catalog.pg_locks l
       WHERE l.locktype = 'relation'
         AND l.mode = 'AccessExclusiveLock'      -- granted or not: a queue forms behind either
         AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
         AND l.relation IS NOT NULL
         AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
                            WHERE d.datname = pg_catalog.current_database()))`;

/**
 * The texts, but for those of units on which, or on a relation of whose text, there is such a lock:
 * they do not come, and that is told.
 */
export function printStatement(orders: readonly Order[]): string {
  const branches = [...Map.groupBy(orders, ({ as }) => as)].map(([as, some]) => {
    const { text, from, ...more } = printers[as];
    const array = (values: readonly number[]) => `'{${values.join(",")}}'::oid[]`;
    const units = array(some.map(({ unit }) => unit.oid));
    const names =
      "names" in more
        ? `AND a.unit NOT IN (${more.names}
               JOIN locked k ON k.oid = d.refobjid
              WHERE ${"where" in more ? more.where : ""}d.refclassid = ${classOf("pg_class")})`
        : "";
    return `
    SELECT '${as}' AS "as", a.oid AS "oid", ${text} AS "text"
      FROM ROWS FROM (pg_catalog.unnest(${units}),
                      pg_catalog.unnest(${array(some.map(({ oid }) => oid))})) AS a (unit, oid)
      ${from}
     WHERE a.unit NOT IN (SELECT k.oid FROM locked k)
       ${names}`;
  });
  return `
  WITH ${locked}
  ${branches.join("\n     UNION ALL")}`;
}

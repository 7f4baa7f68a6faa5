import type { Unit } from "./extractor.ts";
import { classOf } from "./fragments.ts";

/** Of whom, and where it is written which relations their texts name. */
interface Names {
  readonly unit: string;
  readonly from: string;
  readonly where?: string;
}

const ofRules: Names = {
  unit: "r.ev_class",
  from: `pg_catalog.pg_rewrite r
        JOIN pg_catalog.pg_depend d ON d.classid = ${classOf("pg_rewrite")} AND d.objid = r.oid`,
};
const ofPolicies: Names = {
  unit: "p.polrelid",
  from: `pg_catalog.pg_policy p
        JOIN pg_catalog.pg_depend d ON d.classid = ${classOf("pg_policy")} AND d.objid = p.oid`,
};
const ofBodies: Names = {
  unit: "d.objid",
  from: "pg_catalog.pg_depend d",
  where: `d.classid = ${classOf("pg_proc")}`,
};

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
  // Of an index whose columns we print: the half of what pg_get_indexdef() would take.
  predicate: {
    text: "pg_catalog.pg_get_expr(x.indpred, x.indrelid)",
    from: "JOIN pg_catalog.pg_index x ON x.indexrelid = a.oid",
  },
  trigger: { text: "pg_catalog.pg_get_triggerdef(a.oid)", from: "" },
  view: {
    text: "pg_catalog.pg_get_viewdef(a.oid)",
    from: "",
    names: ofRules,
  },
  rule: {
    text: "pg_catalog.pg_get_ruledef(a.oid)",
    from: "",
    names: ofRules,
  },
  // A sub-select locks what it reads from, as a view does: get_query_def() in ruleutils.c.
  "policy using": {
    text: "pg_catalog.pg_get_expr(x.polqual, x.polrelid)",
    from: "JOIN pg_catalog.pg_policy x ON x.oid = a.oid",
    names: ofPolicies,
  },
  "policy check": {
    text: "pg_catalog.pg_get_expr(x.polwithcheck, x.polrelid)",
    from: "JOIN pg_catalog.pg_policy x ON x.oid = a.oid",
    names: ofPolicies,
  },
  "row filter": {
    text: "pg_catalog.pg_get_expr(x.prqual, x.prrelid)",
    from: "JOIN pg_catalog.pg_publication_rel x ON x.oid = a.oid",
  },
  statistics: { text: "pg_catalog.pg_get_statisticsobjdef(a.oid)", from: "" },
  "sql body": {
    text: "pg_catalog.pg_get_function_sqlbody(a.oid)",
    from: "",
    names: ofBodies,
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

/** What is said of a unit whose texts would take more locks than are ours to take: ask again. */
export const later = "later";

/**
 * Which relations the texts of whom name, and who has to wait: a twentieth of the lock table is ours
 * (https://www.postgresql.org/docs/current/runtime-config-locks.html). The first never waits.
 */
const budget = (orders: readonly Order[]): string => {
  const units = (names: Names) =>
    orders.filter(({ as }) => namesOf(as) === names).map(({ unit }) => unit.oid);
  const all = [ofRules, ofPolicies, ofBodies].filter((names) => units(names).length > 0);
  return `,
    named (unit, oid) AS MATERIALIZED (${all
      .map(
        (names) => `
      SELECT DISTINCT ${names.unit}, d.refobjid
        FROM ${names.from}
       WHERE ${names.where === undefined ? "" : `${names.where} AND `}d.refclassid = ${classOf("pg_class")}
         AND ${names.unit} = ANY (${oids(units(names))})`,
      )
      .join("\n       UNION")}),
    waiting (unit) AS MATERIALIZED (
      SELECT c.unit
        FROM (SELECT n.unit, pg_catalog.count(*) AS own,
                     pg_catalog.sum(pg_catalog.count(*)) OVER (ORDER BY n.unit) AS until
                FROM named n
               GROUP BY n.unit) c
       WHERE c.until > c.own
         AND c.until > pg_catalog.current_setting('max_locks_per_transaction')::int8
                       * (pg_catalog.current_setting('max_connections')::int8
                          + pg_catalog.current_setting('max_prepared_transactions')::int8) / 20)`;
};

const namesOf = (as: Print["as"]): Names | undefined => {
  const printer = printers[as];
  return "names" in printer ? printer.names : undefined;
};

const oids = (values: readonly number[]): string => `'{${values.join(",")}}'::oid[]`;

/**
 * The texts, but for those of units on which, or on a relation of whose text, there is such a lock:
 * they do not come, and that is told. Of units that have to wait, a row says so.
 */
export function printStatement(orders: readonly Order[]): string {
  const keeps = orders.some(keepsLocks);
  const branches = [...Map.groupBy(orders, ({ as }) => as)].map(([as, some]) => {
    const { text, from } = printers[as];
    const names =
      namesOf(as) === undefined
        ? ""
        : `AND a.unit NOT IN (SELECT n.unit FROM named n JOIN locked k ON k.oid = n.oid)
       AND a.unit NOT IN (SELECT w.unit FROM waiting w)`;
    return `
    SELECT '${as}' AS "as", a.oid AS "oid", ${text} AS "text"
      FROM ROWS FROM (pg_catalog.unnest(${oids(some.map(({ unit }) => unit.oid))}),
                      pg_catalog.unnest(${oids(some.map(({ oid }) => oid))})) AS a (unit, oid)
      ${from}
     WHERE a.unit NOT IN (SELECT k.oid FROM locked k)
       ${names}`;
  });
  if (keeps)
    branches.push(`
    SELECT '${later}', w.unit, '' FROM waiting w`);
  return `
  WITH ${locked}${keeps ? budget(orders) : ""}
  ${branches.join("\n     UNION ALL")}`;
}

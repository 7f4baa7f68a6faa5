import type { Blindness, Cause } from "../core/outcome.ts";
import { quoteIdentifier } from "../core/sql.ts";
import type { MissingGrant } from "./foreign-key.ts";
import type { Obstacle } from "./obstacle.ts";
import type { OrphanScan } from "./scan.ts";

type Unseen = OrphanScan["unseen"];

/** Worst first: the first that occurs is the cause of the whole. */
const told: Readonly<Record<Obstacle, { readonly cause: Cause; readonly say: string }>> = {
  failed: { cause: "error", say: "that could not be counted" },
  changed: { cause: "error", say: "that kept changing while being read" },
  privilege: { cause: "privilege", say: "whose key columns this role may not read" },
  "row-security": {
    cause: "privilege",
    say: "where row security hides rows from this role",
  },
  untrusted: {
    cause: "privilege",
    say: "that cannot be read without calling a function that a user wrote",
  },
  locked: { cause: "lock", say: "locked, or waited for by an ALTER" },
  slow: { cause: "timeout", say: "slower than the 200 ms that a count may take" },
  large: { cause: "timeout", say: "too large for the plain count" },
  partitions: { cause: "timeout", say: "with too many partitions for the plain count" },
  "out-of-time": { cause: "out-of-time", say: "that did not fit into the budget" },
  temporal: { cause: "not-applicable", say: "temporal, which is not counted" },
  "foreign-table": { cause: "not-applicable", say: "reaching into foreign tables" },
  unlogged: { cause: "not-applicable", say: "unlogged, of which a replica has no rows" },
};

/** What was not counted and why, all reasons together, with what cures it. */
export function blindnessOf(unseen: Unseen, role: string): Blindness | undefined {
  const groups = Map.groupBy(unseen, ({ obstacle }) => obstacle);
  const present = obstaclesIn(groups);
  const [worst] = present;
  if (worst === undefined) return undefined;
  const reasons = present.map((obstacle) => reasonOf(obstacle, groups.get(obstacle) ?? []));
  const cures = present.flatMap((obstacle) => cureOf(obstacle, groups.get(obstacle) ?? [], role));
  return {
    cause: told[worst].cause,
    reason: reasons.join("; "),
    ...(cures.length === 0 ? {} : { cure: cures.join("\n") }),
  };
}

const obstaclesIn = (groups: ReadonlyMap<Obstacle, unknown>): readonly Obstacle[] =>
  [...groups.keys()].toSorted((a, b) => order.indexOf(a) - order.indexOf(b));

const order = Object.keys(told);

function reasonOf(obstacle: Obstacle, unseen: Unseen): string {
  const tables = new Set(unseen.flatMap(({ missing }) => missing.map((m) => m.sqlTable)));
  const why = new Set(unseen.flatMap((each) => each.why ?? []));
  const about = why.size === 0 ? "" : `: ${someOf([...why])}`;
  if (obstacle === "privilege" && tables.size > 0) return `no SELECT on ${someOf([...tables])}`;
  const names = someOf(unseen.map(({ identity }) => identity));
  return `${unseen.length} ${told[obstacle].say} (${names})${about}`;
}

function cureOf(obstacle: Obstacle, unseen: Unseen, role: string): readonly string[] {
  if (obstacle === "privilege") return grantsOf(unseen, role);
  if (obstacle === "row-security") return [`ALTER ROLE ${quoteIdentifier(role)} BYPASSRLS;`];
  if (obstacle === "out-of-time") return ["-- Raise this check's option budget."];
  return [];
}

/** One GRANT a table, for all columns that any constraint needs of it. */
function grantsOf(unseen: Unseen, role: string): readonly string[] {
  const missing = unseen.flatMap((each) => each.missing);
  const to = `TO ${quoteIdentifier(role)};`;
  const schemas = new Set(missing.flatMap((m) => m.sqlSchema ?? []));
  const lines = [
    ...[...schemas].sort().map((schema) => `GRANT USAGE ON SCHEMA ${schema} ${to}`),
    ...[...columnsByTable(missing)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([table, columns]) => `GRANT SELECT (${[...columns].join(", ")}) ON ${table} ${to}`),
  ];
  if (lines.length <= most) return lines;
  const more = `-- and ${lines.length - most} more; or, from PostgreSQL 14 on, all at once:`;
  return [...lines.slice(0, most), more, `-- GRANT pg_read_all_data ${to}`];
}

const most = 8;

function columnsByTable(missing: readonly MissingGrant[]): Map<string, Set<string>> {
  const tables = new Map<string, Set<string>>();
  for (const { sqlTable, sqlColumns } of missing) {
    if (sqlColumns.length === 0) continue;
    const columns = tables.get(sqlTable) ?? new Set();
    for (const column of sqlColumns) columns.add(column);
    tables.set(sqlTable, columns);
  }
  return tables;
}

const someOf = (names: readonly string[], few = 3): string =>
  names.length <= few + 1
    ? names.join(", ")
    : `${names.slice(0, few).join(", ")} and ${names.length - few} more`;

import type { Blindness } from "../core/outcome.ts";
import { quoteIdentifier } from "../core/sql.ts";
import type { TrackerRead } from "./state.ts";

type Obstacle = NonNullable<TrackerRead["obstacle"]>;

const told: Readonly<Record<Obstacle, { cause: Blindness["cause"]; say: string }>> = {
  failed: { cause: "error", say: "could not be read" },
  privilege: { cause: "privilege", say: "may not be read by this role" },
  "row-security": { cause: "privilege", say: "has row security that hides rows from this role" },
  untrusted: {
    cause: "privilege",
    say: "cannot be read without calling a function that a user wrote",
  },
  locked: { cause: "lock", say: "is locked: a migration runs, or waits to" },
  slow: { cause: "timeout", say: "could not be read within 250 ms" },
  "foreign-table": { cause: "not-applicable", say: "has partitions that are foreign tables" },
};

/** Which trackers were not read and why, with the GRANT that cures it. */
export function blindnessOf(reads: readonly TrackerRead[], role: string): Blindness | undefined {
  const unseen = Object.keys(told).flatMap((name) => reads.filter((r) => r.obstacle === name));
  const [worst] = unseen;
  if (worst?.obstacle === undefined) return undefined;
  const cures = unseen.flatMap((read) => cureOf(read, quoteIdentifier(role)));
  return {
    cause: told[worst.obstacle].cause,
    reason: unseen.map(reasonOf).join("; "),
    ...(cures.length === 0 ? {} : { cure: cures.join("\n") }),
  };
}

const reasonOf = ({ table, obstacle, why }: TrackerRead): string =>
  obstacle === undefined
    ? ""
    : `${table.sqlTable} (${table.tool}) ${told[obstacle].say}${why === undefined ? "" : `: ${why}`}`;

function cureOf({ table, obstacle }: TrackerRead, role: string): readonly string[] {
  if (obstacle === "row-security") return [`ALTER ROLE ${role} BYPASSRLS;`];
  if (obstacle !== "privilege") return [];
  const { sqlSchema, sqlTable, lacksUsage, lacks } = table;
  return [
    ...(lacksUsage ? [`GRANT USAGE ON SCHEMA ${sqlSchema} TO ${role};`] : []),
    ...(lacks.length > 0 ? [`GRANT SELECT (${lacks.join(", ")}) ON ${sqlTable} TO ${role};`] : []),
  ];
}

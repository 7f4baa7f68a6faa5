import type { FindingDraft, Remedy } from "../../../core/finding.ts";
import type { Severity } from "../../../core/severity.ts";
import { count, sayShare, sayTime } from "../../../core/units.ts";
import type { TableRows } from "../../reads/table-rows.ts";
import type { Loss } from "./loss.ts";

interface Between {
  readonly from: string;
  readonly to: string;
}

const objectOf = ({ schema, name, identity }: TableRows) => ({
  kind: "table",
  schema,
  name,
  identity,
});

const hows = {
  truncated: "It was truncated: it has a new file, and no row of it counts as deleted.",
  deleted: "They were deleted, row by row.",
  swapped: "It is another table under the same name: dropped and made anew, or renamed into place.",
} as const;

export function lost(
  table: TableRows,
  loss: Loss,
  severity: Severity,
  { from, to }: Between,
): FindingDraft {
  const gone = loss.before - loss.now;
  const about = loss.isExact ? "" : "about ";
  return {
    object: objectOf(table),
    severity,
    summary: `${table.identity} lost ${about}${count(gone, "row")} of ${loss.before.toLocaleString("en-US")} (${sayShare(gone / loss.before)}): ${loss.how}`,
    detail: [
      hows[loss.how],
      `It happened between ${sayTime(from)} and ${sayTime(to)}.`,
      ...(loss.isHabit ? ["It is emptied and filled all the time, as it seems."] : []),
      ...(table.isUnlogged ? ["It is unlogged: a crash of the server empties it."] : []),
    ],
    evidence: {
      ...{ how: loss.how, before: loss.before, now: loss.now, isExact: loss.isExact },
      ...{ isHabit: loss.isHabit, from, to },
    },
    remedy: restore(table, from),
    measure: { value: gone, unit: "count", of: "rows lost" },
  };
}

export interface Touched {
  readonly updated: number;
  readonly deleted: number;
  readonly loss: Loss | undefined;
}

/** Of a table that may only grow. */
export function touched(
  table: TableRows,
  { updated, deleted, loss }: Touched,
  { from, to }: Between,
): FindingDraft {
  const gone = loss === undefined ? deleted : Math.max(deleted, loss.before - loss.now);
  const what = [
    ...(gone > 0 ? [`${count(gone, "row")} ${loss?.how ?? "deleted"}`] : []),
    ...(updated > 0 ? [`${count(updated, "row")} updated`] : []),
  ];
  return {
    object: objectOf(table),
    severity: "critical",
    summary: `${table.identity} is append-only, and had ${what.join(" and ")}`,
    detail: [
      `It happened between ${sayTime(from)} and ${sayTime(to)}. Statements that were rolled back count too.`,
    ],
    evidence: { how: loss?.how ?? null, updated, deleted, lost: gone, from, to },
    remedy: restore(table, from),
    measure: { value: gone + updated, unit: "count", of: "rows touched" },
  };
}

function restore({ identity }: TableRows, from: string): Remedy {
  return {
    summary: `If nobody meant it: stop what did it, then bring the rows back from a restore to ${sayTime(from)} into another database. Look first:`,
    sql: `SELECT pg_catalog.count(*) FROM ${identity};`,
    lock: "ACCESS SHARE: reads and writes go on, but an ALTER TABLE waits for the count",
  };
}

/** Listed in the configuration, and nothing of that name is there. */
export const absent = (pattern: string): FindingDraft => ({
  object: { kind: "table", name: pattern, identity: pattern },
  severity: "warning",
  summary: `No table fits ${pattern}, which the configuration lists: it was dropped or renamed, or never was`,
  evidence: { pattern },
});

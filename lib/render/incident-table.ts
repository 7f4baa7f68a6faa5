import { printable } from "../core/printable.ts";
import { rank, type Severity } from "../core/severity.ts";
import { count, sayTime } from "../core/units.ts";
import { painter } from "./paint.ts";

/** An incident as people list it. Times are ISO 8601 in UTC. */
export interface IncidentRow {
  readonly fingerprint: string;
  readonly target: string;
  readonly check: string;
  /** `open`, `ended 2026-11-20 12:05 UTC`, `acknowledged until …`, `known`, `flapping` … */
  readonly state: string;
  readonly severity: Severity;
  readonly openedAt: string;
  readonly summary: string;
}

/** Three lines an incident, the worst first; the first column is what commands take. */
export function incidentTable(rows: readonly IncidentRow[], colour: boolean): string {
  const paint = painter(colour);
  if (rows.length === 0) return "No incident is open.\n";
  const inOrder = rows.toSorted(
    (a, b) =>
      rank(b.severity) - rank(a.severity) ||
      (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : 0),
  );
  const lines = inOrder.flatMap(
    ({ fingerprint, target, check, state, severity, openedAt, summary }) => [
      `${fingerprint.slice(0, 8)}  ${paint.severity(severity, severity.toUpperCase().padEnd(8))}  ${printable(`${target}  ${check}`)}`,
      `          ${printable(summary)}`,
      paint.dim(`          since ${sayTime(openedAt)}, ${printable(state)}`),
    ],
  );
  return `${[...lines, "", count(rows.length, "incident")].join("\n")}\n`;
}

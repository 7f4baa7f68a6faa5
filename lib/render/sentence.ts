import { isBlind, type Outcome } from "../core/outcome.ts";
import { printable } from "../core/printable.ts";
import type { Counts, Report, RunDocument } from "../core/report.ts";
import type { Severity } from "../core/severity.ts";
import { sayTarget } from "../core/target.ts";
import { count } from "../core/units.ts";

/** `production/orders: 1 critical, 1 warning; 2 checks could not look` */
export function reportSentence(report: Report): string {
  return `${printable(sayTarget(report.target))}: ${verdictWords(report)}`;
}

export function verdictWords({ server, verdict, counts, outcomes }: Report): string {
  const blind = outcomes.filter(isBlind);
  const unseen = blind.length === 0 ? "" : blindWords(blind);
  const found = findingWords(counts);
  if (server === undefined) {
    const asked = outcomes.some(({ status }) => status === "failed");
    return join([found, asked ? "no connection" : "not looked at", unseen]);
  }
  if (verdict === "findings") return join([found, unseen]);
  const seen = `${count(counts.passed, "check")} passed`;
  const head = verdict === "healthy" ? "healthy" : `unknown: ${unseen}`;
  return [head, found, seen].filter(Boolean).join(", ");
}

/** `3 targets: 1 critical; no look at 1 target; 2 checks could not look` */
export function fleetSentence({ reports }: RunDocument): string {
  const sum = (of: (counts: Counts) => number) =>
    reports.reduce((total, { counts }) => total + of(counts), 0);
  const found = findingWords({
    critical: sum(({ critical }) => critical),
    warning: sum(({ warning }) => warning),
    notice: sum(({ notice }) => notice),
  });
  const silent = reports.filter(({ server }) => server === undefined).length;
  const blind = reports.flatMap(({ outcomes }) => outcomes.filter(isBlind));
  const words = join([
    reports.every(({ verdict }) => verdict === "healthy") ? "all healthy" : "",
    found,
    silent === 0 ? "" : `no look at ${count(silent, "target")}`,
    blind.length === 0 ? "" : blindWords(blind),
  ]);
  return `${count(reports.length, "target")}: ${words}`;
}

/** `1 critical, 2 warnings, 1 notice`, or nothing. */
function findingWords({ critical, warning, notice }: Pick<Counts, Severity>): string {
  return [
    critical > 0 ? `${critical.toLocaleString("en-US")} critical` : "",
    warning > 0 ? count(warning, "warning") : "",
    notice > 0 ? count(notice, "notice") : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** A check may have found something and yet not have seen all. */
function blindWords(blind: readonly Outcome[]): string {
  const partly = blind.some(({ status }) => status === "found");
  return `${count(blind.length, "check")} could not look${partly ? " everywhere" : ""}`;
}

const join = (words: readonly string[]): string => words.filter(Boolean).join("; ");

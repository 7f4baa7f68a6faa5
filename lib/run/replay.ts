import type { Check } from "../core/check.ts";
import { connectionSchema } from "../core/connection.ts";
import { UsageError } from "../core/errors.ts";
import type { IgnoreRule } from "../core/ignore.ts";
import type { Outcome } from "../core/outcome.ts";
import { countOutcomes, type Report, type RunDocument, verdictOf } from "../core/report.ts";
import type { Server } from "../core/server.ts";
import type { Target } from "../core/target.ts";
import { keptFor } from "./evidence.ts";
import { type ChosenCheck, judge } from "./judge.ts";

export interface Replay {
  /** The checks as they are chosen today: with today's thresholds. */
  readonly chosen: (target: Target) => readonly ChosenCheck[];
  readonly ignore: (target: Target) => readonly IgnoreRule[];
}

/**
 * Judges a run again from the evidence that it kept: no database is asked.
 *
 * @throws UsageError where the run kept none, or a check no longer reads what it read then
 */
export function replay(document: RunDocument, how: Replay): RunDocument {
  const { profile } = document.run;
  const reports = document.reports.map((report): Report => {
    const { target } = report;
    const chosen = new Map(how.chosen(target).map((each) => [each.check.id, each]));
    const server = serverOf(report);
    const outcomes = report.outcomes.map((outcome) => {
      const now = chosen.get(outcome.check);
      if (now === undefined) return outcome;
      const evidence = evidenceOf(outcome, now.check, report);
      if (evidence === undefined) return outcome;
      const { past: previous, baseline } = outcome;
      const context = { now: new Date(report.startedAt), server, profile, previous, baseline };
      const again = judge(now, evidence, context, target, how.ignore(target));
      return { ...again, evidence: outcome.evidence, past: previous, baseline };
    });
    return { ...report, outcomes, verdict: verdictOf(outcomes), counts: countOutcomes(outcomes) };
  });
  return { ...document, reports };
}

function evidenceOf(
  outcome: Outcome,
  check: Check,
  report: Report,
): Record<string, unknown> | undefined {
  const { status } = outcome;
  if (outcome.evidence === undefined) {
    // What could not be asked then has nothing to be judged by now.
    if (status === "skipped" || status === "failed") return undefined;
    throw new UsageError(
      `${outcome.check} kept no evidence in this run`,
      "Keep it when you look: pgvigil check --evidence --format json:run.json, or --store DIR.",
    );
  }
  const evidence = keptFor(check, outcome, report);
  const entries = Object.entries(check.reads).map(([name, read]) => {
    const schema = read.kind === "sql" ? read.row.array() : read.result;
    const parsed = schema.safeParse(evidence[name]);
    if (parsed.success) return [name, parsed.data] as const;
    throw new UsageError(
      `${outcome.check} reads something else today than this run kept (${name})`,
      "Replay it with the pgvigil that made it; the document says which.",
    );
  });
  return Object.fromEntries(entries);
}

/** The whole probe is evidence of the checks of the connection. */
function serverOf(report: Report): Server | undefined {
  for (const { evidence } of [report, ...report.outcomes]) {
    const attempt = connectionSchema.safeParse(evidence?.connection).data;
    if (attempt?.reached) return attempt.server;
  }
  return undefined;
}

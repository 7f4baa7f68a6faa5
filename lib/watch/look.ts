import type { Outcome } from "../core/outcome.ts";
import { isBlind } from "../core/outcome.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { isAtLeast, rank } from "../core/severity.ts";
import { type Look, lookStates, type Seen, type Watch } from "../core/watch.ts";
import { secondsSince, slotAt } from "./due.ts";
import { offsets } from "./phases.ts";
import { withPoint } from "./series.ts";

/** Findings that a document keeps, the worst of them. */
const mostSeen = 200;

/**
 * The watch with one more look. Looks may come twice, late or out of order: one that belongs to a
 * slot that is taken, to no open watch, or to the time before, changes nothing.
 */
export function recorded(watch: Watch, { run }: Pick<RunDocument, "run">, report: Report): Watch {
  const { openedAt, state, phases } = watch;
  const at = report.startedAt;
  if (state !== "open" || openedAt === undefined || at < openedAt) return watch;
  const slot = slotAt(offsets(phases), secondsSince(openedAt, new Date(at)));
  if (watch.looks.some((look) => look.slot === slot)) return watch;
  const { outcomes, server, schema, vitals } = report;
  const checks = withAll(watch.checks, outcomes);
  const { seen, dropped } = worst(withFindings(watch.seen, outcomes, at));
  const look: Look = {
    slot,
    at,
    run: run.id,
    states: statesOf(checks, outcomes),
    found: fingerprintsOf(outcomes).filter((fingerprint) => Object.hasOwn(seen, fingerprint)),
    ...(server === undefined ? {} : { server }),
    ...(schema === undefined ? {} : { checksum: schema.checksum }),
    ...(vitals === undefined ? {} : { vitals }),
  };
  return {
    ...watch,
    checks,
    looks: [...watch.looks, look].sort((a, b) => a.slot - b.slot),
    seen,
    untold: Math.max(watch.untold, dropped),
    blind: withBlind(watch.blind, outcomes, at),
    series: outcomes.reduce(
      (series, outcome) => withPoint(series, slot, outcome.series ?? {}),
      watch.series,
    ),
  };
}

const withAll = (checks: readonly string[], outcomes: readonly Outcome[]): string[] => [
  ...new Set([...checks, ...outcomes.map(({ check }) => check)]),
];

function statesOf(checks: readonly string[], outcomes: readonly Outcome[]): string {
  const byCheck = new Map(outcomes.map((outcome) => [outcome.check, stateOf(outcome)]));
  return checks.map((check) => byCheck.get(check) ?? lookStates.notAsked).join("");
}

function stateOf(outcome: Outcome): string {
  if (outcome.cause === "not-applicable") return lookStates.notApplicable;
  const hasFound = outcome.findings.length > 0;
  // `failed` without a cause: the look itself did not come off.
  if (isBlind(outcome) || outcome.status === "failed") {
    return hasFound ? lookStates.partly : lookStates.blind;
  }
  return hasFound ? lookStates.found : lookStates.passed;
}

const fingerprintsOf = (outcomes: readonly Outcome[]): string[] => [
  ...new Set(outcomes.flatMap(({ findings }) => findings.map(({ fingerprint }) => fingerprint))),
];

/** The newest words of each finding, and the worst. */
function withFindings(
  seen: Watch["seen"],
  outcomes: readonly Outcome[],
  at: string,
): Watch["seen"] {
  const all: Record<string, Seen> = { ...seen };
  for (const { check, findings } of outcomes) {
    for (const { fingerprint, object, severity, summary } of findings) {
      const before = all[fingerprint];
      const now = { check, object, at, severity, summary };
      const peak = { at, severity, summary };
      all[fingerprint] = {
        ...(before === undefined || before.at < at ? now : before),
        peak: before === undefined || isWorse(peak, before.peak) ? peak : before.peak,
      };
    }
  }
  return all;
}

const isWorse = (a: Seen["peak"], b: Seen["peak"]): boolean =>
  a.severity === b.severity ? a.at < b.at : isAtLeast(a.severity, b.severity);

function worst(seen: Watch["seen"]) {
  const entries = Object.entries(seen).sort(
    ([a, x], [b, y]) => rank(y.peak.severity) - rank(x.peak.severity) || (a < b ? -1 : 1),
  );
  const kept = entries.slice(0, mostSeen);
  return { seen: Object.fromEntries(kept), dropped: entries.length - kept.length };
}

function withBlind(blind: Watch["blind"], outcomes: readonly Outcome[], at: string) {
  const now = outcomes.filter(
    (outcome) => isBlind(outcome) && (blind[outcome.check]?.at ?? "") <= at,
  );
  return {
    ...blind,
    ...Object.fromEntries(
      now.map(({ check, reason = "", cure }) => [
        check,
        { at, reason, ...(cure === undefined ? {} : { cure }) },
      ]),
    ),
  };
}

import { Interrupted, UsageError } from "./errors.ts";
import { isBlind } from "./outcome.ts";
import type { Report } from "./report.ts";
import { isAtLeast, type Severity, severities } from "./severity.ts";

/** Public: scripts and pipelines are built on them. */
export const exitCodes = {
  healthy: 0,
  findings: 1,
  commandFailed: 2,
  postflight: 3,
  rollbackFailed: 4,
  usage: 5,
  unknown: 6,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The least severity that makes a run fail. What could not be looked at fails it all the same. */
export const failOnLevels = [...severities, "never"] as const;
export type FailOn = Severity | "never";

export const fails = (severity: Severity, failOn: FailOn): boolean =>
  failOn !== "never" && isAtLeast(severity, failOn);

/**
 * In order of precedence: interrupted 130, findings 1, could not find out 6, healthy 0. A run that
 * looked at nothing found nothing out.
 */
export function exitCodeOf(
  { reports }: { readonly reports: readonly Pick<Report, "outcomes">[] },
  failOn: FailOn,
  interrupted = false,
): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  const outcomes = reports.flatMap((report) => report.outcomes);
  const findings = outcomes.flatMap((outcome) => outcome.findings);
  if (findings.some(({ severity }) => fails(severity, failOn))) return exitCodes.findings;
  if (outcomes.length === 0 || outcomes.some(isBlind)) return exitCodes.unknown;
  return exitCodes.healthy;
}

/** What ended a command before it had a run to tell of. Undefined: a bug of ours. */
export function exitCodeOfError(error: unknown): ExitCode | undefined {
  if (error instanceof Interrupted) return exitCodes.interrupted;
  return error instanceof UsageError ? exitCodes.usage : undefined;
}

import type { Finding } from "../core/finding.ts";
import { isBlind, type Outcome } from "../core/outcome.ts";
import type { Report } from "../core/report.ts";
import { type Severity, severities } from "../core/severity.ts";

/** How many findings of one check people are shown; machines get all. */
const shownOfACheck = 10;

/** What one check says at one severity. */
export interface FindingGroup {
  readonly check: string;
  readonly severity: Severity;
  readonly findings: readonly Finding[];
  /** What was looked at, and what was counted and not told; once a check. */
  readonly scope?: string;
  /** Findings of this check that are not shown, here or below. */
  readonly more: number;
}

/** Worst first; of one check the first ten, however they are spread over severities. */
export function findingGroups({ outcomes }: Pick<Report, "outcomes">): readonly FindingGroup[] {
  return severities.toReversed().flatMap((severity) =>
    outcomes.flatMap((outcome) => {
      const { check, findings, scope } = outcome;
      const worstFirst = severities
        .toReversed()
        .flatMap((rank) => findings.filter((finding) => finding.severity === rank));
      const shown = worstFirst.slice(0, shownOfACheck);
      const here = shown.filter((finding) => finding.severity === severity);
      const isLast = here.at(-1) === shown.at(-1);
      if (here.length === 0) return [];
      const more = isLast ? findings.length - shown.length : 0;
      // What was not seen is told by itself, with its scope.
      const isFirst = here[0] === shown[0] && !isBlind(outcome);
      return [{ check, severity, findings: here, more, ...(isFirst ? { scope } : {}) }];
    }),
  );
}

/** Checks that could not look for one and the same reason. */
export interface UnseenGroup {
  readonly checks: readonly string[];
  readonly cause: string;
  readonly scope: string;
  readonly reason: string;
  readonly cure: string | undefined;
}

export function unseenGroups({ outcomes }: Pick<Report, "outcomes">): readonly UnseenGroup[] {
  const groups = Map.groupBy(outcomes.filter(isBlind), ({ cause, reason, cure }) =>
    JSON.stringify([cause, reason, cure]),
  );
  return [...groups.values()].map((alike) => {
    const [first] = alike;
    return {
      checks: alike.map(({ check }) => check),
      cause: first?.cause ?? "error",
      scope: alike.length === 1 && first?.scope !== undefined ? first.scope : "",
      reason: first?.reason ?? "",
      cure: first?.cure,
    };
  });
}

export const passedOf = ({ outcomes }: Pick<Report, "outcomes">): readonly Outcome[] =>
  outcomes.filter(({ status }) => status === "passed");

export const notApplicableOf = ({ outcomes }: Pick<Report, "outcomes">): readonly Outcome[] =>
  outcomes.filter(({ cause }) => cause === "not-applicable");

/** `indexes/invalid 2, locks/blocking-chain 1`: what ignore rules hide. */
export const ignoredWords = ({ outcomes }: Pick<Report, "outcomes">): string =>
  outcomes
    .flatMap(({ check, ignored = 0 }) => (ignored > 0 ? [`${check} ${ignored}`] : []))
    .join(", ");

import type { Finding } from "../core/finding.ts";
import { fingerprint } from "../core/fingerprint.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Severity } from "../core/severity.ts";
import { sayTarget, type Target } from "../core/target.ts";
import { trimmed, unreachableCheck } from "./alert.ts";
import { worse } from "./transition.ts";

/** A finding of a report as an incident sees it: with what it causes, or under what causes it. */
export interface Sighting {
  readonly check: string;
  readonly finding: Finding;
  /** Of the worst among it and its consequences. */
  readonly severity: Severity;
  readonly under?: string;
  readonly consequences: readonly { readonly check: string; readonly summary: string }[];
}

/**
 * What causes what, the cause first: a session that a running migration holds, heads a chain, idles
 * in its transaction and keeps VACUUM waiting is one thing that went wrong.
 */
const causesFirst = [
  "migrations/in-progress",
  "locks/blocking-chain",
  "activity/idle-in-transaction",
  "activity/long-transaction",
  "activity/oldest-xmin",
];

/** Every finding of the outcomes, consequences folded under their cause. */
export function sightingsOf(
  outcomes: readonly Outcome[],
  target: Target,
  isMuted: (check: string) => boolean,
): readonly Sighting[] {
  const all = outcomes.flatMap((outcome) =>
    findingsOf(outcome, target).map((finding) => ({ check: outcome.check, finding })),
  );
  const heads = new Map<string, Found>();
  const causes = causesFirst.filter((check) => !isMuted(check));
  const inOrder = causes.flatMap((check) => all.filter((found) => found.check === check));
  for (const found of inOrder) {
    for (const session of found.finding.sessions ?? []) {
      if (!heads.has(session)) heads.set(session, found);
    }
  }
  const under = new Map<Found, Found>();
  for (const found of inOrder) {
    const head = found.finding.sessions?.map((session) => heads.get(session)).find(isOther(found));
    if (head !== undefined) under.set(found, under.get(head) ?? head);
  }
  return all.map((found) => sightingOf(found, under));
}

interface Found {
  readonly check: string;
  readonly finding: Finding;
}

const isOther =
  (found: Found) =>
  (head: Found | undefined): head is Found =>
    head !== undefined && head.check !== found.check;

function sightingOf(found: Found, under: ReadonlyMap<Found, Found>): Sighting {
  const folded = [...under].flatMap(([consequence, cause]) =>
    cause === found ? [consequence] : [],
  );
  const head = under.get(found);
  return {
    ...found,
    finding: trimmed(found.finding),
    severity: folded.reduce(
      (worst, { finding }) => worse(worst, finding.severity),
      found.finding.severity,
    ),
    ...(head === undefined ? {} : { under: head.finding.fingerprint }),
    consequences: folded.map(({ check, finding: { summary } }) => ({ check, summary })),
  };
}

/** A database that does not answer is one incident, whatever its refusal says. */
function findingsOf(outcome: Outcome, target: Target): readonly Finding[] {
  const { check, status, findings } = outcome;
  if (check !== unreachableCheck || status !== "failed") return findings;
  const object = { kind: "target", identity: sayTarget(target) };
  const { reason = "no answer", cure, errorClass } = outcome;
  const [worst] = findings;
  return [
    {
      severity: "critical",
      summary: worst?.summary ?? `${object.identity} does not answer: ${reason}`,
      detail: worst?.detail ?? [],
      evidence: { ...worst?.evidence, reason, ...(errorClass === undefined ? {} : { errorClass }) },
      ...(worst?.remedy !== undefined
        ? { remedy: worst.remedy }
        : cure === undefined || cure === ""
          ? {}
          : { remedy: { summary: cure } }),
      object,
      fingerprint: fingerprint(check, target, object),
    },
  ];
}

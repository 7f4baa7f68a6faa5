import type { Alert, AlertStatus } from "../core/alert.ts";
import type { Finding } from "../core/finding.ts";
import { sayTarget } from "../core/target.ts";
import { idOf } from "./ids.ts";
import type { Incident } from "./incident.ts";
import type { Moment } from "./moment.ts";
import { ownerOf } from "./policy.ts";

/** Pseudo-checks: what is told of a target and is no finding of a check. */
export const unreachableCheck = "server/unreachable";
export const unseenCheck = "server/unseen";
export const unreadableCheck = "incidents/unreadable";
export const eventCheck = "server/identity";

const ownFacts: Readonly<Record<string, { failureTitle: string; why: string }>> = {
  [unseenCheck]: {
    failureTitle: "Nobody looks at the target",
    why: "What is not looked at is not known to be well: no look came for two rhythms of its profile.",
  },
  [eventCheck]: {
    failureTitle: "The target became another server",
    why: "After a failover, restore, upgrade or restart counters begin anew: what they say before and after is not compared.",
  },
};

interface Words {
  /** What makes this alert another one than the last with this status. */
  readonly mark?: string | number;
  readonly note?: string | undefined;
}

/** What an alert says of an incident; what is told beside incidents has no more. */
export type Told = Pick<
  Incident,
  "fingerprint" | "check" | "finding" | "severity" | "openedAt" | "tellings" | "peak"
> &
  Partial<Pick<Incident, "told" | "resolvedAt" | "samples" | "consequences">>;

/** The alert of an incident as it stands. Its id hangs on what happened, not on who noticed it when. */
export function alertOf(
  incident: Told,
  status: AlertStatus,
  { at, target, policy }: Pick<Moment, "at" | "target" | "policy">,
  { mark = at, note }: Words = {},
): Alert {
  const { fingerprint, check, finding, severity, told, resolvedAt, peak } = incident;
  const { openedAt, tellings, samples = [], consequences = [] } = incident;
  const { failureTitle, why } = factsOf(policy, check);
  const owner = ownerOf(policy, finding.object);
  return {
    id: idOf(sayTarget(target), fingerprint, tellings, status, openedAt, severity, mark),
    status,
    at,
    check,
    title: failureTitle,
    why,
    severity,
    ...(told === undefined ? {} : { before: told.severity }),
    finding,
    openedAt,
    ...(status === "resolved" && resolvedAt !== undefined ? { resolvedAt } : {}),
    peak,
    samples: samples.slice(-12),
    consequences,
    ...(owner === undefined ? {} : { owner }),
    ...(note === undefined ? {} : { note }),
  };
}

export const factsOf = (policy: Moment["policy"], check: string) =>
  ownFacts[check] ?? policy.facts(check) ?? { failureTitle: check, why: "" };

const mostEvidence = 4000;

/** Without what only a replay needs: evidence that nobody reads in a message. */
export function trimmed(finding: Finding): Finding {
  const entries = Object.entries(finding.evidence);
  const kept = entries.filter(([, value]) => JSON.stringify(value).length <= mostEvidence);
  return kept.length === entries.length
    ? finding
    : { ...finding, evidence: Object.fromEntries(kept) };
}

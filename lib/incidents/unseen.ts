import type { Finding } from "../core/finding.ts";
import { fingerprint } from "../core/fingerprint.ts";
import { profileNames } from "../core/profile.ts";
import type { Severity } from "../core/severity.ts";
import { sayTarget } from "../core/target.ts";
import { sayDuration, sayTime } from "../core/units.ts";
import { unseenCheck } from "./alert.ts";
import type { IncidentDocument } from "./document.ts";
import { seen } from "./look.ts";
import { hour, type Moment } from "./moment.ts";
import { isExpectedDown, rhythmOf, stoppedUntil } from "./policy.ts";

interface Overdue {
  readonly profile: (typeof profileNames)[number];
  /** The last look, or when the target was first heard of. */
  readonly last: string | undefined;
  /** Milliseconds beyond two rhythms. */
  readonly late: number;
}

/** Profiles whose last look is older than two of their rhythms. */
export function overdue(
  { profiles, since }: Pick<IncidentDocument, "profiles" | "since">,
  { at, policy }: Pick<Moment, "at" | "policy">,
): readonly Overdue[] {
  const now = new Date(at);
  if (policy.isPausable || isExpectedDown(policy, now)) return [];
  const stopped = stoppedUntil(policy, now);
  return profileNames.flatMap((profile) => {
    const rhythm = policy.rhythms[profile];
    const every = rhythm === undefined ? undefined : rhythmOf(rhythm, now);
    if (every === undefined) return [];
    const last = profiles[profile];
    const from = Math.max(Date.parse(last ?? since), stopped);
    const late = now.getTime() - from - 2 * every;
    return late > 0 ? [{ profile, last, late }] : [];
  });
}

/** The document with the incident that nobody looks, where that is so. */
export function withUnseen(document: IncidentDocument, moment: Moment): IncidentDocument {
  const late = overdue(document, moment);
  if (late.length === 0) return document;
  const finding = findingOf(document, late);
  const before = document.incidents[finding.fingerprint];
  const { severity } = finding;
  const sighting = { check: unseenCheck, finding, severity, consequences: [] };
  const [first] = late;
  const profile = first?.profile ?? "pulse";
  const incident = seen(before, sighting, { moment, profile, isDayOne: false });
  return { ...document, incidents: { ...document.incidents, [finding.fingerprint]: incident } };
}

function findingOf({ target }: IncidentDocument, late: readonly Overdue[]): Finding {
  const object = { kind: "target", identity: sayTarget(target) };
  const said = late.map(({ profile, last }) =>
    last === undefined ? `${profile}: never` : `${profile}: last on ${sayTime(last)}`,
  );
  const longest = Math.max(...late.map((each) => each.late));
  // An hour of silence beyond what is usual is no hiccup.
  const severity: Severity = longest >= hour ? "critical" : "warning";
  return {
    object,
    fingerprint: fingerprint(unseenCheck, target, object),
    severity,
    summary: `Nobody looked at ${object.identity} for two rhythms (${said.join("; ")})`,
    detail: [
      `The look is ${sayDuration(longest / 1000)} late: whatever happens there is not seen.`,
    ],
    evidence: { late: late.map(({ profile, last }) => ({ profile, last: last ?? null })) },
    remedy: { summary: "Find out why no run comes: its schedule, its log, its network." },
  };
}

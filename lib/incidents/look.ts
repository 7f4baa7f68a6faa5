import type { Finding } from "../core/finding.ts";
import { isBlind, type Outcome } from "../core/outcome.ts";
import type { ProfileName } from "../core/profile.ts";
import { isAtLeast } from "../core/severity.ts";
import { sayTime } from "../core/units.ts";
import type { IncidentDocument, Look } from "./document.ts";
import { type Incident, withEntry } from "./incident.ts";
import { between, hour, type Moment } from "./moment.ts";
import { withSample } from "./samples.ts";
import type { Sighting } from "./sightings.ts";
import { isAccepted, resolve, type Transition } from "./transition.ts";

interface Seen {
  readonly moment: Moment;
  readonly profile: ProfileName;
  readonly isDayOne: boolean;
}

/** An incident after a look that found it. */
export function seen(before: Incident | undefined, sighting: Sighting, how: Seen): Incident {
  const { moment, profile, isDayOne } = how;
  const { at, policy } = moment;
  const { check, finding, severity, under, consequences } = sighting;
  const isNew = before === undefined || before.state === "resolved";
  const { under: _, ...base } = isNew ? begin(before, sighting, how) : before;
  const looks = base.looks + 1;
  const isOpen = base.state === "open" || looks >= policy.looks(check, profile);
  const isWorst = !isAtLeast(base.peak.severity, severity);
  const samples = sampled(base.samples, finding, at);
  const next: Incident = {
    ...base,
    ...{ severity, finding, profile, looks, samples, seenAt: at },
    consequences: [...consequences],
    state: isOpen ? "open" : "pending",
    ...(isWorst ? { peak: { severity, at, summary: finding.summary } } : {}),
    ...(under === undefined ? {} : { under }),
    ...(isDayOne ? { isDayOne } : {}),
  };
  if (!isOpen || base.state === "open") return next;
  const opened = withEntry(next, { at, what: "found", severity, text: finding.summary });
  // It is counted in the next digest, as one of those that were there before us.
  return opened.isDayOne && opened.told === undefined
    ? { ...opened, told: { severity, at, how: "digest" } }
    : opened;
}

const sampled = (samples: Incident["samples"], { measure }: Finding, at: string) =>
  measure === undefined ? samples : [...withSample(samples, { at, value: measure.value })];

/** A new episode. What it was before is in its timeline; who acknowledged it did so until an end. */
function begin(
  before: Incident | undefined,
  { check, finding, severity }: Sighting,
  { moment: { at }, profile }: Seen,
): Incident {
  const begun = {
    ...{ fingerprint: finding.fingerprint, check, severity, finding, profile },
    ...{ state: "pending" as const, looks: 0, openedAt: at, seenAt: at, reminded: 0 },
    ...{ samples: [], consequences: [], peak: { severity, at, summary: finding.summary } },
  };
  if (before === undefined) return { ...begun, tellings: 0, opens: [], timeline: [] };
  const { told, known: _, isDayOne: __, resolvedAt: ___, note: ____, ...rest } = before;
  // What comes and goes was told as such.
  const isTold = before.flapping !== undefined && told !== undefined;
  return { ...rest, ...begun, ...(isTold ? { told } : {}) };
}

export interface Looked {
  readonly outcome: Outcome;
  readonly moment: Moment;
  readonly profile: ProfileName;
  readonly server: IncidentDocument["server"];
  /** The look before this one. */
  readonly look: Look | undefined;
}

/**
 * May this look say that the incident is over? Only one that saw all there is to see, of the server
 * that the look before saw too, with thresholds at least as strict as those that found it.
 */
export function isCovered(incident: Incident, { outcome, moment, profile, server, look }: Looked) {
  if (outcome.status !== "passed" && outcome.status !== "found") return false;
  if (isBlind(outcome)) return false;
  // What went with a failover did not recover: the next look at this server may say that.
  if (look !== undefined && server !== undefined && look.generation !== server.generation) {
    return false;
  }
  if (outcome.still?.includes(incident.fingerprint)) return false;
  const { policy, at } = moment;
  const { profile: finder, check, seenAt } = incident;
  return (
    finder === profile ||
    // The pulse has the loosest thresholds of all.
    finder === "pulse" ||
    policy.isSameLook(check, finder, profile) ||
    between(seenAt, at) >= hour
  );
}

/** An incident after a look that did not find it; nothing where nobody was told of it. */
export function missed(incident: Incident, looked: Looked): Transition | undefined {
  const { moment, outcome, server } = looked;
  if (incident.state === "pending") {
    if (incident.flapping === undefined && !isAccepted(incident, moment.at)) return undefined;
    return { incident: { ...incident, state: "resolved", resolvedAt: moment.at } };
  }
  const isOnce = moment.policy.facts(incident.check)?.once === true;
  return resolve(incident, moment, { note: noteOf(incident, outcome, server), isSilent: isOnce });
}

function noteOf(
  { openedAt }: Incident,
  { ignored = 0 }: Outcome,
  server: IncidentDocument["server"],
): string | undefined {
  if (server?.changedAt !== undefined && openedAt < server.changedAt) {
    return `Not a recovery for sure: ${server.note ?? `another server answers since ${sayTime(server.changedAt)}`}.`;
  }
  return ignored > 0 ? "It is gone, or an ignore rule hides it." : undefined;
}

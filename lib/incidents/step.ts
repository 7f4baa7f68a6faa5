import { isBlind, type Outcome } from "../core/outcome.ts";
import type { ProfileName } from "../core/profile.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { unreachableCheck, unseenCheck } from "./alert.ts";
import { wake } from "./asleep.ts";
import { runBulletin, withBulletin } from "./bulletin.ts";
import { changesIn, withChanges } from "./changes.ts";
import { emptyDocument, type IncidentDocument } from "./document.ts";
import type { Incident } from "./incident.ts";
import { isCovered, type Looked, missed, seen } from "./look.ts";
import { type Moment, minute, type Telling } from "./moment.ts";
import { isMuted, type Policy } from "./policy.ts";
import { arrivalOf, eventTelling } from "./server-event.ts";
import { purged, settle } from "./settle.ts";
import { type Sighting, sightingsOf } from "./sightings.ts";
import { resolve } from "./transition.ts";
import { followUnknown } from "./unknown.ts";
import { overdue } from "./unseen.ts";

/** A report and its run: the only thing that moves an incident, beside time. */
export interface Arrived {
  readonly run: RunDocument["run"];
  readonly report: Report;
  /** The run has reports of other targets too. */
  readonly isOfSeveral?: boolean;
}

const rememberedRuns = 64;

/** A look from farther in the future than this was made by a clock that was wrong. */
const clockSkew = 5 * minute;

/**
 * A target's document after a report. Pure, and the same for the same report: one that comes twice
 * changes nothing, an older one never overrules a newer look at the same check.
 *
 * @param now of the clock here; it only tells which looks cannot be
 */
export function step(
  before: IncidentDocument | undefined,
  { run, report, isOfSeveral = false }: Arrived,
  { policy, tells, now }: { readonly policy: Policy; readonly tells: boolean; readonly now: Date },
): IncidentDocument {
  const at = report.startedAt;
  if (before?.runs.includes(run.id)) return before;
  const asked = new Set(report.outcomes.map(({ check }) => check));
  const isAsked = (check: string) => asked.has(check) || !policy.isEnabled(check);
  const document = wake(before ?? emptyDocument(report.target, at), isAsked, at);
  const moment: Moment = { at, target: report.target, policy, tells };
  const latest = new Date(now.getTime() + clockSkew).toISOString();
  const isFresh = ({ check }: Outcome): boolean => {
    const last = document.looks[check]?.at;
    return last === undefined || last <= at || last > latest;
  };
  const outcomes = report.outcomes.filter(isFresh);
  const { server, event } = arrivalOf(document.server, report);
  const generation = server?.generation ?? 0;

  const work = new Work(document);
  const muted = (check: string): boolean => isMuted(policy, check, new Date(at));
  const sightings = sightingsOf(outcomes, report.target, muted);
  const fresh = lookAt(work, sightings, { document, outcomes, moment, run, server });
  work.say(event === undefined ? undefined : eventTelling(event, moment));
  endOfSilence(work, report, document, moment, run.profile);
  const blind = followUnknown(document.unknown, outcomes, moment);
  work.tellings.push(...blind.tellings);

  const profiles = withLook(document.profiles, run.profile, at);
  const changes = [
    ...(event === undefined ? [] : [{ at, kind: "event" as const, text: event.text }]),
    ...changesIn(at, outcomes, fresh),
  ];
  const { retired: _, ...rest } = document;
  const looked: IncidentDocument = {
    ...rest,
    runs: [...document.runs, run.id].slice(-rememberedRuns),
    looks: { ...document.looks, ...looksOf(outcomes, { at, run: run.id, generation }) },
    profiles,
    ...(server === undefined ? {} : { server }),
    incidents: Object.fromEntries(work.incidents),
    unknown: blind.unknown,
    changes: withChanges(document.changes, changes, at),
    firstSeen: document.firstSeen + work.firstSeen,
  };
  // A report from the future, by a clock that was put back since, ends nobody's silence.
  const clock = new Date(Math.min(Date.parse(at), now.getTime())).toISOString();
  const settled = settle(looked, { ...moment, at: clock });
  const all = [...work.tellings, ...settled.tellings];
  const behind = { ...runBulletin(run, report), isOfSeveral };
  return purged(withBulletin(settled.document, all, behind, moment), at);
}

/** The incidents of a target while a report is taken in. */
class Work {
  readonly incidents: Map<string, Incident>;
  readonly tellings: Telling[] = [];
  firstSeen = 0;

  constructor(document: IncidentDocument) {
    this.incidents = new Map(Object.entries(document.incidents));
  }

  put(incident: Incident): void {
    this.incidents.set(incident.fingerprint, incident);
  }

  say(telling: Telling | undefined): void {
    if (telling !== undefined) this.tellings.push(telling);
  }
}

interface Looking {
  readonly document: IncidentDocument;
  readonly outcomes: readonly Outcome[];
  readonly moment: Moment;
  readonly run: Arrived["run"];
  readonly server: IncidentDocument["server"];
}

/** What was found, then what was there and was not found. Answers with what is new. */
function lookAt(work: Work, sightings: readonly Sighting[], looking: Looking): readonly Sighting[] {
  const { document, outcomes, moment, run, server } = looking;
  const fresh: Sighting[] = [];
  for (const sighting of sightings) {
    const { check, finding } = sighting;
    const before = work.incidents.get(finding.fingerprint);
    // What the first look at a check finds was there before us, unless it hurts now.
    const isLive = check === unreachableCheck || moment.policy.facts(check)?.live === true;
    const isDayOne =
      before === undefined &&
      document.looks[check] === undefined &&
      !(isLive && sighting.severity === "critical");
    if (isDayOne) work.firstSeen += 1;
    else if (before === undefined || before.state === "resolved") fresh.push(sighting);
    work.put(seen(before, sighting, { moment, profile: run.profile, isDayOne }));
  }
  const found = new Set(sightings.map(({ finding }) => finding.fingerprint));
  const byCheck = new Map(outcomes.map((outcome) => [outcome.check, outcome]));
  for (const incident of work.incidents.values()) {
    const { check, fingerprint, state } = incident;
    const outcome = byCheck.get(check);
    if (outcome === undefined || state === "resolved" || found.has(fingerprint)) continue;
    const looked: Looked = {
      outcome,
      moment,
      profile: run.profile,
      server,
      look: document.looks[check],
    };
    if (!isCovered(incident, looked)) continue;
    const next = missed(incident, looked);
    if (next === undefined) work.incidents.delete(fingerprint);
    else {
      work.put(next.incident);
      work.say(next.telling);
    }
  }
  return fresh;
}

/** Whoever answers is reachable, and whoever is looked at is seen, whatever was asked. */
function endOfSilence(
  work: Work,
  { server, startedAt }: Report,
  document: IncidentDocument,
  moment: Moment,
  profile: ProfileName,
): void {
  for (const incident of work.incidents.values()) {
    const { check, state, seenAt } = incident;
    if (state === "resolved" || seenAt > startedAt) continue;
    const profiles = withLook(document.profiles, profile, startedAt);
    const isOver =
      (check === unreachableCheck && server !== undefined) ||
      (check === unseenCheck && overdue({ ...document, profiles }, moment).length === 0);
    if (!isOver) continue;
    if (state === "pending") {
      work.incidents.delete(incident.fingerprint);
      continue;
    }
    const { incident: next, telling } = resolve(incident, moment);
    work.put(next);
    work.say(telling);
  }
}

function withLook(
  profiles: IncidentDocument["profiles"],
  profile: ProfileName,
  at: string,
): IncidentDocument["profiles"] {
  const last = profiles[profile];
  return last !== undefined && last > at ? profiles : { ...profiles, [profile]: at };
}

/** That a check has nothing to say here is a look too; that it could not see is none. */
const isLook = ({ check, status, cause }: Outcome): boolean =>
  status === "passed" ||
  status === "found" ||
  cause === "not-applicable" ||
  (check === unreachableCheck && status === "failed");

const looksOf = (
  outcomes: readonly Outcome[],
  look: IncidentDocument["looks"][string],
): IncidentDocument["looks"] =>
  Object.fromEntries(
    outcomes.filter(isLook).map((outcome) => [
      outcome.check,
      // What it could not see, it did not see on this server either.
      isBlind(outcome) ? { ...look, isPartial: true } : look,
    ]),
  );

import { unreachableCheck } from "./alert.ts";
import type { IncidentDocument } from "./document.ts";
import type { Incident } from "./incident.ts";
import { between, day, type Moment, type Telling } from "./moment.ts";
import { ackEnded, calmed, reconcile, resolve } from "./transition.ts";
import { settleUnknown } from "./unknown.ts";

const keptResolved = 7 * day;

export interface Settled {
  readonly document: IncidentDocument;
  readonly tellings: readonly Telling[];
}

/** What time does to every incident of a target: ends of acknowledgements, reminders, what waited. */
export function settle(document: IncidentDocument, moment: Moment): Settled {
  const all = Object.values(document.incidents);
  const isDown = all.some(({ check, state }) => check === unreachableCheck && state === "open");
  const incidents: Record<string, Incident> = {};
  const tellings: Telling[] = [];
  for (const before of all) {
    let now = before;
    for (const pass of passes) {
      const { incident, telling } = pass(now, moment, isDown);
      now = incident;
      if (telling !== undefined) tellings.push(telling);
    }
    incidents[now.fingerprint] = now;
  }
  const blind = settleUnknown(document.unknown, moment, isDown);
  return {
    document: { ...document, incidents, unknown: blind.unknown },
    tellings: [...tellings, ...blind.tellings],
  };
}

/** In this order: what has ended says nothing more. */
const passes = [ackEnded, retiredCheck, calmed, reconcile];

/** Nobody will ever look again: that is an end too, and no recovery. */
function retiredCheck(incident: Incident, moment: Moment) {
  if (incident.state !== "open" || moment.policy.isEnabled(incident.check)) return { incident };
  const note = "The check is off: nobody looks any more.";
  const { incident: next, telling } = resolve(incident, moment, { note });
  return telling === undefined
    ? { incident: next }
    : { incident: next, telling: { ...telling, how: "digest" as const } };
}

/** Ended a week ago: nobody asks any more. */
export function purged(document: IncidentDocument, at: string): IncidentDocument {
  const entries = Object.entries(document.incidents);
  const kept = entries.filter(
    ([, { state, resolvedAt }]) =>
      state !== "resolved" || resolvedAt === undefined || between(resolvedAt, at) < keptResolved,
  );
  return kept.length === entries.length
    ? document
    : { ...document, incidents: Object.fromEntries(kept) };
}

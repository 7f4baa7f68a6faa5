import { wake, wakeAll } from "./asleep.ts";
import { withBulletin } from "./bulletin.ts";
import { emptyDocument, type IncidentDocument } from "./document.ts";
import { between, day, type Moment } from "./moment.ts";
import { purged, settle } from "./settle.ts";
import { resolve } from "./transition.ts";
import { withUnseen } from "./unseen.ts";

/**
 * A target's document after time went by: who was not looked at is unseen, what is due is reminded
 * of, what waited is told, what was accepted until now is accepted no more.
 *
 * @returns the same object where nothing is to be done
 */
export function tick(before: IncidentDocument | undefined, moment: Moment): IncidentDocument {
  const { at, target } = moment;
  if (before === undefined) return emptyDocument(target, at);
  const awake = wake(before, (check) => !moment.policy.isEnabled(check), at);
  const document = withUnseen(awake, moment);
  const settled = settle(document, moment);
  const told = withBulletin(settled.document, settled.tellings, { notChecked: [] }, moment);
  const changes = told.changes.filter((change) => between(change.at, at) < day);
  const next = purged({ ...told, changes }, at);
  return isSame(awake, next) ? before : next;
}

/** Targets that left the configuration: their incidents are over, told once, in the digest. */
export function retire(before: IncidentDocument, moment: Moment): IncidentDocument {
  if (before.retired !== undefined) return before;
  const document = wakeAll(before);
  const note = "The target left the configuration: nobody looks any more.";
  const ended = Object.values(document.incidents).flatMap((incident) => {
    if (incident.state === "pending") return [];
    if (incident.state === "resolved") return [{ incident }];
    const { flapping: _, ...steady } = incident;
    return [resolve(steady, moment, { note })];
  });
  const tellings = ended.flatMap(({ telling }: ReturnType<typeof resolve>) =>
    telling === undefined ? [] : [{ ...telling, how: "digest" as const }],
  );
  const retired: IncidentDocument = {
    ...document,
    retired: moment.at,
    incidents: Object.fromEntries(
      ended.map(({ incident }) => [incident.fingerprint, incident] as const),
    ),
    unknown: {},
  };
  return withBulletin(retired, tellings, { notChecked: [] }, moment);
}

const isSame = (a: IncidentDocument, b: IncidentDocument): boolean =>
  JSON.stringify([a.incidents, a.unknown, a.queue, a.outbox.length, a.changes]) ===
  JSON.stringify([b.incidents, b.unknown, b.queue, b.outbox.length, b.changes]);

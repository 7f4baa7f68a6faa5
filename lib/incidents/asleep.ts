import { deflateRawSync, inflateRawSync } from "node:zlib";
import { messageOf } from "../core/errors.ts";
import { type Severity, severities } from "../core/severity.ts";
import { unreachableCheck, unseenCheck } from "./alert.ts";
import type { IncidentDocument } from "./document.ts";
import { type Incident, isIncident } from "./incident.ts";
import { flapsWithin, nextReminder } from "./transition.ts";

/** A check with fewer incidents than this is not worth the trouble. */
const fewest = 200;

const keptAwake: readonly string[] = [unreachableCheck, unseenCheck];

type Asleep = IncidentDocument["asleep"][string];

/**
 * Ten thousand incidents of a target are read and written at every look, and most looks ask for a few
 * checks. So the many of one check are packed, with the time at which one of them has to be looked
 * at, until that comes or the check is looked at again.
 */
export function putToSleep(document: IncidentDocument, from = fewest): IncidentDocument {
  if (Object.keys(document.incidents).length < from) return document;
  const groups = Map.groupBy(Object.values(document.incidents), ({ check }) => check);
  const asleep = { ...document.asleep };
  const incidents: Record<string, Incident> = {};
  for (const [check, group] of groups) {
    const dues = group.map(dueOf);
    const mayRest = group.length >= from && !keptAwake.includes(check) && !dues.includes("now");
    if (mayRest) asleep[check] = packed(group, dues);
    else for (const incident of group) incidents[incident.fingerprint] = incident;
  }
  return { ...document, incidents, asleep };
}

/** With the incidents of these checks, and of those where something is due by then. */
export function wake(
  document: IncidentDocument,
  isAsked: (check: string) => boolean,
  at?: string,
): IncidentDocument {
  const asleep: Record<string, Asleep> = {};
  const woken: Incident[] = [];
  for (const [check, group] of Object.entries(document.asleep)) {
    const isDue = at !== undefined && group.due !== undefined && group.due <= at;
    if (isAsked(check) || isDue) woken.push(...unpacked(group));
    else asleep[check] = group;
  }
  if (woken.length === 0) return document;
  const more = Object.fromEntries(woken.map((incident) => [incident.fingerprint, incident]));
  return { ...document, asleep, incidents: { ...document.incidents, ...more } };
}

export const wakeAll = (document: IncidentDocument): IncidentDocument => wake(document, () => true);

/** Open incidents, those asleep included, that are not folded under another. */
export function openBySeverity({ incidents, asleep }: IncidentDocument): Record<Severity, number> {
  const counts = countOf(Object.values(incidents));
  for (const group of Object.values(asleep)) {
    for (const severity of severities) counts[severity] += group.open[severity];
  }
  return counts;
}

function countOf(incidents: readonly Incident[]): Record<Severity, number> {
  const counts = { critical: 0, warning: 0, notice: 0 };
  for (const { state, under, severity } of incidents) {
    if (state === "open" && under === undefined) counts[severity] += 1;
  }
  return counts;
}

function packed(group: readonly Incident[], dues: readonly (string | undefined)[]): Asleep {
  const due = dues.filter((one) => one !== undefined).sort()[0];
  return {
    packed: deflateRawSync(JSON.stringify(group), { level: 3 }).toString("base64"),
    open: countOf(group),
    ...(due === undefined ? {} : { due }),
  };
}

/** What is packed cannot be read: then the document cannot. */
export class BrokenGroup extends Error {
  override readonly name = "BrokenGroup";
}

/** @throws BrokenGroup */
function unpacked({ packed }: Asleep): readonly Incident[] {
  const group = jsonIn(packed);
  if (Array.isArray(group) && group.every(isIncident)) return group;
  throw new BrokenGroup("packed incidents are none");
}

function jsonIn(packed: string): unknown {
  try {
    return JSON.parse(inflateRawSync(Buffer.from(packed, "base64")).toString());
  } catch (error) {
    throw new BrokenGroup(`packed incidents: ${messageOf(error)}`, { cause: error });
  }
}

const week = 7 * 86_400_000;

/** When time alone does something to it: `now` where it waits for something that has no time. */
function dueOf(incident: Incident): string | undefined {
  const { state, told, ack, known, flapping, under, severity, openedAt } = incident;
  const times = [
    ...(ack?.until === undefined ? [] : [ack.until]),
    ...(flapping === undefined ? [] : [later(incident.resolvedAt ?? openedAt, flapsWithin)]),
  ];
  if (state === "resolved") times.push(later(incident.resolvedAt ?? openedAt, week));
  const isSilent = ack !== undefined || known !== undefined || under !== undefined;
  if (state === "open" && told === undefined && !isSilent && severity !== "notice") return "now";
  const reminder = nextReminder(incident);
  if (reminder !== undefined) times.push(reminder);
  return times.sort()[0];
}

const later = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();

import type { AlertStatus } from "../core/alert.ts";
import { rank, type Severity } from "../core/severity.ts";
import { sayTime } from "../core/units.ts";
import { alertOf, unreachableCheck, unseenCheck } from "./alert.ts";
import { type Incident, withEntry } from "./incident.ts";
import { between, hour, type Moment, type Telling } from "./moment.ts";
import { isExpectedDown, isMuted, type When, whenToTell } from "./policy.ts";

/** An incident after a moment, and what is to be said of it. */
export interface Transition {
  readonly incident: Incident;
  readonly telling?: Telling | undefined;
}

/** More than this many openings in so long a time are one: it flaps. */
const flapsAfter = 3;
export const flapsWithin = 2 * hour;

const reminders = [hour, 4 * hour, 24 * hour];

/**
 * What has to be said of an incident now, by what was said of it last. It is asked at every look
 * and every sweep, so that whatever held a message back (a window, a fold, an acknowledgement, a
 * database that does not answer) only delays it.
 *
 * @param isDown the target does not answer: that is the incident, all else waits
 */
export function reconcile(incident: Incident, moment: Moment, isDown: boolean): Transition {
  if (incident.state !== "open" || !moment.tells) return { incident };
  const { severity, told } = incident;
  const when = whenOf(incident, moment);
  const isWorse = told === undefined || rank(severity) > rank(told.severity);
  const isNews = isWorse ? when !== "never" : told.severity !== severity;
  if (!isNews && remindersDue(incident, moment.at) === 0) return { incident };
  // Asked last, for it may take a calendar.
  if (isHeld(incident, moment, isDown)) return { incident };
  if (isAccepted(incident, moment.at)) {
    const isBetter = told !== undefined && rank(severity) < rank(told.severity);
    // From here on it would worsen again.
    return { incident: isBetter ? withTold(incident, told.how, moment.at) : incident };
  }
  if (isWorse && when !== "never") {
    return begun(incident, told === undefined ? beginning(incident) : "worsened", when, moment);
  }
  if (told !== undefined && isNews) return eased(incident, told.how, moment);
  return reminded(incident, moment);
}

/** That nobody looks is told like what is critical: from the beginning it may hide just that. */
const whenOf = ({ check, severity }: Incident, { policy }: Moment): When =>
  whenToTell(policy, check === unseenCheck ? "critical" : severity);

const beginning = ({ check }: Incident): AlertStatus =>
  check === unseenCheck ? "unseen" : "opened";

/** What delays telling, without anybody having asked for silence. */
function isHeld(incident: Incident, { at, policy }: Moment, isDown: boolean): boolean {
  const { check, under, severity, finding } = incident;
  if (check === unseenCheck) return false;
  const now = new Date(at);
  if (check === unreachableCheck) return isExpectedDown(policy, now) || isMuted(policy, check, now);
  if (isDown || under !== undefined) return true;
  const isDeploying = policy.watch !== undefined && at < policy.watch.windowUntil;
  // A migration is expected; whom it blocks is not.
  const isItselfOnly = severity === finding.severity;
  return (
    (isDeploying && isItselfOnly && policy.facts(check)?.expectedInDeployment === true) ||
    isMuted(policy, check, now)
  );
}

/** Has somebody taken it on, as bad as it is, and not for a time that is over? */
export const isAccepted = ({ ack, known, severity }: Incident, at: string): boolean =>
  [ack, known].some(
    (one) =>
      one !== undefined &&
      rank(severity) <= rank(one.severity) &&
      (one.until === undefined || at < one.until),
  );

function begun(
  incident: Incident,
  status: AlertStatus,
  how: "now" | "digest",
  moment: Moment,
): Transition {
  const { at } = moment;
  const lately = incident.opens.filter((open) => Math.abs(between(open, at)) < flapsWithin);
  const next = { ...incident, opens: [...lately, at] };
  if (next.opens.length < flapsAfter || incident.flapping !== undefined) {
    return told(next, status, how, moment);
  }
  const note = `It came ${next.opens.length} times within two hours: it is told again when it stays, or stays away.`;
  return told({ ...next, flapping: at }, "flapping", how, moment, note);
}

/** Whoever was told at once is told so too; the digest shows what is open as it is. */
function eased(incident: Incident, how: "now" | "digest", moment: Moment): Transition {
  if (how === "now" && incident.flapping === undefined) {
    return told(incident, "eased", how, moment);
  }
  return { incident: withTold(incident, how, moment.at) };
}

function told(
  incident: Incident,
  status: AlertStatus,
  how: "now" | "digest",
  moment: Moment,
  note?: string,
): Transition {
  const alert = alertOf(incident, status, moment, { note });
  const { at } = moment;
  const { severity } = incident;
  const entry = { at, what: status, severity, text: incident.finding.summary };
  return said(withEntry(withTold(incident, how, at), entry), { alert, how });
}

const said = (incident: Incident, telling: Telling): Transition => ({
  incident: { ...incident, tellings: incident.tellings + 1 },
  telling,
});

const withTold = (incident: Incident, how: "now" | "digest", at: string): Incident => ({
  ...incident,
  told: { severity: incident.severity, at, how },
  reminded: 0,
});

/** After 1, 4 and 24 hours, then daily; critical only. Those that were missed are one. */
function remindersDue({ told, severity, reminded, flapping }: Incident, at: string): number {
  if (severity !== "critical" || told?.how !== "now" || flapping !== undefined) return 0;
  const open = between(told.at, at);
  const days = Math.max(0, Math.floor(open / (24 * hour)) - 1);
  const due = reminders.filter((after) => open >= after).length + days;
  return due > reminded ? due : 0;
}

/** When the next one is due, if nobody worsens or ends it before. */
export function nextReminder({ state, told, severity, reminded }: Incident): string | undefined {
  if (state !== "open" || severity !== "critical" || told?.how !== "now") return undefined;
  const days = reminded + 2 - reminders.length;
  const after = reminders[reminded] ?? days * 24 * hour;
  return new Date(Date.parse(told.at) + after).toISOString();
}

function reminded(incident: Incident, moment: Moment): Transition {
  const due = remindersDue(incident, moment.at);
  if (due === 0) return { incident };
  const alert = alertOf(incident, "reminded", moment, { mark: `${incident.told?.at} ${due}` });
  const next = withEntry({ ...incident, reminded: due }, { at: moment.at, what: "reminded" });
  return said(next, { alert, how: "now" });
}

/** It is not there any more: told to whom it was told. */
export function resolve(
  incident: Incident,
  moment: Moment,
  { note, isSilent = false }: { note?: string | undefined; isSilent?: boolean } = {},
): Transition {
  const { openedAt, flapping, told: last } = incident;
  const resolvedAt = between(openedAt, moment.at) < 0 ? openedAt : moment.at;
  const entry = { at: moment.at, what: "resolved", ...(note === undefined ? {} : { text: note }) };
  const next: Incident = withEntry(
    { ...incident, state: "resolved", resolvedAt, ...(note === undefined ? {} : { note }) },
    entry,
  );
  if (isSilent || flapping !== undefined || last === undefined || !moment.tells) {
    return { incident: next };
  }
  const alert = alertOf(next, "resolved", moment, { mark: resolvedAt, note });
  return said(next, { alert, how: last.how });
}

/** What comes and goes is told once more: when it stayed, or stayed away, for two hours. */
export function calmed(incident: Incident, moment: Moment): Transition {
  const { flapping: since, state, told: last, ...rest } = incident;
  // Found once more, and not often enough to be told: neither there nor gone.
  if (since === undefined || state === "pending") return { incident };
  const from = (state === "resolved" ? incident.resolvedAt : incident.openedAt) ?? since;
  if (between(from, moment.at) < flapsWithin) return { incident };
  const next: Incident = {
    ...rest,
    state,
    ...(last === undefined ? {} : { told: last }),
    opens: [],
  };
  if (state !== "resolved" || last === undefined || !moment.tells) return { incident: next };
  const note = "It came and went, and stayed away for two hours.";
  const alert = alertOf(next, "resolved", moment, { mark: since, note });
  return said(next, { alert, how: last.how });
}

/** The end of an acknowledgement: whoever asked for silence until then is told that it goes on. */
export function ackEnded(incident: Incident, moment: Moment, isDown: boolean): Transition {
  const { ack, ...rest } = incident;
  if (ack?.until === undefined || moment.at < ack.until) return { incident };
  if (incident.state === "open" && isHeld(incident, moment, isDown)) return { incident };
  const entry = { at: moment.at, what: "acknowledgement ended", by: ack.by };
  const next = withEntry(rest, entry);
  if (next.state !== "open" || next.told === undefined || !moment.tells) return { incident: next };
  const when = whenOf(next, moment);
  if (when === "never" || isAccepted(next, moment.at)) return { incident: next };
  const note = `Acknowledged by ${ack.by} until ${sayTime(ack.until)} (${ack.why}): it is still there.`;
  const alert = alertOf(next, "reminded", moment, { mark: ack.until, note });
  const again = withTold(next, when, moment.at);
  const told = withEntry(again, { at: moment.at, what: "reminded" });
  return said(told, { alert, how: when });
}

export const worse = (a: Severity, b: Severity): Severity => (rank(a) >= rank(b) ? a : b);

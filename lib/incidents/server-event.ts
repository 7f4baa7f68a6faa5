import type { Alert } from "../core/alert.ts";
import { fingerprint } from "../core/fingerprint.ts";
import type { Report } from "../core/report.ts";
import {
  type CountingServer,
  countingServerSchema,
  isSameCounting,
  majorOf,
} from "../core/server.ts";
import type { Severity } from "../core/severity.ts";
import { sayTarget } from "../core/target.ts";
import { sayTime } from "../core/units.ts";
import { alertOf, eventCheck } from "./alert.ts";
import type { IncidentDocument } from "./document.ts";
import { between, type Moment, minute, type Telling } from "./moment.ts";
import { whenToTell } from "./policy.ts";

type Known = NonNullable<IncidentDocument["server"]>;

interface Arrival {
  readonly server: IncidentDocument["server"];
  /** Another server answers than did last time, or the same anew. */
  readonly event?: { readonly text: string; readonly severity: Severity } | undefined;
}

/** Holds who answered against who did last; an older report says nothing of today. */
export function arrivalOf(known: Known | undefined, { server, startedAt }: Report): Arrival {
  if (server === undefined) return { server: known };
  const now = countingServerSchema.parse(server);
  if (known === undefined) return { server: { ...now, at: startedAt, generation: 0 } };
  if (startedAt < known.at) return { server: known };
  // What this role could not read this time is as it was.
  const next = {
    ...known,
    ...now,
    systemIdentifier: now.systemIdentifier ?? known.systemIdentifier,
    timeline: now.timeline ?? known.timeline,
    at: startedAt,
  };
  if (isSameCounting(known, now)) return { server: next };
  const event = eventOf(known, now);
  const generation = known.generation + 1;
  const note = `${event?.text ?? "Another replica answers"} (${sayTime(startedAt)})`;
  return { server: { ...next, generation, note, changedAt: startedAt }, event };
}

function eventOf(then: Known, now: CountingServer) {
  const [before, after] = [majorOf(then), majorOf(now)];
  const isOther = (a: unknown, b: unknown) => a !== null && b !== null && a !== b;
  const warning = (text: string) => ({ text, severity: "warning" as const });
  if (before !== after) return warning(`Upgraded: PostgreSQL ${before} -> ${after}`);
  if (isOther(then.systemIdentifier, now.systemIdentifier)) {
    return warning(
      `Another cluster answers, restored or cloned: system identifier ${then.systemIdentifier} -> ${now.systemIdentifier}`,
    );
  }
  if (then.databaseOid !== now.databaseOid) {
    return warning(`The database was made anew: OID ${then.databaseOid} -> ${now.databaseOid}`);
  }
  if (then.inRecovery !== now.inRecovery) {
    return warning(
      now.inRecovery
        ? "Failed over: a primary became a replica"
        : "Failed over: a replica became the primary",
    );
  }
  if (isOther(then.timeline, now.timeline)) {
    return warning(`Failed over or restored: timeline ${then.timeline} -> ${now.timeline}`);
  }
  if (then.versionNum !== now.versionNum) {
    return {
      text: `Upgraded: ${then.versionNum} -> ${now.versionNum}`,
      severity: "notice" as const,
    };
  }
  // A start before our last look is that of another node; of replicas any may answer.
  const isRestart = between(then.at, now.startedAt) > -minute;
  if (isRestart)
    return {
      text: `The server was restarted at ${sayTime(now.startedAt)}`,
      severity: "notice" as const,
    };
  return now.inRecovery ? undefined : warning("Failed over: another server answers as the primary");
}

/** An event is told once, and is over. */
export function eventTelling(
  { text, severity }: NonNullable<Arrival["event"]>,
  moment: Moment,
): Telling | undefined {
  const how = whenToTell(moment.policy, severity);
  if (how === "never" || !moment.tells) return undefined;
  return { alert: eventAlert(text, severity, moment), how };
}

function eventAlert(text: string, severity: Severity, moment: Moment): Alert {
  const { at, target } = moment;
  const object = { kind: "target", identity: sayTarget(target) };
  const summary = `${sayTarget(target)}: ${text}`;
  const detail = ["Counters begin anew, and nothing that ended with it is told as a recovery."];
  const finding = {
    ...{ object, severity, summary, detail, evidence: {} },
    fingerprint: fingerprint(eventCheck, target, { ...object, kind: "event" }),
  };
  const once = {
    ...{ fingerprint: finding.fingerprint, check: eventCheck, severity, finding },
    ...{ tellings: 0, openedAt: at, peak: { severity, at, summary } },
  };
  return alertOf(once, "event", moment);
}

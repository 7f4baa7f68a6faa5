import type { Alert } from "../core/alert.ts";
import { isBlind, type Outcome } from "../core/outcome.ts";
import { alertOf, unreachableCheck } from "./alert.ts";
import type { IncidentDocument, Unknown } from "./document.ts";
import { idOf } from "./ids.ts";
import type { Moment, Telling } from "./moment.ts";
import { isMuted, whenToTell } from "./policy.ts";

/** Looks in a row that could not see, before anybody is told. */
const toldAfter = 2;

const unknownFingerprint = (check: string, cause: string): string =>
  idOf("unknown", check, cause).slice(0, 16);

interface Followed {
  readonly unknown: IncidentDocument["unknown"];
  readonly tellings: readonly Telling[];
}

/**
 * What the checks of a report cannot say, told once when it has begun. A database that does not
 * answer is an incident of its own, and no blindness of each check.
 */
export function followUnknown(
  known: IncidentDocument["unknown"],
  outcomes: readonly Outcome[],
  moment: Moment,
): Followed {
  const unknown = { ...known };
  const tellings: Telling[] = [];
  for (const outcome of outcomes) {
    const { check, cause } = outcome;
    if (check === unreachableCheck || cause === "unreachable") continue;
    const before = unknown[check];
    if (before !== undefined && before.seenAt >= moment.at) continue;
    if (isBlind(outcome)) unknown[check] = seen(before, outcome, moment.at);
    else if (before !== undefined) {
      delete unknown[check];
      if (before.told?.how === "now" && moment.tells) {
        tellings.push({ alert: unknownAlert(before, "resolved", moment), how: "now" });
      }
    }
  }
  return { unknown, tellings };
}

/** Tells what has begun, and is due, and is not accepted. */
export function settleUnknown(
  known: IncidentDocument["unknown"],
  moment: Moment,
  isDown: boolean,
): Followed {
  const tellings: Telling[] = [];
  const now = new Date(moment.at);
  // Of a check that is off nobody wants to know what it cannot say.
  const asked = Object.entries(known).filter(([check]) => moment.policy.isEnabled(check));
  const entries = asked.map(([check, before]) => {
    const one = withoutEndedAck(before, moment.at);
    const isWaiting = one.told === undefined && one.ack === undefined && one.looks >= toldAfter;
    if (!isWaiting || isDown || !moment.tells || isMuted(moment.policy, check, now)) {
      return [check, one] as const;
    }
    // The digest finds it by itself, and groups it over the fleet.
    if (whenToTell(moment.policy, "warning") !== "now") return [check, one] as const;
    tellings.push({ alert: unknownAlert(one, "unknown", moment), how: "now" });
    return [check, { ...one, told: { at: moment.at, how: "now" as const } }] as const;
  });
  return { unknown: Object.fromEntries(entries), tellings };
}

/** In the digest: begun, not told, not accepted. */
export const isForDigest = ({ told, ack, looks }: Unknown): boolean =>
  told === undefined && ack === undefined && looks >= toldAfter;

function withoutEndedAck(one: Unknown, at: string): Unknown {
  const { ack, told: _, ...rest } = one;
  return ack?.until === undefined || at < ack.until ? one : rest;
}

function seen(before: Unknown | undefined, outcome: Outcome, at: string): Unknown {
  const { check, cause = "error", reason = "no reason given", cure } = outcome;
  const isSame = before !== undefined && before.cause === cause;
  return {
    ...(isSame ? before : {}),
    check,
    fingerprint: unknownFingerprint(check, cause),
    cause,
    reason,
    ...(cure === undefined ? {} : { cure }),
    since: isSame ? before.since : at,
    seenAt: at,
    looks: isSame ? before.looks + 1 : 1,
  };
}

function unknownAlert(one: Unknown, status: "unknown" | "resolved", moment: Moment): Alert {
  const { check, cause, reason, cure, since, fingerprint } = one;
  const severity = "warning" as const;
  const summary = `${check} cannot say: ${reason}`;
  const finding = {
    ...{ fingerprint, severity, summary, evidence: { cause, reason } },
    object: { kind: "check", name: check, identity: check },
    ...(cure === undefined ? {} : { remedy: { summary: cure } }),
  };
  const as = {
    ...{ fingerprint, check, severity, finding, tellings: 0, openedAt: since },
    peak: { severity, at: since, summary },
    ...(status === "resolved" ? { resolvedAt: moment.at } : {}),
  };
  // A clock that is put back may let it begin twice at one time: they are two alerts.
  return alertOf(as, status, moment, { mark: `${since} ${moment.at}` });
}

import type { Owner } from "../core/alert.ts";
import type { Check } from "../core/check.ts";
import type { FoundObject } from "../core/finding.ts";
import { matches } from "../core/ignore.ts";
import type { ProfileName } from "../core/profile.ts";
import { lastBefore, rhythmAt, type Schedule } from "../core/schedule.ts";
import type { Severity } from "../core/severity.ts";

/** Told at once, in the next digest, or in the report alone. */
export type When = "now" | "digest" | "never";

/** Of a check, what the life of its incidents hangs on. */
type CheckFacts = Pick<Check, "failureTitle" | "why" | "live" | "expectedInDeployment" | "once">;

/** A time in which some things are to be expected. */
interface Maintenance {
  readonly schedule: Schedule;
  /** Seconds. */
  readonly for: number;
  /** Patterns of checks; none where it only expects the target to be stopped. */
  readonly mute: readonly string[];
  readonly isStopped: boolean;
}

export type Rhythm = { readonly every: number } | { readonly schedule: Schedule };

interface OwnerRule extends Owner {
  readonly objects: readonly string[];
}

/** What holds for the incidents of one target. */
export interface Policy {
  readonly times: Readonly<Record<Severity, When>>;
  readonly owner: Owner | undefined;
  /** The first that fits an object has it. */
  readonly owners: readonly OwnerRule[];
  readonly maintenance: readonly Maintenance[];
  readonly rhythms: Readonly<Partial<Record<ProfileName, Rhythm>>>;
  /** It may sleep: that nobody looks at it is no news. */
  readonly isPausable: boolean;
  readonly facts: (check: string) => CheckFacts | undefined;
  /** Looks in a row that must find something before anybody is told. */
  readonly looks: (check: string, profile: ProfileName) => number;
  readonly isEnabled: (check: string) => boolean;
  /** Do two profiles look at the same, with the same thresholds? */
  readonly isSameLook: (check: string, a: ProfileName, b: ProfileName) => boolean;
  /** While a deployment is watched: warnings are told at once. */
  readonly watch?: Watched | undefined;
}

export interface Watched {
  readonly id: string;
  readonly deploy: string;
  readonly since: string;
  /** Until then the states that a deployment passes through wait. */
  readonly windowUntil: string;
}

export function whenToTell({ times, watch }: Policy, severity: Severity): When {
  const when = times[severity];
  return watch !== undefined && severity === "warning" && when === "digest" ? "now" : when;
}

export function ownerOf({ owner, owners }: Policy, object: FoundObject): Owner | undefined {
  const names = [object.identity, object.name, `${object.schema}.${object.name}`];
  const tables =
    object.table === undefined ? [] : [object.table, `${object.schema}.${object.table}`];
  const rule = owners.find(({ objects }) =>
    objects.some((pattern) =>
      [...names, ...tables].some((name) => name !== undefined && matches(pattern, name)),
    ),
  );
  const found = rule ?? owner;
  if (found === undefined) return undefined;
  const { name, contact } = found;
  return { name, ...(contact === undefined ? {} : { contact }) };
}

const isWithin = ({ schedule, for: seconds }: Maintenance, at: Date): boolean => {
  const begun = lastBefore(schedule, at);
  return begun !== undefined && at.getTime() < begun.getTime() + seconds * 1000;
};

export const isMuted = ({ maintenance }: Policy, check: string, at: Date): boolean =>
  maintenance.some(
    (one) => one.mute.some((pattern) => matches(pattern, check)) && isWithin(one, at),
  );

export const isExpectedDown = ({ maintenance }: Policy, at: Date): boolean =>
  maintenance.some((one) => one.isStopped && isWithin(one, at));

/** When the target was last expected to be stopped, as milliseconds; nobody looks at it then. */
export function stoppedUntil({ maintenance }: Policy, at: Date): number {
  const ends = maintenance
    .filter(({ isStopped }) => isStopped)
    .flatMap((one) => {
      const begun = lastBefore(one.schedule, at);
      return begun === undefined ? [] : [begun.getTime() + one.for * 1000];
    });
  return Math.max(0, ...ends);
}

/** Milliseconds between two looks of a profile, around `at`. */
export function rhythmOf(rhythm: Rhythm, at: Date): number | undefined {
  const seconds = "every" in rhythm ? rhythm.every : rhythmAt(rhythm.schedule, at);
  return seconds === undefined ? undefined : seconds * 1000;
}

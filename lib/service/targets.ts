import type { CheckLevel } from "../config/known.ts";
import type { TargetLimits } from "../config/limits.ts";
import type { Config } from "../config/schema.ts";
import { checkLevels, type ResolvedTarget } from "../config/targets.ts";
import { type IgnoreRule, matches } from "../core/ignore.ts";
import type { Session } from "../core/ports.ts";
import type { ProfileName } from "../core/profile.ts";
import type { Target, Typed } from "../core/target.ts";

/** A target with all that holds for a look at it. */
export interface ServedTarget {
  readonly target: Target;
  readonly typed?: Typed | undefined;
  /** The target of the same name in the reference environment; none for itself. */
  readonly reference?: Target | undefined;
  /** What is set for each check, outermost first. */
  readonly levels: (profile: ProfileName) => readonly CheckLevel[];
  readonly ignore: readonly IgnoreRule[];
  /** Milliseconds. */
  readonly limits: TargetLimits;
  /** Does a healthy watch seal its schema? */
  readonly sealsHealthyWatch?: boolean | undefined;
}

/** The same, and how to get there. */
export interface ReachedTarget extends ServedTarget {
  /** `host:port`: databases of one server are examined one after the other. */
  readonly server: string;
  /** @throws DatabaseError */
  readonly connect: () => Promise<Session>;
}

/** Does the configuration add this check to the profile? */
export type Adds = (profile: ProfileName, check: string) => boolean;

export const addsOf =
  ({ profiles }: Pick<Config, "profiles">): Adds =>
  (profile, id) =>
    (profiles?.[profile]?.add ?? []).some((pattern) => matches(pattern, id));

/** What a configuration says of one of its targets. */
export const servedBy = (config: Config, each: ResolvedTarget): ServedTarget => ({
  target: each.target,
  reference: referenceOf(config, each.target),
  levels: (profile) => checkLevels(config, each, profile).map(({ settings }) => settings),
  ignore: each.ignore,
  limits: each.limits,
  sealsHealthyWatch: each.sealsHealthyWatch,
});

function referenceOf({ reference, environments }: Config, { environment, name }: Target) {
  if (reference === undefined || reference === environment) return undefined;
  const isThere = environments[reference]?.targets[name] !== undefined;
  return isThere ? { environment: reference, name } : undefined;
}

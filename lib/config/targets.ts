import type { IgnoreRule } from "../core/ignore.ts";
import type { ProfileName } from "../core/profile.ts";
import type { Target } from "../core/target.ts";
import { type AlertTimes, defaultAlertTimes } from "./alerts.ts";
import type { Auth } from "./auth.ts";
import type { CheckLevel } from "./known.ts";
import { defaultLimits, type Limits, type TargetLimits } from "./limits.ts";
import type { Path } from "./problem.ts";
import type { Config, IgnoreSetting } from "./schema.ts";

/** A target with all that holds for it: what its environment says, unless it says it itself. */
export interface ResolvedTarget {
  readonly target: Target;
  readonly url: string;
  readonly replica: string | undefined;
  readonly auth: Auth | undefined;
  readonly owner: string | undefined;
  readonly pausable: boolean;
  /** Does a healthy watch seal the schema by itself? */
  readonly sealsHealthyWatch: boolean;
  /** Which of `aws.networks` it is in, where it or its environment says so. */
  readonly network: string | undefined;
  readonly alerts: AlertTimes;
  /** Of the whole configuration, its environment and its own. */
  readonly ignore: readonly IgnoreRule[];
  readonly limits: TargetLimits;
}

/** Every target, in the order of the file. */
export const targetsOf = (config: Config): readonly ResolvedTarget[] =>
  Object.entries(config.environments).flatMap(([environment, { targets, ...around }]) =>
    Object.entries(targets).map(([name, { url, replica, ...own }]) => ({
      target: { environment, name },
      url,
      replica,
      auth: own.auth ?? around.auth ?? config.auth,
      owner: own.owner ?? around.owner ?? config.owner,
      pausable: own.pausable ?? around.pausable ?? false,
      sealsHealthyWatch:
        (own.baseline ?? around.baseline ?? config.baseline)?.sealOn === "healthy-watch",
      network: own.network ?? around.network,
      alerts: laidOver(defaultAlertTimes, around.alerts, own.alerts),
      ignore: rulesOf(config, environment, name),
      limits: limitsOfTarget(config, around.limits, own.limits),
    })),
  );

/** Each with its place in the file, and for how many targets it holds. */
function rulesOf(config: Config, environment: string, name: string): readonly IgnoreRule[] {
  const around = config.environments[environment];
  const within = `environments.${environment}`;
  const sizes = Object.values(config.environments).map(({ targets }) => sizeOf(targets));
  const levels = [
    { at: "", level: config, covers: sizes.reduce((sum, size) => sum + size, 0) },
    { at: `${within}.`, level: around, covers: sizeOf(around?.targets ?? {}) },
    { at: `${within}.targets.${name}.`, level: around?.targets[name], covers: 1 },
  ];
  return levels.flatMap(({ at, level, covers }) =>
    (level?.ignore ?? []).map((rule, i) => ({
      ...ruleOf(rule),
      place: `${at}ignore[${i}]`,
      covers,
    })),
  );
}

const sizeOf = (entries: object): number => Object.keys(entries).length;

const ruleOf = ({ facet, ...rule }: IgnoreSetting): IgnoreRule => ({
  ...rule,
  ...(facet === undefined ? {} : { facet: [facet].flat() }),
});

/** Of the run as a whole, in milliseconds. */
export const limitsOf = ({ limits }: Pick<Config, "limits">): Limits =>
  laidOver(defaultLimits, limits);

type Level<T> = { readonly [K in keyof T]?: T[K] | undefined };

function limitsOfTarget(
  config: Config,
  ...inner: readonly (Level<TargetLimits> | undefined)[]
): TargetLimits {
  const { connect, statement, lock, target } = limitsOf(config);
  return laidOver<TargetLimits>({ connect, statement, lock, target }, ...inner);
}

const laidOver = <T extends object>(base: T, ...levels: readonly (Level<T> | undefined)[]): T =>
  Object.assign({}, base, ...levels);

/** What each level says of the checks in a profile, the outermost first, and where it says it. */
export function checkLevels(
  config: Config,
  { target: { environment, name } }: Pick<ResolvedTarget, "target">,
  profile: ProfileName,
): readonly { readonly settings: CheckLevel; readonly path: Path }[] {
  const around = config.environments[environment];
  const levels = [
    { settings: config.checks, path: ["checks"] },
    { settings: config.profiles?.[profile]?.checks, path: ["profiles", profile, "checks"] },
    { settings: around?.checks, path: ["environments", environment, "checks"] },
    {
      settings: around?.targets[name]?.checks,
      path: ["environments", environment, "targets", name, "checks"],
    },
  ];
  return levels.map(({ settings = {}, path }) => ({ settings, path }));
}

import type { CheckFacts } from "../core/check.ts";
import { matches } from "../core/ignore.ts";
import type { ProfileName } from "../core/profile.ts";
import { scheduleOf } from "../core/schedule.ts";
import { sayTarget, type Target } from "../core/target.ts";
import type { Policy, Rhythm, Watched, When } from "./policy.ts";

/** What a configuration says of a check in a profile, all its levels laid over each other. */
export type CheckSettings = Readonly<Record<string, unknown>> & {
  readonly enabled?: boolean | undefined;
  readonly for?: number | undefined;
};

/** The parts of a configuration that incidents live by. Durations are seconds. */
export interface IncidentSettings {
  readonly timezone: string;
  readonly owners?:
    | Readonly<
        Record<
          string,
          { readonly contact: string; readonly objects?: readonly string[] | undefined }
        >
      >
    | undefined;
  readonly maintenance?:
    | readonly {
        readonly cron: string;
        readonly for: number;
        readonly targets?: readonly string[] | undefined;
        readonly mute?: readonly string[] | undefined;
        readonly expect?: "stopped" | undefined;
      }[]
    | undefined;
  readonly profiles?:
    | Readonly<
        Partial<
          Record<
            ProfileName,
            | {
                readonly every?: number | undefined;
                readonly cron?: string | undefined;
                /** Of the watch, which has phases instead. */
                readonly for?: number | undefined;
              }
            | undefined
          >
        >
      >
    | undefined;
}

/** What it says of one target. */
export interface TargetSettings {
  readonly target: Target;
  readonly owner: string | undefined;
  readonly isPausable: boolean;
  readonly times: Readonly<Record<"critical" | "warning" | "notice", When>>;
  readonly check: (id: string, profile: ProfileName) => CheckSettings;
}

type Catalogue = readonly CheckFacts[];

/** A target that no configuration knows: found by --url, or gone from it. */
export const unconfigured = (target: Target): TargetSettings => ({
  target,
  owner: undefined,
  isPausable: false,
  times: { critical: "now", warning: "digest", notice: "never" },
  check: () => ({}),
});

/** What holds for the incidents of a target, by the configuration and by the checks themselves. */
export function policyFor(
  { target, owner, isPausable, times, check }: TargetSettings,
  { timezone, owners = {}, maintenance = [], profiles = {} }: IncidentSettings,
  catalogue: Catalogue,
  watch?: Watched,
): Policy {
  const facts = new Map(catalogue.map((each) => [each.id, each]));
  const name = sayTarget(target);
  const rules = Object.entries(owners).map(([owner, { contact, objects = [] }]) => ({
    ...{ name: owner, contact, objects },
  }));
  const settingsOf = (id: string, profile: ProfileName) => {
    const { enabled: _, for: __, ...options } = check(id, profile);
    return JSON.stringify({ ...facts.get(id)?.presets?.[profile], ...options });
  };
  return {
    times,
    owner: rules.find((rule) => rule.name === owner),
    owners: rules,
    maintenance: maintenance
      .filter(({ targets }) => targets?.some((pattern) => matches(pattern, name)) ?? true)
      .map((window) => ({
        schedule: scheduleOf(window.cron, timezone),
        for: window.for,
        mute: window.mute ?? [],
        isStopped: window.expect === "stopped",
      })),
    rhythms: Object.fromEntries(
      Object.entries(profiles).flatMap(([profile, rhythm]) => {
        const said = rhythm && rhythmOf(rhythm, timezone);
        return said === undefined ? [] : [[profile, said] as const];
      }),
    ),
    isPausable,
    facts: (id) => facts.get(id),
    looks: (id, profile) => check(id, profile).for ?? facts.get(id)?.for ?? 1,
    // The same at every profile, but where a profile switches it off for itself.
    isEnabled: (id) =>
      !facts.has(id) ||
      (["pulse", "hourly", "nightly", "watch"] as const).some(
        (profile) => check(id, profile).enabled !== false,
      ),
    isSameLook: (id, a, b) => a === b || settingsOf(id, a) === settingsOf(id, b),
    watch,
  };
}

const rhythmOf = (
  { every, cron }: { readonly every?: number | undefined; readonly cron?: string | undefined },
  timezone: string,
): Rhythm | undefined => {
  if (every !== undefined) return { every };
  return cron === undefined ? undefined : { schedule: scheduleOf(cron, timezone) };
};

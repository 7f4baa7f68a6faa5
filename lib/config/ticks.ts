import type { Config } from "./schema.ts";

/** Seconds, or a cron of five fields. */
export interface When {
  readonly every?: number | undefined;
  readonly cron?: string | undefined;
}

export const ticking = ["pulse", "hourly", "nightly"] as const;
export type Ticking = (typeof ticking)[number];

const standard: Readonly<Record<Ticking, When>> = {
  pulse: { every: 300 },
  hourly: { cron: "7 * * * *" },
  nightly: { cron: "0 3 * * *" },
};

/** When a deployment looks: as the configuration says, else as most want it. */
export function whenOf({ profiles }: Pick<Config, "profiles">, profile: Ticking): When {
  const { every, cron } = profiles?.[profile] ?? {};
  return every === undefined && cron === undefined ? standard[profile] : { every, cron };
}

/**
 * The same configuration with every rhythm of a deployment in it: whoever was not looked at for two
 * of them is unseen. On a laptop nobody looks unless somebody says so, and nothing is added.
 */
export const withTicks = (config: Config): Config => ({
  ...config,
  profiles: {
    ...config.profiles,
    ...Object.fromEntries(
      ticking.map((name) => [name, { ...config.profiles?.[name], ...whenOf(config, name) }]),
    ),
  },
});

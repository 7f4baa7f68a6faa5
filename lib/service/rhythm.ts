import type { Config } from "../config/schema.ts";
import type { ProfileName } from "../core/profile.ts";
import { rhythmAt, scheduleOf } from "../core/schedule.ts";

const seconds = { pulse: 300, hourly: 3600, nightly: 86_400 };

/** Milliseconds from one tick of a profile to the next. */
export function rhythmOf(
  { profiles, timezone }: Pick<Config, "profiles" | "timezone">,
  profile: Exclude<ProfileName, "watch">,
  at: Date,
): number {
  const { every, cron } = profiles?.[profile] ?? {};
  const said = cron === undefined ? every : rhythmAt(scheduleOf(cron, timezone), at);
  return 1000 * (said ?? seconds[profile]);
}

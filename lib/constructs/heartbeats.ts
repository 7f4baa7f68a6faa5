import { Duration } from "aws-cdk-lib";
import type { Config } from "../config/schema.ts";
import { whenOf } from "../config/ticks.ts";
import { longestGap } from "./rhythms.ts";

/** How long nothing may be heard: so many periods in which there is no heartbeat. */
export interface Silence {
  readonly profile: string;
  readonly period: Duration;
  readonly periods: number;
}

const hour = 3600;
/** CloudWatch looks back a week at most. */
const longest = 7 * 24 * hour;

/**
 * Two ticks and 20 minutes without a run that came to its end; none for a profile that is rarer
 * than CloudWatch looks back: the sweep for unseen targets tells of that.
 */
export function silences(config: Config): readonly Silence[] {
  return (["pulse", "hourly"] as const).flatMap((profile) => {
    const seconds = 2 * longestGap(whenOf(config, profile)) + 1200;
    if (seconds > longest) return [];
    return seconds <= hour
      ? [{ profile, period: Duration.minutes(Math.ceil(seconds / 60)), periods: 1 }]
      : [{ profile, period: Duration.hours(1), periods: Math.ceil(seconds / hour) }];
  });
}

/** Hours that the last complete nightly run may be old: its rhythm, and two more. */
export const nightlyAgeOf = (config: Config): number =>
  Math.ceil(longestGap(whenOf(config, "nightly")) / hour) + 2;

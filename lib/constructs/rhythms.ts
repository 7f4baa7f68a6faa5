import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Config } from "../config/schema.ts";
import { type Ticking, ticking, type When, whenOf } from "../config/ticks.ts";
import { scheduleOf } from "../core/schedule.ts";

/** What comes at each tick: said in the event, beside the time it was meant for. */
export interface Rhythm extends When {
  readonly name: string;
  readonly handler: IFunction;
  readonly event: Readonly<Record<string, unknown>>;
}

const standard = { digest: { cron: "0 8 * * *" }, keep: { cron: "45 23 * * *" } };

/** A hub examines nothing, but something must tell it to look who has not been seen. */
export const ticksOf = (
  config: Config,
  dispatch: IFunction,
  profiles: readonly Ticking[] = ticking,
): readonly Rhythm[] =>
  profiles.map((profile) => ({
    name: profile,
    handler: dispatch,
    event: { profile },
    ...whenOf(config, profile),
  }));

export const digestsOf = ({ alerts }: Config, digest: IFunction): readonly Rhythm[] => [
  {
    name: "digest",
    handler: digest,
    event: { job: "digest" },
    ...(alerts?.digest === undefined ? standard.digest : { cron: alerts.digest }),
  },
  { name: "keep", handler: digest, event: { job: "keep" }, ...standard.keep },
];

/** A summer's day, so that the same configuration always makes the same template. */
const someDay = new Date("2026-07-01T00:00:00Z");
const farEnough = 3000;

/** The longest time between two ticks, in seconds; clocks that are put back add an hour. */
export function longestGap({ every, cron }: When): number {
  if (cron === undefined) return every ?? 0;
  let longest = 0;
  let later: Date | undefined;
  let seen = 0;
  for (const at of scheduleOf(cron, "UTC").before(someDay)) {
    if (later !== undefined) longest = Math.max(longest, (+later - +at) / 1000);
    seen += 1;
    if (seen === farEnough || (seen > 1 && +someDay - +at > 100 * 86_400_000)) break;
    later = at;
  }
  return longest;
}

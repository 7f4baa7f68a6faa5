import { type Cron, comesOn, cronOf } from "./cron.ts";

const dayMs = 86_400_000;
/** A day that comes once in eight years is 29 February around a century's turn. */
const farthestDays = 8 * 366;

/** When something comes by a cron expression, as its time zone's clocks show it. */
export interface Schedule {
  /** Newest first, none after `at`; a generator, for they are without end. */
  before(at: Date): Generator<Date>;
}

/** @throws RangeError for a cron or a time zone that there is not: a configuration was held against both */
export function scheduleOf(text: string, timezone: string): Schedule {
  const cron = cronOf(text);
  const clock = wallClock(timezone);
  return {
    *before(at) {
      const today = Math.floor((at.getTime() + clock.offset(at.getTime())) / dayMs);
      // A day of the zone may reach into the one after it, where the clocks are put back.
      for (let day = today + 1; day > today - farthestDays; day -= 1) {
        if (!comesOn(cron, new Date(day * dayMs))) continue;
        for (const minute of minutesOf(cron)) {
          const time = clock.instant(day * dayMs + minute * 60_000);
          if (time <= at.getTime()) yield new Date(time);
        }
      }
    },
  };
}

/** The last time that it came, `at` included. */
export const lastBefore = (schedule: Schedule, at: Date): Date | undefined =>
  schedule.before(at).next().value ?? undefined;

/** Seconds between its last two times. */
export function rhythmAt(schedule: Schedule, at: Date): number | undefined {
  const times = schedule.before(at);
  const [last, before] = [times.next().value, times.next().value];
  return last instanceof Date && before instanceof Date
    ? (last.getTime() - before.getTime()) / 1000
    : undefined;
}

const minutesOf = ({ hours, minutes }: Cron): readonly number[] =>
  hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute)).sort((a, b) => b - a);

/** Between UTC and what the clocks of a time zone show, both as milliseconds. */
function wallClock(timezone: string) {
  // Asked for with every finding: the clocks of a zone take microseconds, these take none.
  if (timezone === "UTC") return { offset: () => 0, instant: (shown: number) => shown };
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const offset = (time: number): number => {
    const part = Object.fromEntries(
      format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
  };
  return {
    offset,
    /** A time that the clocks skip is the one that they jump to; of one that comes twice, the first. */
    instant(shown: number): number {
      const before = shown - offset(shown - dayMs);
      if (before + offset(before) === shown) return before;
      const after = shown - offset(shown + dayMs);
      return after + offset(after) === shown ? after : before;
    },
  };
}

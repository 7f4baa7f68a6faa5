import { comesOn, cronOf } from "../core/cron.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

/**
 * A time of the next two years that a cron names and that does not exist, as the clocks go forward
 * over it: "2027-03-28 02:30". Scheduler leaves it out.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
export function skippedBy(cron: string, timezone: string, from: Date): string | undefined {
  const { hours, minutes, ...days } = cronOf(cron);
  if (hours.length === 24) return undefined;
  const named = hours.flatMap((hour) => minutes.map((each) => hour * 60 + each));
  const shown = clockOf(timezone);
  for (const at of jumps(shown, from)) {
    const [before, after] = [shown(at - minute) + minute, shown(at)];
    for (let lost = before; lost < after; lost += minute) {
      const time = new Date(lost);
      const isNamed = named.includes(time.getUTCHours() * 60 + time.getUTCMinutes());
      if (isNamed && comesOn(days, time)) return time.toISOString().slice(0, 16).replace("T", " ");
    }
  }
  return undefined;
}

/** The first minutes after clocks went forward, within two years. */
function* jumps(shown: (at: number) => number, from: Date): Generator<number> {
  const start = Math.floor(from.getTime() / day) * day;
  const offset = (at: number): number => shown(at) - at;
  for (let at = start; at < start + 2 * 366 * day; at += day) {
    if (offset(at + day) <= offset(at)) continue;
    let [before, after] = [at, at + day];
    while (after - before > minute) {
      const middle = before + Math.floor((after - before) / 2 / minute) * minute;
      if (offset(middle) > offset(before)) after = middle;
      else before = middle;
    }
    yield after;
  }
}

/** What the clocks of a time zone show, as if it were UTC. Whole minutes. */
function clockOf(timeZone: string): (at: number) => number {
  // To make one costs as much as some hundred answers.
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
  });
  return (at) => Date.parse(`${format.format(at).replace(" ", "T")}Z`);
}

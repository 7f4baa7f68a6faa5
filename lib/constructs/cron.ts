import { cronOf } from "../core/cron.ts";
import { UsageError } from "../core/errors.ts";

const dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * A cron of five fields as EventBridge Scheduler takes it. crontab(5) joins day of month and day
 * of week by "or" where both are given, and Scheduler knows no "or": then there are two schedules.
 *
 * @throws UsageError where crontab(5) joins them by "and", which Scheduler cannot say
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function schedulerCrons(text: string): readonly string[] {
  const cron = cronOf(text);
  const weekdays = [...new Set(cron.weekdays)];
  const at = (days: string, week: string): string =>
    `cron(${listOf(cron.minutes, 0, 59)} ${listOf(cron.hours, 0, 23)} ${days} ` +
    `${listOf(cron.months, 1, 12)} ${week} *)`;
  // Scheduler counts days of the week from 1: their names are the same everywhere.
  const inWeek = at("?", weekdays.map((day) => dayNames[day]).join(","));
  const inMonth = at(listOf(cron.monthDays, 1, 31), "?");
  const isAllWeek = weekdays.length === 7;
  const isAllMonth = new Set(cron.monthDays).size === 31;
  if (!cron.isEveryMonthDay && !cron.isEveryWeekday) {
    return isAllWeek || isAllMonth ? [at("*", "?")] : [inMonth, inWeek];
  }
  if (isAllWeek) return [inMonth];
  if (isAllMonth) return [inWeek];
  throw new UsageError(
    `${text}: EventBridge Scheduler knows no day that fits both a day of the month and of the week.`,
    "Give one of the two as *.",
  );
}

/** As short as it can be said: an expression holds 256 characters. */
function listOf(given: readonly number[], from: number, to: number): string {
  const values = [...new Set(given)].sort((a, b) => a - b);
  if (values.length === to - from + 1) return "*";
  const [first = from, second = first] = values;
  const step = second - first;
  const isEven = values.every((value, i) => value === first + i * step);
  const last = values.at(-1) ?? first;
  if (values.length > 2 && step > 1 && isEven && last + step > to) return `${first}/${step}`;
  return runsOf(values)
    .map(([start, end]) => (start === end ? `${start}` : `${start}-${end}`))
    .join(",");
}

/** 1, 2, 3, 7 are 1 to 3 and 7 to 7. */
function runsOf(values: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === value - 1) last[1] = value;
    else runs.push([value, value]);
  }
  return runs;
}

import { parseCron } from "../core/cron.ts";

const dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * A cron of five fields as EventBridge Scheduler takes it. crontab(5) joins day of month and day
 * of week by "or" where both are given, and Scheduler knows no "or": then there are two schedules.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function schedulerCrons(text: string): readonly string[] {
  const cron = known(text);
  const at = (days: string, weekdays: string): string =>
    `cron(${listOf(cron.minutes, 60)} ${listOf(cron.hours, 24)} ${days} ${listOf(cron.months, 12)} ${weekdays} *)`;
  const onDays = at(cron.isEveryMonthDay ? "*" : cron.monthDays.join(","), "?");
  // 0 and 7 are both Sunday here, and Scheduler counts from 1: names are the same everywhere.
  const names = [...new Set(cron.weekdays.map((day) => dayNames[day % 7]))].join(",");
  if (cron.isEveryWeekday) return [onDays];
  return cron.isEveryMonthDay ? [at("?", names)] : [onDays, at("?", names)];
}

const listOf = (values: readonly number[], all: number): string =>
  values.length === all ? "*" : values.join(",");

function known(text: string) {
  const cron = parseCron(text);
  if (typeof cron === "string") throw new RangeError(`${text}: ${cron}`);
  return cron;
}

const hour = 3_600_000;

/**
 * The day within two years on which daylight saving skips the time that a cron names, or nothing:
 * "03-29 02:30 does not exist". Scheduler would run it later that day.
 */
export function skippedBy(cron: string, timezone: string, from: Date): string | undefined {
  const { hours, minutes } = known(cron);
  if (hours.length === 24) return undefined;
  const named = hours.flatMap((h) => minutes.map((m) => h * 60 + m));
  const start = Math.floor(from.getTime() / hour) * hour;
  for (let at = start; at < start + 2 * 366 * 24 * hour; at += hour) {
    const before = wallClock(at, timezone);
    const after = wallClock(at + hour, timezone);
    const jump = (after.minutes - before.minutes + 1440) % 1440;
    if (jump <= 60) continue;
    const lost = named.find((minute) => {
      const since = (minute - before.minutes + 1440) % 1440;
      return since >= 60 && since < jump;
    });
    if (lost !== undefined) return `${after.day} ${say(lost)}`;
  }
  return undefined;
}

const say = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

function wallClock(at: number, timeZone: string): { minutes: number; day: string } {
  const text = new Date(at).toLocaleString("sv-SE", { timeZone });
  const [day = "", time = ""] = text.split(" ");
  const [hours, minutes] = time.split(":").map(Number);
  return { day, minutes: (hours ?? 0) * 60 + (minutes ?? 0) };
}

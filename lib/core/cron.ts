const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
}

const fields: readonly Field[] = [
  { name: "minute", from: 0, to: 59 },
  { name: "hour", from: 0, to: 23 },
  { name: "day of month", from: 1, to: 31 },
  { name: "month", from: 1, to: 12, words: months },
  { name: "day of week", from: 0, to: 7, words: days },
];

const longestOf = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What each of the five fields allows. A day fits by either of its two fields, where both say one. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly monthDays: readonly number[];
  readonly months: readonly number[];
  /** Sunday is 0. */
  readonly weekdays: readonly number[];
  readonly isEveryMonthDay: boolean;
  readonly isEveryWeekday: boolean;
}

/** What is wrong with a cron expression of five fields (crontab(5)), or nothing. */
export function faultOfCron(text: string): string | undefined {
  const cron = parseCron(text);
  return typeof cron === "string" ? cron : undefined;
}

/** @throws RangeError for a cron that there is not: a configuration was held against it */
export function cronOf(text: string): Cron {
  const cron = parseCron(text);
  if (typeof cron === "string") throw new RangeError(`${text}: ${cron}`);
  return cron;
}

/** Does it come on the day of this time in UTC? crontab(5): where both are restricted, either will do. */
export function comesOn(cron: Omit<Cron, "hours" | "minutes">, day: Date): boolean {
  if (!cron.months.includes(day.getUTCMonth() + 1)) return false;
  const byMonth = cron.monthDays.includes(day.getUTCDate());
  const byWeek = cron.weekdays.includes(day.getUTCDay());
  return cron.isEveryMonthDay || cron.isEveryWeekday ? byMonth && byWeek : byMonth || byWeek;
}

/** The fields, or what is wrong with them. */
function parseCron(text: string): Cron | string {
  const parts = text.split(/\s+/).filter(Boolean);
  if (parts.length !== fields.length) {
    return `expected five fields, minute hour day month weekday: ${parts.length} came`;
  }
  const values: (readonly number[])[] = [];
  for (const [i, field] of fields.entries()) {
    const value = valuesOf(parts[i] ?? "", field);
    if (typeof value === "string") return value;
    values.push(value);
  }
  const [minutes = [], hours = [], monthDays = [], inMonths = [], weekdays = []] = values;
  // 30 February: a schedule that never comes is a watch that nobody keeps.
  const comes = inMonths.some((month) => Math.min(...monthDays) <= (longestOf[month - 1] ?? 0));
  if (parts[4] === "*" && !comes) return "this day never comes in this month";
  return {
    minutes,
    hours,
    monthDays,
    months: inMonths,
    weekdays: weekdays.map((day) => day % 7),
    isEveryMonthDay: parts[2]?.startsWith("*") ?? false,
    isEveryWeekday: parts[4]?.startsWith("*") ?? false,
  };
}

/** The values of one field, or what is wrong with it. */
function valuesOf(text: string, field: Field): readonly number[] | string {
  const values: number[] = [];
  for (const part of text.split(",")) {
    const [, range = "", step] = /^([^/]*)(?:\/(\d+))?$/.exec(part) ?? [];
    const [, first = "", last] = /^([^-]*)(?:-([^-]+))?$/.exec(range) ?? [];
    const from = first === "*" && last === undefined ? field.from : numberOf(first, field);
    const open = first === "*" || step !== undefined ? field.to : from;
    const to = last === undefined ? open : numberOf(last, field);
    if (from === undefined || to === undefined || Number(step ?? 1) < 1) {
      return `"${part}" is no ${field.name}: ${field.from} to ${field.to}, *, 1-5, 1,3 or */5`;
    }
    if (from > to) return `"${part}" runs backwards: the ${field.name} ${from} is after ${to}`;
    for (let value = from; value <= to; value += Number(step ?? 1)) values.push(value);
  }
  return values;
}

function numberOf(text: string, { from, to, words }: Field): number | undefined {
  const named = words?.indexOf(text.toLowerCase()) ?? -1;
  const value = named >= 0 ? named + from : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
}

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

/** What is wrong with a cron expression of five fields (crontab(5)), or nothing. */
export function faultOfCron(text: string): string | undefined {
  const parts = text.split(/\s+/).filter(Boolean);
  if (parts.length !== fields.length) {
    return `expected five fields, minute hour day month weekday: ${parts.length} came`;
  }
  const values = fields.map((field, i) => valuesOf(parts[i] ?? "", field));
  const wrong = values.findIndex((value) => typeof value === "string");
  if (wrong >= 0) return String(values[wrong]);
  const [, , monthDays, inMonths] = values;
  if (parts[4] !== "*" || typeof monthDays !== "object" || typeof inMonths !== "object") return;
  // 30 February: a schedule that never comes is a watch that nobody keeps.
  const comes = inMonths.some((month) => Math.min(...monthDays) <= (longestOf[month - 1] ?? 0));
  return comes ? undefined : "this day never comes in this month";
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

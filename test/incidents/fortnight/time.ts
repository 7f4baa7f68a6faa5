/** Minutes since Monday 2 November 2026, 00:00 UTC: the fortnight ends at 14 days. */
export const hour = 60;
export const day = 24 * hour;
export const length = 14 * day;

const monday = Date.parse("2026-11-02T00:00:00.000Z");

export const dateAt = (minute: number): Date => new Date(monday + minute * 60_000);
const known = new Map<number, string>();
/** Asked for the same minute by everything that is read then. */
export function isoAt(minute: number): string {
  const text = known.get(minute) ?? dateAt(minute).toISOString();
  if (known.size > 1000) known.clear();
  known.set(minute, text);
  return text;
}
export const minuteOf = (iso: string): number => (Date.parse(iso) - monday) / 60_000;
/** As a guarded terminate compares it. */
export const stampAt = (minute: number): string =>
  `${isoAt(minute).replace("T", " ").slice(0, 23)}000+00`;

/** Monday is 0. */
export const weekdayOf = (minute: number): number => ((Math.floor(minute / day) % 7) + 7) % 7;
export const timeOfDay = (minute: number): number => ((minute % day) + day) % day;
export const sunday = 6;

/** `Tue 3 10:35`: how the test writes the time of a message. */
export function sayMinute(minute: number): string {
  const [name = ""] = dateAt(minute).toUTCString().split(",");
  return `${name} ${isoAt(minute).slice(8, 16).replace("T", " ")}`;
}

/** The same for the same words: 0 up to 1. */
export function chance(...words: readonly (string | number)[]): number {
  let hash = 2_166_136_261;
  for (const code of words.join("/")) {
    hash = Math.imul(hash ^ (code.codePointAt(0) ?? 0), 16_777_619);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

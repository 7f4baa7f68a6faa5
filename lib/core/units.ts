import * as z from "zod";

const secondsPer = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 } as const;
const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|min|h|d)$/;

/** Seconds in `30s`, `5min`, `2h`; undefined where the text is no duration. */
function parseDuration(text: string): number | undefined {
  const [, amount, unit] = durationPattern.exec(text) ?? [];
  if (amount === undefined || unit === undefined || !isUnit(unit)) return undefined;
  return Number(amount) * secondsPer[unit];
}

const isUnit = (text: string): text is keyof typeof secondsPer => Object.hasOwn(secondsPer, text);

/** Written `30s 5min 2h`, read as seconds. */
export const duration = z
  .string()
  .regex(durationPattern, "a duration such as 30s, 5min or 2h")
  .transform((text) => parseDuration(text) ?? Number.NaN);

const sharePattern = /^(\d+(?:\.\d+)?)%$/;

/** Written `80%`, read as a fraction of one: 0.8. */
export const share = z
  .string()
  .regex(sharePattern, "a share such as 80%")
  .transform((text) => Number(sharePattern.exec(text)?.[1]) / 100)
  .refine((part) => part <= 1, "is above 100%: that is never reached");

/** Written `64MB`, read as bytes (powers of 1024, as PostgreSQL counts them). */
const bytesPer = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 } as const;
const sizePattern = /^(\d+(?:\.\d+)?)(B|kB|MB|GB|TB)$/;

export const size = z
  .string()
  .regex(sizePattern, "a size such as 64MB or 10GB")
  .transform((text) => {
    const [, amount, unit] = sizePattern.exec(text) ?? [];
    return unit !== undefined && isSizeUnit(unit) ? Number(amount) * bytesPer[unit] : Number.NaN;
  });

const isSizeUnit = (text: string): text is keyof typeof bytesPer => Object.hasOwn(bytesPer, text);

/** `6 min 20 s`, `3 h 5 min`, `2 d 4 h`: the two largest units, as people say it. */
export function sayDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return join(Math.floor(whole / 60), "min", whole % 60, "s");
  if (whole < 86_400)
    return join(Math.floor(whole / 3600), "h", Math.floor(whole / 60) % 60, "min");
  return join(Math.floor(whole / 86_400), "d", Math.floor(whole / 3600) % 24, "h");
}

const join = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

/** `2026-11-20 12:05 UTC` of ISO 8601 in UTC; seconds where they matter. */
export const sayTime = (at: string, withSeconds = false): string =>
  `${at.slice(0, withSeconds ? 19 : 16).replace("T", " ")} UTC`;

/** `46 MB`, `1.3 GB`: one decimal below ten. */
export function saySize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export const sayShare = (fraction: number): string => `${Math.floor(fraction * 1000) / 10} %`;

/** `1,307 tables`, `1 table`. By hand: toLocaleString() would load 5 MB of locales for a comma. */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${String(n).replace(/\B(?=(\d{3})+$)/g, ",")} ${n === 1 ? one : many}`;

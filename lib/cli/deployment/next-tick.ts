import { scheduleOf } from "../../core/schedule.ts";

/** The largest value of each field, for Scheduler's `5/10`, which is crontab's `5-59/10`. */
const largest = [59, 23, 31, 12, 7];

/** Days into which is looked, each time further. */
const spans = [1, 8, 32, 366];
const dayMs = 86_400_000;

/**
 * When a schedule of EventBridge comes next; nothing for a rate, whose beginning nobody knows, or
 * for what is no schedule of ours.
 */
export function nextTick(
  { expression, timezone }: { readonly expression: string; readonly timezone: string },
  now: Date,
): Date | undefined {
  const [, inner] = /^cron\((.*)\)$/.exec(expression) ?? [];
  if (inner === undefined) return undefined;
  const fields = inner
    .split(/\s+/)
    .slice(0, 5)
    .map((field, i) =>
      field.replace("?", "*").replace(/(^|,)(\d+)\//g, (_, before, from) => {
        return `${before}${from}-${largest[i]}/`;
      }),
    );
  try {
    const schedule = scheduleOf(fields.join(" "), timezone);
    for (const days of spans) {
      let next: Date | undefined;
      for (const at of schedule.before(new Date(now.getTime() + days * dayMs))) {
        if (at <= now) break;
        next = at;
      }
      if (next !== undefined) return next;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

import { Cron } from "croner";

/**
 * The occurrences of a cron expression in a time zone, by the clock on the wall: an hour that
 * daylight saving skips happens when it ends, one that comes twice happens once.
 */
export interface Schedule {
  /** The newest occurrence at or before the moment. */
  lastAt(moment: Date): Date | undefined;
  /** The first after the moment. */
  nextAt(moment: Date): Date | undefined;
}

export function scheduleOf(cron: string, timezone: string): Schedule {
  const times = new Cron(cron, { timezone, paused: true });
  return {
    // The library looks strictly before, and in whole seconds.
    lastAt: (moment) =>
      times.previousRuns(1, new Date(Math.floor(moment.getTime() / 1000) * 1000 + 1000))[0],
    nextAt: (moment) => times.nextRun(moment) ?? undefined,
  };
}

/**
 * The window that began last and has not ended: a cron for its beginning, and how long it lasts.
 *
 * @param lasts milliseconds
 */
export function openWindow(
  schedule: Schedule,
  lasts: number,
  now: Date,
): { readonly from: Date; readonly until: Date } | undefined {
  const from = schedule.lastAt(now);
  if (from === undefined) return undefined;
  const until = new Date(from.getTime() + lasts);
  return now < until ? { from, until } : undefined;
}

import { UsageError } from "../core/errors.ts";
import { duration, sayDuration } from "../core/units.ts";
import type { Phase } from "../core/watch.ts";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Dense while a deployment shows its faults, then sparser. `--for` says how much of it is meant. */
export const defaultPhases: readonly Phase[] = [
  { every: 5 * minute, until: hour },
  { every: 15 * minute, until: 4 * hour },
  { every: hour, until: day },
  { every: 2 * hour, until: 2 * day },
  { every: day, until: 7 * day },
];

export const defaultLength = 2 * day;

/** Every look is kept in the watch's document, which has to stay small. */
const mostLooks = 400;

/**
 * The phases of a watch of that length: cut where it ends, or the last one drawn out.
 *
 * @throws UsageError where they are out of order, or more looks than a document holds
 */
export function phasesFor(phases: readonly Phase[], seconds: number): Phase[] {
  const wrong = phases.find(({ until }, i) => until <= (phases[i - 1]?.until ?? 0));
  if (wrong !== undefined || phases.length === 0) {
    throw new UsageError(
      "each phase of a watch ends after the one before it",
      "--phases 5min/1h,15min/4h,1h/24h,2h/48h: a look every 5 min until the first hour is over …",
    );
  }
  const kept = phases.filter((_, i) => (phases[i - 1]?.until ?? 0) < seconds);
  const cut = kept.map(({ every, until }, i) => ({
    every,
    until: i === kept.length - 1 ? seconds : until,
  }));
  const looks = cut.reduce(
    (sum, { every, until }, i) => sum + Math.ceil((until - (cut[i - 1]?.until ?? 0)) / every),
    1,
  );
  if (looks <= mostLooks) return cut;
  throw new UsageError(
    `these phases are ${looks.toLocaleString("en-US")} looks, and a watch holds ${mostLooks}`,
    "Make the later phases wider: --phases 5min/1h,15min/4h,1h/24h,2h/48h",
  );
}

/** `5min/1h,15min/4h`: how often, until when. */
export function parsePhases(text: string): Phase[] {
  return text.split(",").map((part) => {
    const [every, until] = part.split("/").map((word) => duration.safeParse(word.trim()).data);
    if (every !== undefined && until !== undefined && every > 0) return { every, until };
    throw new UsageError(
      `--phases ${text}: what is "${part}"?`,
      "--phases 5min/1h,15min/4h: a look every 5 min until the first hour is over, every 15 min until the fourth is",
    );
  });
}

export const sayPhases = (phases: readonly Phase[]): string =>
  phases
    .map(({ every, until }) => `every ${sayDuration(every)} to ${sayDuration(until)}`)
    .join(", ");

/** Seconds from the opening to each look. The first is at once, the last when the watch is over. */
export function offsets(phases: readonly Phase[]): readonly number[] {
  const all = [0];
  let from = 0;
  for (const { every, until } of phases) {
    for (let n = 1; from + n * every < until; n += 1) all.push(from + n * every);
    all.push(until);
    from = until;
  }
  return all;
}

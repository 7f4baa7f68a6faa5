import type { Gap, Watch } from "../core/watch.ts";
import { offsets } from "./phases.ts";

/** A deployment that was prepared and has not begun after so many seconds will not. */
export const longestDeployment = 4 * 3600;
/** What is to be expected while a deployment runs may last so many seconds longer. */
const settling = 30 * 60;

export type Due =
  /** The deployment runs: nothing to look at before it is opened. */
  | { readonly is: "prepared" }
  | {
      readonly is: "look";
      readonly slot: number;
      readonly at: Date;
      readonly place: "first" | "last" | "between";
    }
  | { readonly is: "nothing"; readonly nextAt: Date }
  /** All looks are taken, or can be no more. */
  | { readonly is: "closing"; readonly because: "over" | "never-started" }
  | { readonly is: "closed" };

/**
 * What is to be done now. Nothing is kept of ticks, so that it may be asked late, twice, or by
 * two at once; whoever was away for a day finds the last look due, and then the closing.
 */
export function due(watch: Pick<Watch, DueFields>, now: Date): Due {
  if (watch.state === "closed") return { is: "closed" };
  const { openedAt } = watch;
  if (openedAt === undefined) {
    const isOver = secondsSince(watch.preparedAt, now) > longestDeployment;
    return isOver ? { is: "closing", because: "never-started" } : { is: "prepared" };
  }
  const times = offsets(watch.phases);
  const slot = slotAt(times, secondsSince(openedAt, now));
  const newest = watch.looks.at(-1)?.slot ?? -1;
  const last = times.length - 1;
  if (newest >= last) return { is: "closing", because: "over" };
  if (slot <= newest) {
    return { is: "nothing", nextAt: timeOf(openedAt, times[newest + 1] ?? 0) };
  }
  const place = slot === last ? "last" : newest < 0 ? "first" : "between";
  return { is: "look", slot, at: timeOf(openedAt, times[slot] ?? 0), place };
}

type DueFields = "state" | "preparedAt" | "openedAt" | "phases" | "looks";

/**
 * The slot that a moment belongs to: the newest that has begun. A clock that jumped to before the
 * opening is taken for the opening.
 */
export function slotAt(times: readonly number[], seconds: number): number {
  // Milliseconds: a float of seconds must not put a look before the slot that it was taken for.
  const now = Math.round(seconds * 1000);
  return Math.max(
    0,
    times.findLastIndex((time) => Math.round(time * 1000) <= now),
  );
}

export const secondsSince = (then: string | undefined, now: Date): number =>
  then === undefined ? 0 : (now.getTime() - Date.parse(then)) / 1000;

const timeOf = (openedAt: string, seconds: number): Date =>
  new Date(Date.parse(openedAt) + seconds * 1000);

/** When each slot is due; empty while nobody has opened the watch. */
export const slotTimes = ({ openedAt, phases }: Pick<Watch, "openedAt" | "phases">) =>
  openedAt === undefined ? [] : offsets(phases).map((seconds) => timeOf(openedAt, seconds));

/** Looks that were due and that nobody took: the slot that is due now may still be taken. */
export function missedSlots(watch: Pick<Watch, DueFields>, now: Date): readonly number[] {
  const { openedAt, phases, looks, state } = watch;
  if (openedAt === undefined) return [];
  const taken = new Set(looks.map(({ slot }) => slot));
  const newest = looks.at(-1)?.slot ?? -1;
  const current = slotAt(offsets(phases), secondsSince(openedAt, now));
  const end = state === "closed" ? current + 1 : Math.max(current, newest);
  return Array.from({ length: end }, (_, slot) => slot).filter((slot) => !taken.has(slot));
}

/** Side by side they are one gap: from when the first was due until the next that was taken. */
export function gapsOf(watch: Pick<Watch, DueFields>, now: Date): readonly Gap[] {
  const times = slotTimes(watch);
  const gaps: { from: number; until: number }[] = [];
  for (const slot of missedSlots(watch, now)) {
    const last = gaps.at(-1);
    if (last?.until === slot - 1) last.until = slot;
    else gaps.push({ from: slot, until: slot });
  }
  return gaps.map(({ from, until }) => ({
    from: (times[from] ?? now).toISOString(),
    until: (times[until + 1] ?? now).toISOString(),
    looks: until - from + 1,
  }));
}

/** Until when what a deployment leaves for a moment is no alert. */
export function windowUntil({ openedAt, preparedAt }: Pick<Watch, "openedAt" | "preparedAt">) {
  const [from, seconds] =
    openedAt === undefined ? [preparedAt, longestDeployment] : [openedAt, settling];
  return from === undefined ? undefined : timeOf(from, seconds).toISOString();
}

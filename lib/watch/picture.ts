import type { Closing, Watch, WatchPicture } from "../core/watch.ts";
import { curvesOf } from "./curves.ts";
import { due, secondsSince, slotAt, slotTimes } from "./due.ts";
import { offsets } from "./phases.ts";
import { closingAt } from "./verdict.ts";

/** All that is drawn of a watch at a moment. */
export function pictureOf(watch: Watch, now: Date): WatchPicture {
  const closing: Closing = watch.closing ?? closingAt(watch, now, { because: "over" });
  const at = watch.closing === undefined ? now : new Date(watch.closing.at);
  const times = slotTimes(watch);
  const newest = watch.looks.at(-1)?.slot ?? -1;
  const current =
    watch.openedAt === undefined
      ? -1
      : Math.max(newest, slotAt(offsets(watch.phases), secondsSince(watch.openedAt, at)));
  const next = due(watch, now);
  return {
    watch,
    now: now.toISOString(),
    looks: { taken: watch.looks.length, due: current + 1, planned: times.length },
    nextAt:
      next.is === "nothing"
        ? next.nextAt.toISOString()
        : next.is === "look"
          ? next.at.toISOString()
          : undefined,
    until: times.at(-1)?.toISOString(),
    curves: curvesOf(watch, current + 1),
    closing,
  };
}

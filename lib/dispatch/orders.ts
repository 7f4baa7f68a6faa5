import type { ProfileName } from "../core/profile.ts";
import { sayTarget } from "../core/target.ts";
import type { Watch } from "../core/watch.ts";
import { due } from "../watch/due.ts";
import { type Order, packName } from "./order.ts";
import { type Placed, packsOf } from "./packs.ts";

/** The orders of a tick: every database, in packs. */
export const ordersOf = (
  profile: Exclude<ProfileName, "watch">,
  scheduledAt: string,
  fleet: readonly Placed[],
): readonly Order[] =>
  packsOf(fleet).map(({ environment, network, targets }) => {
    const names = targets.map(({ target }) => sayTarget(target)).sort();
    return {
      schemaVersion: 1,
      profile,
      scheduledAt,
      pack: packName(environment, names),
      part: 0,
      network,
      targets: names,
    };
  });

/**
 * The looks that open watches are due. `scheduledAt` is the time of the look's slot, so that two
 * ticks within one slot order the same run.
 */
export function watchOrders(
  watches: readonly Watch[],
  fleet: readonly Placed[],
  now: Date,
): readonly Order[] {
  const places = new Map(fleet.map((placed) => [sayTarget(placed.target), placed]));
  return watches.flatMap((watch) => {
    const name = sayTarget(watch.target);
    const placed = places.get(name);
    const next = lookOf(watch, now);
    if (placed === undefined || next === undefined) return [];
    return [
      {
        schemaVersion: 1 as const,
        profile: "watch" as const,
        scheduledAt: next.at.toISOString(),
        pack: packName(watch.target.environment, [name]),
        part: 0,
        network: placed.network,
        targets: [name],
        watch: { id: watch.id, place: next.place },
      },
    ];
  });
}

/** A deployment that is prepared has no baseline yet: it is asked for until somebody answers. */
function lookOf(watch: Watch, now: Date) {
  const next = due(watch, now);
  if (next.is === "look") return next;
  if (next.is !== "prepared" || watch.baseline !== undefined) return undefined;
  const from = Date.parse(watch.preparedAt ?? now.toISOString());
  const slot = Math.max(0, Math.floor((now.getTime() - from) / between));
  return { at: new Date(from + slot * between), place: "before" as const };
}

/** Milliseconds from one try to the next. */
const between = 300_000;

/** Two lanes: what must be quick never waits behind a night's work. */
export const laneOf = ({ profile, watch }: Pick<Order, "profile" | "watch">): "pulse" | "deep" =>
  profile === "pulse" || (profile === "watch" && watch?.place !== "last") ? "pulse" : "deep";

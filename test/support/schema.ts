import { trackersNow } from "../../lib/checks/reads/trackers-look.ts";
import type { TrackersLook } from "../../lib/core/migrations.ts";
import { Reader } from "../../lib/run/reader.ts";
import { diff } from "../../lib/schema/diff.ts";
import { objectsOf } from "../../lib/schema/kept.ts";
import type { LastReading } from "../../lib/schema/moved.ts";
import type { Snapshot } from "../../lib/schema/snapshot.ts";
import { takeSnapshot } from "../../lib/schema/take.ts";
import { sessionAt } from "./look.ts";

/** The schema as a new session reads it. */
export async function snapshotAt(url: string): Promise<Snapshot> {
  await using session = await sessionAt(url);
  return await takeSnapshot({ session, server: session.server });
}

/** Where the migration tools stand, as `seal` keeps it. */
export async function liveTrackers(url: string): Promise<TrackersLook> {
  await using session = await sessionAt(url);
  const reader = new Reader({
    target: { environment: "test", name: "shop" },
    profile: "nightly",
    store: undefined,
    past: () => undefined,
    remaining: () => 10_000,
    session,
  });
  await reader.ask(trackersNow, {});
  return (await reader.answered(trackersNow)) ?? { heads: [] };
}

/** A line a difference: `changed column public.orders.total: structure.type`. */
export const sayDifferences = (before: Snapshot, after: Snapshot): readonly string[] =>
  diff(before, after).map(({ change, kind, identity, attributes }) => {
    const what = attributes.map(({ facet, attribute }) => `${facet}.${attribute}`);
    return `${change} ${kind} ${identity}${what.length > 0 ? `: ${what.join(" ")}` : ""}`;
  });

/** The last snapshot as the store gives it back to whoever reads only what moved. */
export const readingOf = (last: Snapshot): LastReading | undefined =>
  last.standing && {
    ...last.standing,
    standing: last.standing,
    kinds: [...last.standing.kinds],
    objects: async () => objectsOf(last),
  };

import { diff } from "../../lib/schema/diff.ts";
import type { Snapshot } from "../../lib/schema/snapshot.ts";
import { takeSnapshot } from "../../lib/schema/take.ts";
import { sessionAt } from "./look.ts";

/** The schema as a new session reads it. */
export async function snapshotAt(url: string): Promise<Snapshot> {
  await using session = await sessionAt(url);
  return await takeSnapshot({ session, server: session.server });
}

/** A line a difference: `changed column public.orders.total: structure.type`. */
export const sayDifferences = (before: Snapshot, after: Snapshot): readonly string[] =>
  diff(before, after).map(({ change, kind, identity, attributes }) => {
    const what = attributes.map(({ facet, attribute }) => `${facet}.${attribute}`);
    return `${change} ${kind} ${identity}${what.length > 0 ? `: ${what.join(" ")}` : ""}`;
  });

import type { TrackerHead, TrackersLook } from "../core/migrations.ts";
import { blindnessOf } from "./blindness.ts";
import { trackerOf } from "./index.ts";
import type { TrackerRead } from "./state.ts";

/** Where each tool stands; what could not be read is said. */
export function trackersLook(reads: readonly TrackerRead[], role: string): TrackersLook {
  const unread = blindnessOf(reads, role)?.reason;
  return { heads: [...headsOf(reads)], ...(unread === undefined ? {} : { unread }) };
}

const headsOf = (reads: readonly TrackerRead[]): readonly TrackerHead[] =>
  reads.flatMap(({ table, state }) =>
    state === undefined
      ? []
      : [
          {
            tool: table.tool,
            table: table.sqlTable,
            keepsHistory: trackerOf(table.tool)?.keepsHistory ?? true,
            applied: state.applied,
            digest: state.digest,
            newest: (state.newest ?? []).toReversed(),
            // One that a later try superseded changed what that one changed.
            inFlight: state.unresolved
              .filter((migration) => migration.state !== "superseded")
              .map((migration) => ({
                version: migration.version,
                isRunning: state.holders.length > 0 && migration.state === "unfinished",
              })),
          },
        ],
  );

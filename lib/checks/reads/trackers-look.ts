import { DatabaseError } from "../../core/errors.ts";
import { type TrackersLook, trackersLookSchema } from "../../core/migrations.ts";
import { procedure, type ReadContext } from "../../core/read.ts";
import { trackersLook } from "../../trackers/heads.ts";
import { readTrackers, trackerStates } from "../../trackers/state.ts";

/** What the migration tools say: first as the run knows it, then asked anew. */
export function lookingAtTrackers(context: ReadContext): () => Promise<TrackersLook> {
  let isFirst = true;
  return async () => {
    const ask = isFirst ? () => context.read(trackerStates) : () => readTrackers(context);
    isFirst = false;
    try {
      return trackersLook(await ask(), context.server.role);
    } catch (error) {
      // The schema can be compared all the same; only who changed it is not known then.
      if (error instanceof DatabaseError) return { heads: [], unread: error.message };
      throw error;
    }
  };
}

/** What the migration tools say: for a seal. */
export const trackersNow = procedure({
  id: "trackers-now",
  result: trackersLookSchema,
  run: (context) => lookingAtTrackers(context)(),
});

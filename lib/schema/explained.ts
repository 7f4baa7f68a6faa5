import * as z from "zod";
import {
  movementBetween,
  movementSchema,
  type TrackerHead,
  type TrackersLook,
} from "../core/migrations.ts";

/** Did a tracked migration run between what is held against what? */
export const explanationSchema = z.discriminatedUnion("by", [
  z.object({ by: z.literal("migrations"), movement: movementSchema }),
  /** Nothing moved: whatever differs was made by hand. */
  z.object({ by: z.literal("nobody") }),
  /** By hand, or by a migration that is half done. */
  z.object({ by: z.literal("dirty"), migrations: z.array(z.string()) }),
  z.object({ by: z.literal("unknown"), reason: z.string() }),
]);
export type Explanation = z.infer<typeof explanationSchema>;

/** @param then what the trackers said at the earlier look; undefined where nobody asked */
export function explain(
  then: readonly TrackerHead[] | undefined,
  { heads, unread }: TrackersLook,
): Explanation {
  if (then === undefined && (heads.length > 0 || unread !== undefined)) {
    return { by: "unknown", reason: "which migrations were applied then is not on record" };
  }
  const movement = movementBetween(then ?? [], heads);
  const { migrations, inFlight, dirty, isRewritten } = movement;
  // A tracker that cannot be read now is none that was dropped.
  const hasMoved = migrations.length > 0 || inFlight.length > 0;
  if (hasMoved || (isRewritten && unread === undefined)) return { by: "migrations", movement };
  if (dirty.length > 0) return { by: "dirty", migrations: dirty };
  if (unread !== undefined) return { by: "unknown", reason: `migrations are not known: ${unread}` };
  return heads.length > 0 || (then ?? []).length > 0
    ? { by: "nobody" }
    : { by: "unknown", reason: "no migration tool is known here" };
}

/** `explained by 41, 42`, `migration 5 is in flight`; nothing where no migration explains it. */
export function sayExplanation(explanation: Explanation): string | undefined {
  if (explanation.by === "dirty") {
    return `migration ${listed(explanation.migrations)} is dirty: in flight, or died halfway`;
  }
  if (explanation.by !== "migrations") return undefined;
  const { migrations, inFlight, isRewritten } = explanation.movement;
  const of = inFlight.length === 1 ? "migration" : "migrations";
  return [
    ...(migrations.length > 0 ? [`explained by ${listed(migrations)}`] : []),
    ...(isRewritten ? ["a migration was taken back"] : []),
    ...(inFlight.length > 0
      ? [`${of} ${listed(inFlight)} ${inFlight.length === 1 ? "is" : "are"} in flight`]
      : []),
  ].join("; ");
}

function listed(versions: readonly string[]): string {
  const shown = versions.slice(-5);
  return `${versions.length > shown.length ? `${versions.length - shown.length} more, ` : ""}${shown.join(", ")}`;
}

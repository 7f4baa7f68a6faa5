import * as z from "zod";
import { UnreadableDocument } from "../core/document.ts";
import type { ReadContext } from "../core/read.ts";
import { sayTarget } from "../core/target.ts";
import { diff, differenceSchema } from "./diff.ts";
import { SnapshotError, type StoredSnapshot } from "./file.ts";
import { schemaSnapshot } from "./read.ts";
import { type Snapshot, unreadSchema } from "./snapshot.ts";

const liveSchema = z.object({
  checksum: z.string(),
  canonical: z.int(),
  takenAt: z.string(),
  /** Objects read. */
  objects: z.int(),
  unread: z.array(unreadSchema),
  unmodelled: z.record(z.string(), z.int()),
  systemIdentifier: z.string().nullable(),
});

/** What the schema is held against. */
const againstSchema = z.object({
  checksum: z.string(),
  canonical: z.int(),
  at: z.string(),
  by: z.string().optional(),
  why: z.string().optional(),
});
export type Against = z.infer<typeof againstSchema>;

/** The schema held against an earlier one: the differences alone, so that evidence stays small. */
export const comparisonSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("nothing-there"), target: z.string(), live: liveSchema }),
  z.object({ state: z.literal("changing"), target: z.string(), reason: z.string() }),
  z.object({
    state: z.literal("unreadable"),
    target: z.string(),
    live: liveSchema,
    reason: z.string(),
    cure: z.string(),
  }),
  z.object({
    state: z.literal("compared"),
    target: z.string(),
    live: liveSchema,
    against: againstSchema,
    differences: z.array(differenceSchema),
  }),
]);
export type Comparison = z.infer<typeof comparisonSchema>;

/**
 * @param find says what to hold the schema against, if anything is there
 * @param load its objects, asked for only where the checksums differ
 */
export async function compare(
  context: ReadContext,
  find: () => Promise<Against | undefined>,
  load: (checksum: string) => Promise<StoredSnapshot>,
): Promise<Comparison> {
  const target = sayTarget(context.target);
  const answer = await context.read(schemaSnapshot);
  if (answer.state === "changing") return { ...answer, target };
  const { snapshot } = answer;
  const live = aboutLive(snapshot);
  try {
    const against = await find();
    if (against === undefined) return { state: "nothing-there", target, live };
    const differences = await differencesTo(snapshot, against, load);
    return { state: "compared", target, live, against, differences: [...differences] };
  } catch (error) {
    if (error instanceof SnapshotError) {
      return { state: "unreadable", target, live, reason: error.message, cure: error.hint };
    }
    if (error instanceof UnreadableDocument) {
      const cure =
        "It may be a newer pgvigil's, or damaged: restore it, or delete it and seal again.";
      return { state: "unreadable", target, live, reason: error.message, cure };
    }
    throw error;
  }
}

const aboutLive = (snapshot: Snapshot): z.infer<typeof liveSchema> => ({
  checksum: snapshot.tree.checksum,
  canonical: snapshot.canonical,
  takenAt: snapshot.takenAt,
  objects: snapshot.facts.length,
  unread: [...snapshot.unread],
  unmodelled: snapshot.unmodelled,
  systemIdentifier: snapshot.server.systemIdentifier,
});

async function differencesTo(
  snapshot: Snapshot,
  against: Against,
  load: (checksum: string) => Promise<StoredSnapshot>,
) {
  if (against.checksum === snapshot.tree.checksum) return [];
  const stored = await load(against.checksum);
  if (stored.facts === undefined) {
    throw new SnapshotError(
      `the snapshot ${against.checksum} is a seal without its objects`,
      "Seal a whole snapshot to be told what differs.",
    );
  }
  return diff({ facts: stored.facts, unread: stored.unread }, snapshot);
}

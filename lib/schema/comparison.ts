import * as z from "zod";
import { UnreadableDocument } from "../core/document.ts";
import { type TrackersLook, trackerHeadSchema, trackersLookSchema } from "../core/migrations.ts";
import type { ReadContext } from "../core/read.ts";
import { sayTarget, typedSchema } from "../core/target.ts";
import { differencesBetween, sayPrinted } from "./canonical/differences.ts";
import { differenceSchema } from "./diff.ts";
import { explain, explanationSchema } from "./explained.ts";
import type { FacetName } from "./fact.ts";
import { hasObjects, SnapshotError, type StoredSnapshot } from "./file.ts";
import { sideIn } from "./in-facets.ts";
import { schemaSnapshot } from "./read.ts";
import { type Between, type Refined, refine } from "./refine.ts";
import { seenSchema } from "./seen.ts";
import { type Snapshot, sizeOf, unreadSchema } from "./snapshot.ts";
import { windowsSchema } from "./windows.ts";

const liveSchema = z.object({
  checksum: z.string(),
  canonical: z.int(),
  takenAt: z.string(),
  /** Objects read. */
  objects: z.int(),
  unread: z.array(unreadSchema),
  unmodelled: z.record(z.string(), z.int()),
  systemIdentifier: z.string().nullable(),
  /** How the catalogs stood, where that is known. */
  seen: seenSchema.optional(),
  /** Of so many relations, functions and domains so many were read; the others did not move. */
  readAgain: z.object({ units: z.int(), of: z.int() }).optional(),
  /** It was not read now, as no catalog has changed since `seen.at`. */
  isUnchanged: z.literal(true).optional(),
  /** Before the schema was read: what came meanwhile is told at the next look. */
  trackers: trackersLookSchema,
});

/** What the schema is held against. */
const againstSchema = z.object({
  checksum: z.string(),
  canonical: z.int(),
  at: z.string(),
  by: z.string().optional(),
  why: z.string().optional(),
  /** Where the migration tools stood then; absent where nobody asked. */
  migrations: z.array(trackerHeadSchema).optional(),
});
type Against = z.infer<typeof againstSchema>;

/** The schema held against an earlier one: the differences alone, so that evidence stays small. */
export const comparisonSchema = z.discriminatedUnion("state", [
  z.object({
    state: z.literal("nothing-there"),
    target: z.string(),
    typed: typedSchema.optional(),
    live: liveSchema,
  }),
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
    typed: typedSchema.optional(),
    live: liveSchema,
    against: againstSchema,
    differences: z.array(differenceSchema),
    /** What made itself: counted in the scope, a phrase each. */
    apart: z.array(z.string()),
    /** Definitions that only PostgreSQL's parser could have compared, and it was not at hand. */
    unparsed: z.int().optional(),
    explanation: explanationSchema,
    /** After the schema was read, where something differs. */
    trackers: trackersLookSchema.optional(),
    /** The patterns of schemas that are made alike. */
    tenants: z.array(z.string()).optional(),
    /** How partitions come and go; absent where nothing differs. */
    windows: windowsSchema.optional(),
  }),
]);
export type Comparison = z.infer<typeof comparisonSchema>;

/** What to hold the schema against, and how. */
export interface Anchor {
  /** Says what it is, if anything is there. */
  readonly find: () => Promise<Against | undefined>;
  /** Its objects, asked for only where the checksums differ. */
  readonly load: (checksum: string) => Promise<StoredSnapshot>;
  /** What the migration tools say now. */
  readonly trackers: () => Promise<TrackersLook>;
  /** Schemas that are made alike. */
  readonly tenants?: readonly string[];
  /** Those that are compared; all of them where this is absent. */
  readonly facets?: readonly FacetName[];
  /** Asked for only where something differs. */
  readonly between: () => Promise<Between>;
}

export async function compare(context: ReadContext, anchor: Anchor): Promise<Comparison> {
  const target = sayTarget(context.target);
  const typed = context.typed === undefined ? {} : { typed: context.typed };
  const before = await anchor.trackers();
  const answer = await context.read(schemaSnapshot);
  if (answer.state === "changing") return { ...answer, target };
  const { snapshot } = answer;
  const live = aboutLive(snapshot, before);
  try {
    const against = await anchor.find();
    if (against === undefined) return { state: "nothing-there", target, ...typed, live };
    const held = await differencesTo(snapshot, against, anchor);
    const { differences, apart, unparsed, windows } = held;
    // What is in the schema may be of a migration that ended while we read it.
    const now = differences.length > 0 ? await anchor.trackers() : before;
    const explanation = explain(against.migrations, now);
    return {
      state: "compared",
      target,
      ...typed,
      live,
      against,
      differences: [...differences],
      apart: [...apart],
      ...(unparsed === undefined ? {} : { unparsed }),
      explanation,
      ...(now === before ? {} : { trackers: now }),
      ...(anchor.tenants?.length ? { tenants: [...anchor.tenants] } : {}),
      ...(windows === undefined ? {} : { windows }),
    };
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

const aboutLive = (snapshot: Snapshot, trackers: TrackersLook): z.infer<typeof liveSchema> => ({
  checksum: snapshot.tree.checksum,
  canonical: snapshot.canonical,
  takenAt: snapshot.takenAt,
  objects: sizeOf(snapshot),
  unread: [...snapshot.unread],
  unmodelled: snapshot.unmodelled,
  systemIdentifier: snapshot.server.systemIdentifier,
  ...(snapshot.seen === undefined ? {} : { seen: snapshot.seen }),
  ...(snapshot.readAgain === undefined ? {} : { readAgain: snapshot.readAgain }),
  ...(snapshot.isUnchanged === undefined ? {} : { isUnchanged: snapshot.isUnchanged }),
  trackers,
});

async function differencesTo(
  snapshot: Snapshot,
  against: Against,
  { load, facets, tenants, between }: Anchor,
): Promise<Refined & { readonly unparsed?: number | undefined }> {
  if (against.checksum === snapshot.tree.checksum) return { differences: [], apart: [] };
  const stored = await load(against.checksum);
  if (!hasObjects(stored)) {
    throw new SnapshotError(
      `the snapshot ${against.checksum} is a seal without its objects`,
      "Seal a whole snapshot to be told what differs.",
    );
  }
  const [before, after] = [sideIn(stored, facets), sideIn(snapshot, facets)];
  const { differences, alike } = await differencesBetween(before, after);
  const settings = { tenants, between: await between() };
  const { apart, ...refined } = refine(differences, { before, after }, settings);
  const said = [...apart, ...sayPrinted(alike, before, after)];
  return { ...refined, apart: said, unparsed: alike.unparsed };
}

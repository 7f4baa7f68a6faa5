import * as z from "zod";
import { canonicalVersion, type Fact } from "./fact.ts";
import { treeOf, treeSchema } from "./tree.ts";

/** An object that could not be read: unknown, never a difference. */
export const unreadSchema = z.object({
  kind: z.string(),
  identity: z.string(),
  cause: z.enum(["lock", "timeout", "error"]),
});
export type Unread = z.infer<typeof unreadSchema>;

/** What is said of a snapshot; small, whatever the size of the schema. */
export const headSchema = z.object({
  canonical: z.int(),
  /** Was every object read that the snapshot models? */
  complete: z.boolean(),
  unread: z.array(unreadSchema),
  /** Objects a kind that no extractor reads: counted, so that they are not silently equal. */
  unmodelled: z.record(z.string(), z.int()),
  /** Objects a kind. */
  counts: z.record(z.string(), z.int()),
  server: z.object({
    version: z.string(),
    versionNum: z.int(),
    systemIdentifier: z.string().nullable(),
    database: z.string(),
  }),
  takenAt: z.string(),
  tree: treeSchema,
});
export type SnapshotHead = z.infer<typeof headSchema>;

/** The canonical schema of a target: its objects, in the order of `byPlace`. */
export interface Snapshot extends SnapshotHead {
  readonly facts: readonly Fact[];
}

export function snapshotOf(
  sorted: readonly Fact[],
  about: Pick<SnapshotHead, "unread" | "unmodelled" | "server" | "takenAt">,
): Snapshot {
  const counts: Record<string, number> = {};
  for (const { kind } of sorted) counts[kind] = (counts[kind] ?? 0) + 1;
  return {
    canonical: canonicalVersion,
    complete: about.unread.length === 0,
    ...about,
    counts,
    tree: treeOf(
      sorted,
      about.unread.map(({ kind, identity }) => `${kind} ${identity}`),
    ),
    facts: sorted,
  };
}

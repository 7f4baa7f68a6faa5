import * as z from "zod";
import { procedure } from "../core/read.ts";
import type { Snapshot } from "./snapshot.ts";
import { SchemaChanging, takeSnapshot } from "./take.ts";

export type SnapshotAnswer =
  | { readonly state: "taken"; readonly snapshot: Snapshot }
  | { readonly state: "changing"; readonly reason: string };

/**
 * The schema of the target, read once a run. It is no evidence of any check, but what comparisons
 * are made from: it is large, and kept by its checksum.
 */
export const schemaSnapshot = procedure({
  id: "schema-snapshot",
  // We made it ourselves a moment ago; every row in it was held against its schema then.
  result: z.custom<SnapshotAnswer>((value) => typeof value === "object" && value !== null),
  async run(context): Promise<SnapshotAnswer> {
    try {
      return { state: "taken", snapshot: await takeSnapshot(context) };
    } catch (error) {
      if (error instanceof SchemaChanging) return { state: "changing", reason: error.message };
      throw error;
    }
  },
});

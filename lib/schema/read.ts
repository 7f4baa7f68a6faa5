import * as z from "zod";
import { procedure, type ReadContext } from "../core/read.ts";
import { SnapshotError } from "./file.ts";
import { remembersSnapshot } from "./last-look.ts";
import { lastSeen } from "./seen.ts";
import type { Snapshot } from "./snapshot.ts";
import { lastReading } from "./standing.ts";
import { loadSnapshot } from "./stored.ts";
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
      const known = (token: string) => unchangedSince(token, context);
      const { session, server, store, target } = context;
      const last = store === undefined ? {} : { last: () => lastReading(store, target, server) };
      return { state: "taken", snapshot: await takeSnapshot({ session, server, known, ...last }) };
    } catch (error) {
      if (error instanceof SchemaChanging) return { state: "changing", reason: error.message };
      throw error;
    }
  },
});

/** The last snapshot of this target, if the catalogs stand as they did then, and it is still there. */
async function unchangedSince(
  token: string,
  { store, past, server }: ReadContext,
): Promise<Snapshot | undefined> {
  const last = lastSeen(past(remembersSnapshot)?.memory, server.now);
  if (store === undefined || last?.seen.token !== token) return undefined;
  try {
    const stored = await loadSnapshot(store, last.checksum);
    const { version, versionNum, systemIdentifier, database } = server;
    // Stored by whoever had this schema first: whose it is now, and when, is ours to say.
    return Object.defineProperties(stored, {
      server: { value: { version, versionNum, systemIdentifier, database }, enumerable: true },
      takenAt: { value: server.now, enumerable: true },
      unmodelled: { value: last.seen.unmodelled, enumerable: true },
      seen: { value: last.seen, enumerable: true },
      isUnchanged: { value: true, enumerable: true },
    });
  } catch (error) {
    if (error instanceof SnapshotError) return undefined;
    throw error;
  }
}

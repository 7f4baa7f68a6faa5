import * as z from "zod";
import { encode, readDocument, UnreadableDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import type { Server } from "../core/server.ts";
import { type Target, targetKey } from "../core/target.ts";
import { SnapshotError } from "./file.ts";
import { objectsOf } from "./kept.ts";
import type { LastReading } from "./moved.ts";
import { boundTo, isRecent } from "./seen.ts";
import type { Snapshot } from "./snapshot.ts";
import { loadSnapshot } from "./stored.ts";

/** `seen/v1/E/T.json.gz`: how each object stood when the last snapshot of a target was taken. */
const keyOf = (target: Target): string => `seen/v1/${targetKey(target)}.json.gz`;

const document = z.object({
  schemaVersion: z.literal(1),
  /** Whom the catalogs were asked of, by whom and for what. */
  bound: z.string(),
  /** Of the snapshot. */
  checksum: z.string(),
  /** When all of it was read, by the server's clock. */
  at: z.string(),
  kinds: z.array(z.string()),
  token: z.array(z.object({ catalog: z.string(), hash: z.string().nullable() })),
  names: z.string(),
  newest: z.int(),
  members: z.string(),
  oids: z.array(z.int()),
  hashes: z.array(z.string()),
});

/** Keeps how all stood; the snapshot itself must be in the store already. */
export async function keepStanding(
  store: Store,
  target: Target,
  { standing, tree }: Pick<Snapshot, "standing" | "tree">,
): Promise<void> {
  if (standing === undefined) return;
  const { bound, since, kinds, owners, token, names, newest, members } = standing;
  const key = keyOf(target);
  const said: z.infer<typeof document> = {
    schemaVersion: 1,
    ...{ bound, checksum: tree.checksum, at: since, kinds: [...kinds], token: [...token] },
    ...{ names, newest, members, oids: [...owners.keys()], hashes: [...owners.values()] },
  };
  await store.put(key, await encode(key, said));
}

/** What is there to begin from, if it is of this server and role, and still to be trusted. */
export async function lastReading(
  store: Store,
  target: Target,
  server: Server,
): Promise<LastReading | undefined> {
  const bound = boundTo(server);
  const stored = await readDocument(store, keyOf(target), document).catch(unreadable);
  if (bound === undefined || stored?.document.bound !== bound) return undefined;
  const { at, checksum, kinds, oids, hashes, token, names, newest, members } = stored.document;
  if (!isRecent(at, server.now) || oids.length !== hashes.length) return undefined;
  return {
    since: at,
    kinds,
    standing: {
      ...{ token, names, newest, members },
      owners: new Map(oids.map((oid, place) => [oid, hashes[place] ?? ""])),
    },
    objects: () => loadSnapshot(store, checksum).then(objectsOf, unreadable),
  };
}

/** Then all is read again. */
function unreadable(error: unknown): undefined {
  if (error instanceof SnapshotError || error instanceof UnreadableDocument) return undefined;
  throw error;
}

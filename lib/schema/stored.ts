import type { Store } from "../core/ports.ts";
import { SnapshotError } from "./file.ts";
import { hexOf } from "./hash.ts";
import { pack, unpack } from "./members.ts";
import type { Snapshot } from "./snapshot.ts";

/** Where the snapshot with that checksum is: once, whoever took it. */
export const snapshotKey = (checksum: string): string => {
  const hex = hexOf(checksum);
  if (hex === undefined) {
    throw new SnapshotError(
      `${checksum} is no checksum`,
      "One reads sha256: and 64 hexadecimal digits.",
    );
  }
  return `snapshots/v1/${hex}.json.gz`;
};

/** Keeps the objects of a snapshot, if nobody did so before. */
export async function keepSnapshot(store: Store, snapshot: Snapshot): Promise<void> {
  const key = snapshotKey(snapshot.tree.checksum);
  if ((await store.list(key)).length > 0) return;
  await store.put(key, await pack(snapshot), "absent");
}

/**
 * Its objects are unpacked when somebody asks for them, a segment at a time.
 *
 * @throws SnapshotError where it is not there, damaged, or of another canonical version; so do its
 *   objects where they are damaged
 */
export async function loadSnapshot(store: Store, checksum: string): Promise<Snapshot> {
  const key = snapshotKey(checksum);
  const place = `${store.place}/${key}`;
  const stored = await store.get(key);
  if (stored === undefined) {
    throw new SnapshotError(`${place} is not there`, "Take the snapshot again, and seal that.");
  }
  const snapshot = await unpack(stored.body, place);
  if (snapshot.tree.checksum === checksum) return snapshot;
  throw new SnapshotError(
    `${place} is another snapshot than its name says (${snapshot.tree.checksum})`,
    "Delete it, and take the snapshot again.",
  );
}

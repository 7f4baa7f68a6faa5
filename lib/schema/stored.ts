import type { Store } from "../core/ports.ts";
import {
  pack,
  readSnapshot,
  SnapshotError,
  type StoredSnapshot,
  snapshotTexts,
  unpack,
} from "./file.ts";
import { hexOf } from "./hash.ts";
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
  await store.put(key, await pack(snapshotTexts(snapshot)), "absent");
}

/** @throws SnapshotError where it is not there, damaged, or of another canonical version */
export async function loadSnapshot(store: Store, checksum: string): Promise<StoredSnapshot> {
  const key = snapshotKey(checksum);
  const place = `${store.place}/${key}`;
  const stored = await store.get(key);
  if (stored === undefined) {
    throw new SnapshotError(`${place} is not there`, "Take the snapshot again, and seal that.");
  }
  const snapshot = readSnapshot(await unpack(stored.body, place), place);
  if (snapshot.tree.checksum !== checksum) {
    throw new SnapshotError(
      `${place} is another snapshot than its name says (${snapshot.tree.checksum})`,
      "Delete it, and take the snapshot again.",
    );
  }
  return snapshot;
}

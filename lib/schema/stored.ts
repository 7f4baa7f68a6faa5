import type { Store } from "../core/ports.ts";
import {
  pack,
  readHead,
  readSnapshot,
  SnapshotError,
  type StoredSnapshot,
  snapshotTexts,
  unpack,
} from "./file.ts";
import { hexOf } from "./hash.ts";
import type { Snapshot, SnapshotHead } from "./snapshot.ts";

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
  const { body, place } = await find(store, checksum);
  return whole(body, place, checksum);
}

/**
 * The same, but for its objects, which are unpacked when somebody asks for them.
 *
 * @throws SnapshotError as loadSnapshot does; `facts` may throw one too
 */
export async function openSnapshot(store: Store, checksum: string): Promise<Snapshot> {
  const { body, place } = await find(store, checksum);
  const head = await readHead(body, place);
  if (head.tree.checksum !== checksum) throw another(place, head);
  let facts: Snapshot["facts"] | undefined;
  return {
    ...head,
    get facts() {
      facts ??= whole(body, place, checksum).facts ?? [];
      return facts;
    },
  };
}

async function find(store: Store, checksum: string) {
  const key = snapshotKey(checksum);
  const place = `${store.place}/${key}`;
  const stored = await store.get(key);
  if (stored !== undefined) return { body: stored.body, place };
  throw new SnapshotError(`${place} is not there`, "Take the snapshot again, and seal that.");
}

function whole(body: Uint8Array, place: string, checksum: string): StoredSnapshot {
  const snapshot = readSnapshot(unpack(body, place), place);
  if (snapshot.tree.checksum !== checksum) throw another(place, snapshot);
  return snapshot;
}

const another = (place: string, { tree }: SnapshotHead) =>
  new SnapshotError(
    `${place} is another snapshot than its name says (${tree.checksum})`,
    "Delete it, and take the snapshot again.",
  );

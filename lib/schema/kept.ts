import { SnapshotError } from "./file.ts";
import { eachWritten, type KeptObject, readLine } from "./line.ts";
import type { Segment } from "./segment.ts";
import type { Snapshot } from "./snapshot.ts";
import { SegmentHash } from "./tree.ts";

/**
 * The objects of a snapshot, as they are needed to put them into the next one: in order, a segment
 * at a time, each held against its checksum before any of it is given.
 *
 * @throws SnapshotError, while they are taken, where it is damaged
 */
export function* objectsOf(
  snapshot: Pick<Snapshot, "segments" | "facts">,
): Generator<KeptObject, undefined> {
  if (snapshot.segments === undefined) {
    return yield* eachWritten(snapshot.facts);
  }
  for (const segment of snapshot.segments) yield* verified(segment);
}

function verified({ checksum, lines }: Segment): readonly KeptObject[] {
  const hash = new SegmentHash();
  const objects = readLines(Buffer.from(lines()), checksum);
  for (const { written } of objects) hash.add(written);
  if (hash.checksum() === checksum) return objects;
  throw damaged(checksum);
}

function readLines(bytes: Buffer, checksum: string): readonly KeptObject[] {
  const objects: KeptObject[] = [];
  try {
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf("\n", start);
      objects.push(readLine(bytes, start, end < 0 ? bytes.length : end));
      start = end < 0 ? bytes.length : end + 1;
    }
    return objects;
  } catch (cause) {
    throw damaged(checksum, cause);
  }
}

const damaged = (checksum: string, cause?: unknown) =>
  new SnapshotError(
    `a segment of the last snapshot does not have its checksum ${checksum}`,
    "Take the snapshot again.",
    { cause },
  );

import { SnapshotError } from "./file.ts";
import { RunningHash } from "./hash.ts";
import { type KeptObject, readLine, write } from "./line.ts";
import type { Segment } from "./segment.ts";
import type { Snapshot } from "./snapshot.ts";

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
    for (const fact of snapshot.facts) yield { about: fact, written: write(fact) };
    return;
  }
  for (const segment of snapshot.segments) yield* verified(segment);
}

function verified({ checksum, lines }: Segment): readonly KeptObject[] {
  const hash = new RunningHash(["segment"]);
  const objects = readLines(lines(), checksum);
  for (const { written } of objects) hash.add(written.hashed);
  if (hash.checksum() === checksum) return objects;
  throw damaged(checksum);
}

function readLines(text: string, checksum: string): readonly KeptObject[] {
  try {
    return text.slice(0, -1).split("\n").map(readLine);
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

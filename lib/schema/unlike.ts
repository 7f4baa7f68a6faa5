import type { Compared } from "./diff.ts";
import type { Fact } from "./fact.ts";

/**
 * The two sides without the segments that both have: what is in those is equal, and is not even
 * unpacked. Where a side is not in segments, all of both.
 */
export function unlikeSegments<S extends Compared>(
  before: S,
  after: S,
): readonly [Compared, Compared] {
  const [old, now] = [before.segments, after.segments];
  if (old === undefined || now === undefined) return [before, after];
  return [without(before, old, now), without(after, now, old)];
}

function without(
  { unread }: Compared,
  own: NonNullable<Compared["segments"]>,
  others: NonNullable<Compared["segments"]>,
): Compared {
  const alike = new Set(others.map(({ checksum }) => checksum));
  const facts = own.flatMap((one) => (alike.has(one.checksum) ? [] : one.facts()));
  return { facts, unread };
}

/** All facts of a side, in order, no more of them unpacked than a segment at a time. */
export function* eachFact(side: Compared): Generator<Fact> {
  if (side.segments === undefined) yield* side.facts;
  else for (const segment of side.segments) yield* segment.facts();
}

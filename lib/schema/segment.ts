import type { Fact } from "./fact.ts";
import type { Written } from "./line.ts";

/**
 * Some objects that stand one after the other. The hash tree is made of these: where two snapshots
 * have a segment of one checksum, its objects are equal, and nobody has to unpack them.
 */
export interface Segment {
  readonly checksum: string;
  /** As a file has them, each line ended. */
  lines(): string;
  facts(): readonly Fact[];
}

/** Objects a segment, in the mean. */
const usual = 256;
/** Bytes after which one ends in any case: of definitions there are long ones. */
const longest = 131_072;

/**
 * Says where segments end: after an object whose name has a certain hash. So an object that comes or
 * goes moves no end but its own, and a change in one segment leaves the others as they were.
 */
export class Cuts {
  #length = 0;

  endsWith({ bytes, start, named, facets, end }: Written): boolean {
    this.#length += named - start + end - facets;
    const isEnd = this.#length >= longest || nameHash(bytes, start, named) % usual === 0;
    if (isEnd) this.#length = 0;
    return isEnd;
  }
}

/** FNV-1a: cheap, and no secret. */
function nameHash(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

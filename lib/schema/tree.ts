import * as z from "zod";
import {
  type About,
  byPlace,
  byText,
  canonicalVersion,
  type Fact,
  facetNameSchema,
  facetNames,
} from "./fact.ts";
import { RunningHash } from "./hash.ts";
import { eachWritten, type Written } from "./line.ts";
import { Cuts } from "./segment.ts";

/**
 * The hash tree: objects below, then their segment, root. Two snapshots are compared by descending
 * where it differs. A checksum a facet stands under the same root.
 */
export const treeSchema = z.object({
  checksum: z.string(),
  segments: z.array(z.string()),
  /** A checksum a facet, over all objects. */
  facets: z.partialRecord(facetNameSchema, z.string()),
});
export type Tree = z.infer<typeof treeSchema>;

/** Of the objects of one segment, in order: their names and their facets. */
export class SegmentHash {
  readonly #hash = new RunningHash(["segment"]);
  #isEmpty = true;

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  add({ bytes, start, named, facets, end }: Written): void {
    this.#isEmpty = false;
    this.#hash.add(bytes, start, named);
    this.#hash.add(bytes, facets, end);
  }

  /** Ends it; what comes next is in another segment. */
  checksum(): string {
    this.#isEmpty = true;
    return this.#hash.checksum();
  }
}

/** The tree of facts that come one by one. */
export class GrowingTree {
  readonly #facets = new Map(facetNames.map((name) => [name, new RunningHash(["facet", name])]));
  readonly #cuts = new Cuts();
  readonly #segment = new SegmentHash();
  readonly #segments: string[] = [];
  readonly #counts = new Map<string, number>();
  #last: About | undefined;

  /** Objects a kind. */
  get counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => byText(a, b)));
  }

  /**
   * @param fact after every other that stands before it: the order of `byPlace`
   * @returns is it the last one of its segment?
   */
  add(fact: About, written: Written): boolean {
    if (this.#last !== undefined && byPlace(this.#last, fact) > 0) {
      throw new Error(`${fact.kind} ${fact.identity} stands before ${this.#last.identity}`);
    }
    this.#last = fact;
    this.#counts.set(fact.kind, (this.#counts.get(fact.kind) ?? 0) + 1);
    const { bytes, start, named } = written;
    for (const part of written.parts) {
      const hash = this.#facets.get(part.facet);
      hash?.add(bytes, start, named);
      hash?.add(bytes, part.start, part.end);
    }
    this.#segment.add(written);
    const isEnd = this.#cuts.endsWith(written);
    if (isEnd) this.#segments.push(this.#segment.checksum());
    return isEnd;
  }

  /**
   * @param unread keys of what could not be read: an incomplete snapshot never has the checksum of
   *   a complete one
   */
  end(unread: readonly string[]): Tree {
    if (!this.#segment.isEmpty) this.#segments.push(this.#segment.checksum());
    const tree = {
      segments: this.#segments,
      facets: Object.fromEntries([...this.#facets].map(([name, hash]) => [name, hash.checksum()])),
    };
    return { checksum: rootOf(tree, unread), ...tree };
  }
}

/** The checksum of a snapshot, made of what its head says: so a head vouches for itself. */
export function rootOf(
  { segments, facets }: Pick<Tree, "segments" | "facets">,
  unread: readonly string[],
): string {
  const root = new RunningHash(["root", canonicalVersion]);
  root.add(Buffer.from(JSON.stringify([segments, facets, unread.toSorted()])));
  return root.checksum();
}

/** Of the objects of one segment, in order. */
export function segmentChecksum(facts: readonly Fact[]): string {
  const segment = new SegmentHash();
  for (const { written } of eachWritten(facts)) segment.add(written);
  return segment.checksum();
}

/** @param facts in any order */
export function treeOf(facts: readonly Fact[], unread: readonly string[] = []): Tree {
  const tree = new GrowingTree();
  for (const { about, written } of eachWritten(facts.toSorted(byPlace))) tree.add(about, written);
  return tree.end(unread);
}

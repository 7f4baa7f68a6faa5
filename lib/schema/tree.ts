import * as z from "zod";
import {
  type About,
  byPlace,
  canonicalVersion,
  type Fact,
  facetNameSchema,
  facetNames,
} from "./fact.ts";
import { RunningHash } from "./hash.ts";
import { type Written, write } from "./line.ts";
import { Cuts } from "./segment.ts";

const branchSchema = z.object({
  /** A name, which may be __proto__; "" for the objects that are in no schema. */
  schema: z.string(),
  checksum: z.string(),
  kinds: z.record(z.string(), z.object({ checksum: z.string(), count: z.int() })),
});

/**
 * The hash tree: objects below, then their segment, root. Two snapshots are compared by descending
 * where it differs. A checksum a facet stands under the same root; those a schema and kind are for
 * people to look at.
 */
export const treeSchema = z.object({
  checksum: z.string(),
  segments: z.array(z.string()),
  /** A checksum a facet, over all objects. */
  facets: z.partialRecord(facetNameSchema, z.string()),
  schemas: z.array(branchSchema),
});
export type Tree = z.infer<typeof treeSchema>;

interface Level {
  readonly hash: RunningHash;
  count: number;
}

/** The tree of facts that come one by one: only the schema that they are in is kept open. */
export class GrowingTree {
  readonly #facets = new Map(facetNames.map((name) => [name, new RunningHash(["facet", name])]));
  readonly #schemas: Tree["schemas"] = [];
  readonly #cuts = new Cuts();
  readonly #segments: string[] = [];
  #segment: RunningHash | undefined;
  readonly counts: Record<string, number> = {};
  #schema: string | undefined;
  #kinds = new Map<string, Level>();
  #last: About | undefined;

  /**
   * @param fact after every other that stands before it: the order of `byPlace`
   * @returns is it the last one of its segment?
   */
  add(fact: About, { hashed, facets }: Written): boolean {
    if (this.#last !== undefined && byPlace(this.#last, fact) > 0) {
      throw new Error(`${fact.kind} ${fact.identity} stands before ${this.#last.identity}`);
    }
    this.#last = fact;
    const schema = fact.schema ?? "";
    if (schema !== this.#schema) this.#close();
    this.#schema = schema;
    const level = this.#kinds.get(fact.kind) ?? {
      hash: new RunningHash(["kind", fact.kind]),
      count: 0,
    };
    if (level.count === 0) this.#kinds.set(fact.kind, level);
    level.count += 1;
    level.hash.add(hashed);
    for (const [name, text] of facets) this.#facets.get(name)?.add(text);
    this.#segment ??= new RunningHash(["segment"]);
    this.#segment.add(hashed);
    const isEnd = this.#cuts.endsWith(fact, hashed);
    if (isEnd) this.#endSegment();
    return isEnd;
  }

  /**
   * @param unread keys of what could not be read: an incomplete snapshot never has the checksum of
   *   a complete one
   */
  end(unread: readonly string[]): Tree {
    this.#close();
    this.#endSegment();
    const tree = {
      segments: this.#segments,
      facets: Object.fromEntries([...this.#facets].map(([name, hash]) => [name, hash.checksum()])),
      schemas: this.#schemas,
    };
    return { checksum: rootOf(tree, unread), ...tree };
  }

  #endSegment(): void {
    if (this.#segment === undefined) return;
    this.#segments.push(this.#segment.checksum());
    this.#segment = undefined;
  }

  #close(): void {
    if (this.#schema === undefined) return;
    const branch = new RunningHash(["schema", this.#schema]);
    const kinds: Tree["schemas"][number]["kinds"] = {};
    for (const [kind, { hash, count }] of [...this.#kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const checksum = hash.checksum();
      branch.add(checksum);
      kinds[kind] = { checksum, count };
      this.counts[kind] = (this.counts[kind] ?? 0) + count;
    }
    this.#schemas.push({ schema: this.#schema, checksum: branch.checksum(), kinds });
    this.#kinds = new Map();
  }
}

/** The checksum of a snapshot, made of what its head says: so a head vouches for itself. */
export function rootOf(
  { segments, facets }: Pick<Tree, "segments" | "facets">,
  unread: readonly string[],
): string {
  const root = new RunningHash(["root", canonicalVersion]);
  root.add(JSON.stringify([segments, facets, unread.toSorted()]));
  return root.checksum();
}

/** Of the objects of one segment, in order. */
export function segmentChecksum(facts: readonly Fact[]): string {
  const segment = new RunningHash(["segment"]);
  for (const fact of facts) segment.add(write(fact).hashed);
  return segment.checksum();
}

/** @param facts in any order */
export function treeOf(facts: readonly Fact[], unread: readonly string[] = []): Tree {
  const tree = new GrowingTree();
  for (const fact of facts.toSorted(byPlace)) tree.add(fact, write(fact));
  return tree.end(unread);
}

import * as z from "zod";
import { byPlace, canonicalVersion, type Fact, facetNameSchema, facetNames } from "./fact.ts";
import { RunningHash } from "./hash.ts";
import { type Written, write } from "./line.ts";

const branchSchema = z.object({
  checksum: z.string(),
  kinds: z.record(z.string(), z.object({ checksum: z.string(), count: z.int() })),
});

/**
 * The hash tree: objects below, then kind, schema, root. Two snapshots are compared by descending
 * where it differs. Objects that are in no schema stand under "".
 */
export const treeSchema = z.object({
  checksum: z.string(),
  /** A checksum a facet, over all objects. */
  facets: z.partialRecord(facetNameSchema, z.string()),
  schemas: z.record(z.string(), branchSchema),
});
export type Tree = z.infer<typeof treeSchema>;

interface Level {
  readonly hash: RunningHash;
  count: number;
}

/** The tree of facts that come one by one: only the schema that they are in is kept open. */
export class GrowingTree {
  readonly #facets = new Map(facetNames.map((name) => [name, new RunningHash(["facet", name])]));
  readonly #schemas: Tree["schemas"] = {};
  readonly counts: Record<string, number> = {};
  #schema: string | undefined;
  #kinds = new Map<string, Level>();
  #last: Fact | undefined;

  /** @param fact after every other that stands before it: the order of `byPlace` */
  add(fact: Fact, { hashed, facets }: Written): void {
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
  }

  /**
   * @param unread keys of what could not be read: an incomplete snapshot never has the checksum of
   *   a complete one
   */
  end(unread: readonly string[]): Tree {
    this.#close();
    const root = new RunningHash(["root", canonicalVersion]);
    for (const { checksum } of Object.values(this.#schemas)) root.add(checksum);
    root.add(JSON.stringify(unread.toSorted()));
    return {
      checksum: root.checksum(),
      facets: Object.fromEntries([...this.#facets].map(([name, hash]) => [name, hash.checksum()])),
      schemas: this.#schemas,
    };
  }

  #close(): void {
    if (this.#schema === undefined) return;
    const branch = new RunningHash(["schema", this.#schema]);
    const kinds: Tree["schemas"][string]["kinds"] = {};
    for (const [kind, { hash, count }] of [...this.#kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const checksum = hash.checksum();
      branch.add(checksum);
      kinds[kind] = { checksum, count };
      this.counts[kind] = (this.counts[kind] ?? 0) + count;
    }
    this.#schemas[this.#schema] = { checksum: branch.checksum(), kinds };
    this.#kinds = new Map();
  }
}

/** @param facts in any order */
export function treeOf(facts: readonly Fact[], unread: readonly string[] = []): Tree {
  const tree = new GrowingTree();
  for (const fact of facts.toSorted(byPlace)) tree.add(fact, write(fact));
  return tree.end(unread);
}

import * as z from "zod";
import { byPlace, canonicalVersion, type Fact, facetNameSchema, facetNames } from "./fact.ts";
import { canonicalJson, sayChecksum, sha256 } from "./hash.ts";

const branchSchema = z.object({
  checksum: z.string(),
  kinds: z.record(z.string(), z.object({ checksum: z.string(), count: z.int() })),
});

/**
 * The upper part of the hash tree: facet and object below, then kind, schema, root. Two snapshots
 * are compared by descending where it differs. Objects that are in no schema stand under "".
 */
export const treeSchema = z.object({
  checksum: z.string(),
  /** A checksum a facet, over all objects. */
  facets: z.partialRecord(facetNameSchema, z.string()),
  schemas: z.record(z.string(), branchSchema),
});
export type Tree = z.infer<typeof treeSchema>;

/** Every text is hashed under a word that says what it is, as JSON, so that no two can meet. */
const hashOf = (what: string, parts: readonly (string | number)[]): string =>
  sha256(canonicalJson([what, ...parts]));

/** A hash that says nothing of what it stands on until `sum()`. */
class Level {
  readonly #what: string;
  readonly #parts: (string | number)[];
  constructor(what: string, ...parts: (string | number)[]) {
    this.#what = what;
    this.#parts = parts;
  }
  add(...parts: string[]): void {
    this.#parts.push(...parts);
  }
  sum(): string {
    return hashOf(this.#what, this.#parts);
  }
}

/**
 * @param facts in any order
 * @param unread keys of what could not be read: an incomplete snapshot never has the checksum of a
 *   complete one
 */
export function treeOf(facts: readonly Fact[], unread: readonly string[] = []): Tree {
  const facets = new Map(facetNames.map((name) => [name, new Level("facet", name)]));
  const schemas: Tree["schemas"] = {};
  const sorted = facts.toSorted(byPlace);
  for (const [schema, ofSchema] of Map.groupBy(sorted, (fact) => fact.schema ?? "")) {
    const kinds: Tree["schemas"][string]["kinds"] = {};
    const branch = new Level("schema", schema);
    for (const [kind, ofKind] of Map.groupBy(ofSchema, (fact) => fact.kind)) {
      const level = new Level("kind", kind);
      for (const fact of ofKind) level.add(objectHash(fact, facets));
      kinds[kind] = { checksum: sayChecksum(level.sum()), count: ofKind.length };
      branch.add(kinds[kind].checksum);
    }
    schemas[schema] = { checksum: sayChecksum(branch.sum()), kinds };
  }
  const root = new Level("root", canonicalVersion);
  for (const { checksum } of Object.values(schemas)) root.add(checksum);
  for (const key of [...unread].sort()) root.add("unread", key);
  return {
    checksum: sayChecksum(root.sum()),
    facets: Object.fromEntries(
      [...facets].map(([name, level]) => [name, sayChecksum(level.sum())]),
    ),
    schemas,
  };
}

/** Of an object: its name, and each of its facets' hashes, which also go into their facet's own. */
function objectHash(fact: Fact, levels: ReadonlyMap<string, Level>): string {
  const object = new Level("object", fact.kind, fact.identity);
  for (const name of facetNames) {
    const facet = fact.facets[name];
    if (facet === undefined) continue;
    const sum = sha256(canonicalJson(facet));
    object.add(name, sum);
    levels.get(name)?.add(fact.kind, fact.identity, sum);
  }
  return object.sum();
}

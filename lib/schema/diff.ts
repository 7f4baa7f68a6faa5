import * as z from "zod";
import {
  byName,
  byPlace,
  type FacetName,
  type Fact,
  facetNameSchema,
  facetNames,
  factSchema,
  keyOf,
} from "./fact.ts";
import { fold } from "./fold.ts";
import { canonicalJson } from "./hash.ts";
import type { Segment } from "./segment.ts";
import type { Unread } from "./snapshot.ts";

/** One attribute of one facet that is not the same; null where it is as usual, or not there. */
const attributeChangeSchema = z.object({
  facet: facetNameSchema,
  attribute: z.string(),
  before: z.json(),
  after: z.json(),
});
export type AttributeChange = z.infer<typeof attributeChangeSchema>;

/** What came with it, by name: the columns of a new table, the index of a dropped constraint. */
const consequenceSchema = z.object({
  change: z.enum(["added", "removed", "changed"]),
  kind: z.string(),
  identity: z.string(),
});

export const differenceSchema = z.object({
  change: z.enum(["added", "removed", "changed"]),
  kind: z.string(),
  identity: z.string(),
  before: factSchema.nullable(),
  after: factSchema.nullable(),
  attributes: z.array(attributeChangeSchema),
  consequences: z.array(consequenceSchema),
  /** The removed object that an added one may be, or the other way round. */
  looksLike: z.string().optional(),
  /** Only most of its columns are the same. */
  isLikeInMost: z.literal(true).optional(),
  /** In how many of the schemas that are made alike, and where it is not. */
  tenants: z
    .object({
      pattern: z.string(),
      count: z.int(),
      of: z.int(),
      /** The first few by name. */
      some: z.array(z.string()),
    })
    .optional(),
});
export type Difference = z.infer<typeof differenceSchema>;

/** A side of a comparison. */
export interface Compared {
  /** In the order of `byPlace`. */
  readonly facts: readonly Fact[];
  readonly unread: readonly Pick<Unread, "kind" | "identity">[];
  /** The same facts, where they are at hand in parts. */
  readonly segments?: readonly Pick<Segment, "checksum" | "facts">[] | undefined;
}

/** Do both values of an attribute say the same of an object, differently printed as they are? */
export type SaysTheSame = (now: Fact, change: AttributeChange) => boolean;

/**
 * What is different, an object at a time. It knows facets, and no kind of object. What either side
 * could not read is unknown, and so no difference.
 *
 * @param saysTheSame asked about each attribute that is not equal
 * @returns in the order of the objects
 */
export function diff(
  before: Compared,
  after: Compared,
  saysTheSame: SaysTheSame = () => false,
): readonly Difference[] {
  const unknown = new Set([...before.unread, ...after.unread].map(keyOf));
  const isUnknown = (fact: Fact): boolean =>
    unknown.has(keyOf(fact)) || (fact.partOf?.some((key) => unknown.has(key)) ?? false);
  const differences: Difference[] = [];
  for (const [old, now] of sameNamed(pairs(before.facts, after.facts))) {
    const fact = now ?? old;
    if (fact === undefined || isUnknown(fact) || (old !== undefined && isUnknown(old))) continue;
    const attributes = changesBetween(old, now).filter((change) => !saysTheSame(fact, change));
    if (attributes.length === 0 && old !== undefined && now !== undefined) continue;
    differences.push({
      change: old === undefined ? "added" : now === undefined ? "removed" : "changed",
      kind: fact.kind,
      identity: fact.identity,
      before: old ?? null,
      after: now ?? null,
      attributes: [...attributes],
      consequences: [],
    });
  }
  return fold(differences.sort(inNames));
}

const inNames = (a: Difference, b: Difference): number => byName(nameOf(a), nameOf(b));

const nameOf = ({ before, after, kind, identity }: Difference) => ({
  kind,
  identity,
  schema: (after ?? before)?.schema,
});

/** What stands under another object now is still what it is called: an index of another table. */
function* sameNamed(
  some: Iterable<readonly [Fact | undefined, Fact | undefined]>,
): Generator<readonly [Fact | undefined, Fact | undefined]> {
  const [gone, come] = [new Map<string, Fact>(), new Map<string, Fact>()];
  for (const pair of some) {
    const [old, now] = pair;
    if (old !== undefined && now !== undefined) yield pair;
    else if (old !== undefined) gone.set(keyOf(old), old);
    else if (now !== undefined) come.set(keyOf(now), now);
  }
  for (const [key, old] of gone) yield [old, come.get(key)];
  for (const [key, now] of come) if (!gone.has(key)) yield [undefined, now];
}

/** Both lists in step, as they are sorted alike. */
function* pairs(
  before: readonly Fact[],
  after: readonly Fact[],
): Generator<readonly [Fact | undefined, Fact | undefined]> {
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    const order = old === undefined ? 1 : now === undefined ? -1 : byPlace(old, now);
    yield [order <= 0 ? old : undefined, order >= 0 ? now : undefined];
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
}

function changesBetween(old: Fact | undefined, now: Fact | undefined): readonly AttributeChange[] {
  if (old === undefined || now === undefined) return [];
  return facetNames.flatMap((facet) => attributesBetween(facet, old, now));
}

function attributesBetween(facet: FacetName, old: Fact, now: Fact): readonly AttributeChange[] {
  const [before = {}, after = {}] = [old.facets[facet], now.facets[facet]];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((attribute) => {
    const [a = null, b = null] = [before[attribute], after[attribute]];
    if (canonicalJson(a) === canonicalJson(b)) return [];
    if (facet === "columnOrder" && sameOrder(a, b)) return [];
    return [{ facet, attribute, before: a, after: b }];
  });
}

/** A member that came or went is told by itself; that its neighbours moved on is no news. */
function sameOrder(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  const [before, after] = [new Set(a), new Set(b)];
  return (
    JSON.stringify(a.filter((member) => after.has(member))) ===
    JSON.stringify(b.filter((member) => before.has(member)))
  );
}

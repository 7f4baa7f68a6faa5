import type { Compared, Difference } from "./diff.ts";
import { type Fact, keyOf } from "./fact.ts";
import { canonicalJson } from "./hash.ts";
import { isOfValues } from "./partition-bound.ts";
import { shapeOfParts } from "./rename.ts";
import { factOf, partitionOf, partsOf } from "./sides.ts";
import { eachFact } from "./unlike.ts";

/** So many of the partitions that were there before say what is usual. */
const asked = 3;

/**
 * Partitions on one side alone that look like their parent, or like the others of it: a table grew,
 * and nobody changed it. Rows of their own kind are none: a DEFAULT partition, or one more of a
 * hash, somebody has decided on, unless what it is a partition of is new as well.
 *
 * @param differences of which `change` makes partitions: "added" of the newer side
 */
export function growthAmong(
  differences: readonly Difference[],
  side: Compared,
  change: "added" | "removed" = "added",
): ReadonlySet<Difference> {
  const tables = differences.filter((one) => one.change === change && partitionOf(factOf(one)));
  const names = new Set(tables.map(keyOf));
  const partitions = tables.filter(
    (one) => names.has(parentKey(one)) || isOfValues(factOf(one)?.facets.inheritance?.bound),
  );
  if (partitions.length === 0) return new Set();
  const parents = new Set(partitions.map(parentKey));
  const wholes = new Map<string, Fact>();
  const others = new Map<string, Fact[]>();
  for (const fact of eachFact(side)) {
    if (parents.has(keyOf(fact))) wholes.set(keyOf(fact), fact);
    const parent = partitionOf(fact);
    if (parent === undefined || names.has(keyOf(fact)) || !parents.has(`table ${parent}`)) continue;
    const some = others.get(parent) ?? [];
    others.set(parent, [...some.slice(1 - asked), fact]);
  }
  const siblings = [...others.values()].flat();
  const parts = partsOf(side, new Set([...names, ...parents, ...siblings.map(keyOf)]));
  const of = (fact: Fact): Look => ({ fact, parts: parts.get(keyOf(fact)) ?? [] });
  return new Set(
    partitions.filter((one) => {
      const fact = factOf(one);
      const parent = wholes.get(parentKey(one));
      if (fact === null || parent === undefined) return false;
      const usual = others.get(partitionOf(fact) ?? "") ?? [];
      return isLike(of(fact), of(parent)) || usual.some((other) => isTwin(of(fact), of(other)));
    }),
  );
}

const parentKey = (one: Difference): string => `table ${partitionOf(factOf(one))}`;

interface Look {
  readonly fact: Fact;
  readonly parts: readonly Fact[];
}

const isLike = (own: Look, parent: Look): boolean =>
  saidOf(own.fact) === saidOf(parent.fact) &&
  own.fact.facets.validity === undefined &&
  haveOneShape(own.parts, parent.parts);

/** Equal but for names: what a job gives to each, its row security, its owner, its own index. */
const isTwin = (own: Look, other: Look): boolean =>
  saidOf(own.fact) === saidOf(other.fact) &&
  own.fact.facets.validity === undefined &&
  shapeOfParts(own.fact, own.parts) === shapeOfParts(other.fact, other.parts);

/** How the two are split, placed and granted is each one's own affair. */
function saidOf({ facets: { structure = {}, ownership = {} } }: Fact): string {
  const { partitionBy: _, ...own } = structure;
  return canonicalJson([own, ownership]);
}

/** Nothing of its own, and nothing that the parent has is missing. */
function haveOneShape(own: readonly Fact[], parents: readonly Fact[]): boolean {
  const leaders = new Map(parents.map((part) => [keyOf(part), part]));
  const followed = new Set<string>();
  for (const part of own) {
    const leader = (part.follows ?? []).find((key) => leaders.has(key));
    const wanted = leader === undefined ? undefined : leaders.get(leader);
    if (leader === undefined || wanted === undefined || !isCopy(part, wanted)) return false;
    followed.add(leader);
  }
  return parents.every((part) => followed.has(keyOf(part)) || !isInherited(part));
}

function isCopy(part: Fact, leader: Fact): boolean {
  const validity = canonicalJson(part.facets.validity ?? {});
  if (validity !== canonicalJson(leader.facets.validity ?? {})) return false;
  return (
    part.kind !== "column" ||
    canonicalJson(part.facets.structure ?? {}) === canonicalJson(leader.facets.structure ?? {})
  );
}

/** PostgreSQL gives a new partition these of its parent, and row triggers; policies it does not. */
const isInherited = ({ kind, facets }: Fact): boolean =>
  kind === "column" ||
  kind === "constraint" ||
  kind === "index" ||
  (kind === "trigger" && String(facets.structure?.definition).includes(" FOR EACH ROW "));

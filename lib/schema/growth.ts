import type { Difference } from "./diff.ts";
import { type Fact, keyOf } from "./fact.ts";
import { canonicalJson } from "./hash.ts";
import { partitionOf, partsOf, type Sides } from "./sides.ts";
import { eachFact } from "./unlike.ts";

/** Is this a new partition that looks like its parent? Then a table grew, and nobody changed it. */
export function growthAmong(
  differences: readonly Difference[],
  { after }: Pick<Sides, "after">,
): ReadonlySet<Difference> {
  const added = differences.filter((one) => one.change === "added" && partitionOf(one.after));
  if (added.length === 0) return new Set();
  const parents = new Set(added.map((one) => `table ${partitionOf(one.after)}`));
  const parts = partsOf(after, new Set([...added.map(keyOf), ...parents]));
  const wholes = new Map<string, Fact>();
  for (const fact of eachFact(after)) if (parents.has(keyOf(fact))) wholes.set(keyOf(fact), fact);
  return new Set(
    added.filter((one) => {
      const key = `table ${partitionOf(one.after)}`;
      const parent = wholes.get(key);
      return (
        one.after !== null &&
        parent !== undefined &&
        isAlike(one.after, parent) &&
        haveOneShape(parts.get(keyOf(one)) ?? [], parts.get(key) ?? [])
      );
    }),
  );
}

/** How the two are split, placed and granted is each one's own affair. */
function isAlike(partition: Fact, parent: Fact): boolean {
  const { partitionBy: _, ...structure } = partition.facets.structure ?? {};
  const { partitionBy: __, ...wanted } = parent.facets.structure ?? {};
  return (
    canonicalJson(structure) === canonicalJson(wanted) &&
    canonicalJson(partition.facets.ownership ?? {}) ===
      canonicalJson(parent.facets.ownership ?? {}) &&
    partition.facets.validity === undefined
  );
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

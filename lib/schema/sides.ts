import type { Compared, Difference } from "./diff.ts";
import type { Fact } from "./fact.ts";
import { eachFact } from "./unlike.ts";

/** What is held against what. */
export interface Sides {
  readonly before: Compared;
  readonly after: Compared;
}

/** The parts of each of these objects, in one pass over a snapshot. */
export function partsOf(
  side: Compared,
  keys: ReadonlySet<string>,
): ReadonlyMap<string, readonly Fact[]> {
  const parts = new Map<string, Fact[]>();
  if (keys.size === 0) return parts;
  for (const fact of eachFact(side)) {
    for (const key of fact.partOf ?? []) {
      if (!keys.has(key)) continue;
      const list = parts.get(key);
      if (list === undefined) parts.set(key, [fact]);
      else list.push(fact);
    }
  }
  return parts;
}

export const factOf = ({ before, after }: Difference): Fact | null => after ?? before;

/** The partitioned table that this is, or was, a partition of. */
export const partitionOf = (fact: Fact | null | undefined): string | undefined => {
  const parent = fact?.facets.inheritance?.partitionOf;
  return typeof parent === "string" ? parent : undefined;
};

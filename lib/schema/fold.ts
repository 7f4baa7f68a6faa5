import type { AttributeChange, Difference } from "./diff.ts";
import { keyOf } from "./fact.ts";

/**
 * Tells a consequence under its cause: the columns of a new table are no differences of their own,
 * nor is a partition's index that came with its parent's.
 */
export function fold(differences: readonly Difference[]): readonly Difference[] {
  const byKey = Map.groupBy(differences, keyOf);
  const consequences = new Map<Difference, Difference[]>();
  for (const difference of differences) {
    const cause = rootOf(difference, byKey);
    if (cause === difference) continue;
    consequences.set(cause, [...(consequences.get(cause) ?? []), difference]);
  }
  const folded = new Set([...consequences.values()].flat());
  return differences
    .filter((difference) => !folded.has(difference))
    .map((difference) => ({
      ...difference,
      consequences: (consequences.get(difference) ?? []).map(({ change, kind, identity }) => ({
        change,
        kind,
        identity,
      })),
    }));
}

function rootOf(
  difference: Difference,
  byKey: ReadonlyMap<string, readonly Difference[]>,
): Difference {
  const seen = new Set<Difference>();
  let cause: Difference | undefined = difference;
  let root = difference;
  while (cause !== undefined && !seen.has(cause)) {
    seen.add(cause);
    root = cause;
    cause = causeOf(cause, byKey);
  }
  return root;
}

function causeOf(
  difference: Difference,
  byKey: ReadonlyMap<string, readonly Difference[]>,
): Difference | undefined {
  const { partOf = [], follows = [] } = difference.after ?? difference.before ?? {};
  const of = (keys: readonly string[]) => keys.flatMap((key) => byKey.get(key) ?? []);
  return (
    of(partOf).find((whole) => comesAndGoesWith(difference, whole)) ??
    of(partOf).find((whole) => isInheritedAnew(difference, whole)) ??
    of(follows).find((leader) => isTakenFrom(difference, leader))
  );
}

const comesAndGoesWith = (part: Difference, whole: Difference): boolean =>
  whole.change !== "changed" && whole.change === part.change;

const isOfInheritance = ({ facet }: AttributeChange): boolean => facet === "inheritance";

/** What a whole has from its parents comes, goes and is relinked as it gets or loses them. */
function isInheritedAnew(part: Difference, whole: Difference): boolean {
  if (!whole.attributes.some(isOfInheritance)) return false;
  if (part.change === "changed") return part.attributes.every(isOfInheritance);
  const { follows = [] } = part.after ?? part.before ?? {};
  return follows.length > 0;
}

/** Did it change as the object did that it follows? Beyond that it has a difference of its own. */
function isTakenFrom(difference: Difference, leader: Difference): boolean {
  if (leader.change === "changed" && difference.change !== "changed") {
    return leader.attributes.some(({ facet }) => facet === "structure");
  }
  if (leader.change !== difference.change) return false;
  const changed = new Set(leader.attributes.map(({ facet, attribute }) => `${facet}.${attribute}`));
  return difference.attributes.every(({ facet, attribute }) =>
    changed.has(`${facet}.${attribute}`),
  );
}

import { count } from "../core/units.ts";
import type { Difference } from "./diff.ts";
import { keyOf } from "./fact.ts";
import { growthAmong } from "./growth.ts";
import { ownedByTools } from "./presets.ts";
import { renamesAmong } from "./rename.ts";
import type { Sides } from "./sides.ts";
import { toldOnce } from "./tenants.ts";

export interface Refined {
  readonly differences: readonly Difference[];
  readonly apart: readonly string[];
}

/** Sets objects that make themselves apart, and says what looks renamed. */
export function refine(
  differences: readonly Difference[],
  sides: Sides,
  { tenants = [] }: { readonly tenants?: readonly string[] },
): Refined {
  const owned = ownedByTools(differences, sides);
  const tools = new Set(owned.flatMap((each) => each.differences));
  const growth = growthAmong(
    differences.filter((one) => !tools.has(one)),
    sides,
  );
  const others = differences.filter((one) => !tools.has(one) && !growth.has(one));
  const renames = renamesAmong(others, sides);
  const suggested = others.map((one) => {
    const looksLike = renames.get(`${one.change} ${keyOf(one)}`);
    return looksLike === undefined ? one : { ...one, looksLike };
  });
  const once = toldOnce(suggested, sides, tenants);
  return {
    differences: once.differences,
    apart: [
      ...(growth.size > 0 ? [`${count(growth.size, "new partition")} of the usual shape`] : []),
      ...(once.grown > 0 ? [`${count(once.grown, "new tenant schema")} like the others`] : []),
      ...owned.map(({ says }) => says),
    ],
  };
}

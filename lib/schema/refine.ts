import { count } from "../core/units.ts";
import { foldRenamed } from "./after-rename.ts";
import type { Difference } from "./diff.ts";
import { keyOf } from "./fact.ts";
import { growthAmong } from "./growth.ts";
import { ownedByTools } from "./presets.ts";
import { renamesAmong } from "./rename.ts";
import { partitionOf, type Sides } from "./sides.ts";
import { toldOnce } from "./tenants.ts";
import { foldDetached, underParents, underReferenced, underSchemas } from "./under.ts";
import { namesOf, rolledAmong, type Windows } from "./windows.ts";

export interface Refined {
  readonly differences: readonly Difference[];
  readonly apart: readonly string[];
  /** What to remember of partitioned tables; absent where nothing of them is to be decided. */
  readonly windows?: Windows | undefined;
}

/** How the two sides are to each other. */
export type Between =
  /** One is earlier: new partitions are growth, and old ones go as time passes. */
  | {
      readonly are: "two times";
      readonly windows: Windows;
      /** Did nobody look in between? Then what is gone is judged here. */
      readonly decides: boolean;
    }
  /** Neither came first: how many partitions each has is its own affair. */
  | { readonly are: "two places" };

interface Settings {
  readonly tenants?: readonly string[] | undefined;
  readonly between?: Between | undefined;
}

const freshLook: Between = { are: "two times", windows: {}, decides: true };

/** Sets objects that make themselves apart, and says what looks renamed. */
export function refine(
  given: readonly Difference[],
  sides: Sides,
  { tenants = [], between = freshLook }: Settings,
): Refined {
  const differences = foldDetached(underParents(given, "removed"));
  const owned = ownedByTools(differences, sides);
  const tools = new Set(owned.flatMap((each) => each.differences));
  const own = differences.filter((one) => !tools.has(one));
  const growth = onItsOwn(growthAmong(own, sides.after), own);
  const gone = goneAmong(own, sides, growth, between);
  const told = own.filter((one) => !growth.has(one) && !gone.differences.has(one));
  const once = toldOnce(withCauses(told, sides), sides, tenants);
  return {
    differences: once.differences,
    apart: [
      ...(growth.size > 0 ? [sayGrowth(growth.size, between)] : []),
      ...gone.apart,
      ...(once.grown > 0 ? [`${count(once.grown, "new tenant schema")} like the others`] : []),
      ...owned.map(({ says }) => says),
    ],
    windows: gone.windows,
  };
}

const sayGrowth = (n: number, { are }: Between): string =>
  are === "two times"
    ? `${count(n, "new partition")} of the usual shape`
    : `${count(n, "partition")} of the usual shape here alone`;

/** Consequences under their causes, and what looks renamed; nothing is left out. */
export function withCauses(
  differences: readonly Difference[],
  sides: Sides,
): readonly Difference[] {
  const parents = underParents(underParents(differences, "removed"), "added");
  const tables = underReferenced(foldDetached(parents));
  const others = underSchemas(underSchemas(tables, "added"), "removed");
  const renames = renamesAmong(others, sides);
  const suggested = others.map((one) => {
    const like = renames.get(`${one.change} ${keyOf(one)}`);
    if (like === undefined) return one;
    const { identity, isEqual } = like;
    return { ...one, looksLike: identity, ...(isEqual ? {} : { isLikeInMost: true as const }) };
  });
  return foldRenamed(suggested);
}

/** Without what comes with a table that is told: that one has it under itself. */
function onItsOwn(
  growth: ReadonlySet<Difference>,
  differences: readonly Difference[],
): ReadonlySet<Difference> {
  const added = new Map(
    differences.flatMap((one) => (one.change === "added" ? [[keyOf(one), one] as const] : [])),
  );
  const isGrown = (one: Difference): boolean => {
    const parent = added.get(`table ${partitionOf(one.after)}`);
    return growth.has(one) && (parent === undefined || isGrown(parent));
  };
  return new Set([...growth].filter(isGrown));
}

interface Gone {
  readonly differences: ReadonlySet<Difference>;
  readonly apart: readonly string[];
  readonly windows?: Windows | undefined;
}

function goneAmong(
  own: readonly Difference[],
  sides: Sides,
  growth: ReadonlySet<Difference>,
  between: Between,
): Gone {
  if (between.are === "two places") {
    const there = growthAmong(own, sides.before, "removed");
    const says = `${count(there.size, "partition")} of the usual shape there alone`;
    return { differences: there, apart: there.size > 0 ? [says] : [] };
  }
  const { differences: rolled, windows } = rolledAmong(own, sides, growth, between);
  const names = new Set([...rolled].map((one) => one.before?.name));
  const isMoved = ({ change, kind, after }: Difference): boolean =>
    change === "added" && kind === "table" && names.has(after?.name);
  const moved = rolled.size === 0 ? [] : own.filter((one) => isMoved(one) && !growth.has(one));
  const says = `${count(rolled.size, "old partition")} gone as newer ones came: ${namesOf(rolled)}`;
  return {
    differences: new Set([...rolled, ...moved]),
    apart: rolled.size > 0 ? [says] : [],
    windows: between.decides ? windows : undefined,
  };
}

import type { Difference } from "../diff.ts";
import { type Fact, keyOf } from "../fact.ts";
import { partitionOf } from "../sides.ts";
import { isLeftBehind } from "../under.ts";

/**
 * `events_p20261120`, `events_p20261120_030000`, `nums_p-1000`; before 5.0 also `events_p2026_11`,
 * `events_p2026q4`, `events_p2026w47`: check_name_length() and create_parent() of 4.7.4 and 5.1.0.
 */
const suffix = /_p-?\d[\dqw_]*$/;

/**
 * What the maintenance of pg_partman makes, detaches, moves and drops; tried with 5.1.0 on
 * PostgreSQL 18. The default partition and the template tables it makes once, when somebody calls
 * create_parent(), and never drops: a change of those is told. Which tables it manages is in its
 * own table, which no snapshot reads: where somebody drops the oldest partition of such a name by
 * hand, it is counted as one that retention dropped. One from the middle is told.
 */
export function ownedByPartman(
  differences: readonly Difference[],
  { isOutOfOrder }: { readonly isOutOfOrder: (difference: Difference) => boolean },
): readonly Difference[] {
  const partitions = differences.filter((one) => {
    const { change, before, after, attributes } = one;
    const isDetached = partitionOf(after) === undefined && isLeftBehind(attributes);
    return (
      isPartition(before ?? after) && (change !== "changed" || isDetached) && !isOutOfOrder(one)
    );
  });
  const detached = new Set(
    partitions.flatMap((one) => (one.change === "changed" ? [keyOf(one)] : [])),
  );
  const gone = new Set(
    partitions.flatMap(({ change, before }) => (change === "removed" ? [before?.name] : [])),
  );
  const own = new Set(partitions);
  return differences.filter(
    (one) =>
      own.has(one) ||
      isLeftBy(one, detached) ||
      // part_config.retention_schema: the table goes there
      (one.change === "added" && one.kind === "table" && gone.has(one.after?.name)) ||
      // part_config.constraint_cols: apply_constraints()
      (one.kind === "constraint" && (one.after ?? one.before)?.name.startsWith("partmanconstr_")),
  );
}

function isPartition(fact: Fact | null): boolean {
  const parent = partitionOf(fact);
  if (fact === null || parent === undefined || !suffix.test(fact.name)) return false;
  // A long name is cut before its suffix.
  return parent.replaceAll('"', "").includes(`.${fact.name.replace(suffix, "")}`);
}

/**
 * A partition that is detached keeps its columns, no longer inherited and from 17 on without the
 * identity of its parent's; retention may drop its indexes and take it out of publications.
 */
function isLeftBy(
  { change, before, after, attributes }: Difference,
  detached: ReadonlySet<string>,
): boolean {
  const isUnder = (before ?? after)?.partOf?.some((key) => detached.has(key)) ?? false;
  return isUnder && (change === "removed" || (change === "changed" && isLeftBehind(attributes)));
}

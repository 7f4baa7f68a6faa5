import type { AttributeChange, Difference } from "./diff.ts";
import { keyOf } from "./fact.ts";
import { factOf, partitionOf } from "./sides.ts";

type Change = "added" | "removed";

/** A partitioned table comes and goes with its partitions, and theirs. */
export function underParents(differences: readonly Difference[], change: Change) {
  const isTable = ({ kind }: Difference) => kind.endsWith("table");
  const tables = of(differences, change, isTable, ({ identity }) => identity);
  return foldUnder(differences, (one) =>
    one.change === change ? tables.get(partitionOf(factOf(one)) ?? "") : undefined,
  );
}

/** A schema comes and goes with all that is in it. */
export function underSchemas(differences: readonly Difference[], change: Change) {
  const isSchema = ({ kind }: Difference) => kind === "schema";
  const schemas = of(differences, change, isSchema, (one) => factOf(one)?.name ?? "");
  return foldUnder(differences, (one) =>
    one.change === change && !isSchema(one) ? schemas.get(factOf(one)?.schema ?? "") : undefined,
  );
}

/** DROP TABLE … CASCADE takes the foreign keys that point at the table. */
export function underReferenced(differences: readonly Difference[]) {
  const tables = differences.filter(({ change, kind }) => change === "removed" && kind === "table");
  if (tables.length === 0) return differences;
  return foldUnder(differences, ({ change, kind, before }) => {
    const definition = before?.facets.structure?.definition;
    if (change !== "removed" || kind !== "constraint" || typeof definition !== "string") return;
    return tables.find(({ identity }) => definition.includes(` REFERENCES ${identity}(`));
  });
}

const of = (
  differences: readonly Difference[],
  change: Change,
  isOne: (one: Difference) => boolean,
  nameOf: (one: Difference) => string,
) =>
  new Map(
    differences
      .filter((one) => one.change === change && isOne(one))
      .map((one) => [nameOf(one), one]),
  );

function foldUnder(
  differences: readonly Difference[],
  parentOf: (one: Difference) => Difference | undefined,
): readonly Difference[] {
  const rootOf = (one: Difference): Difference => {
    const parent = parentOf(one);
    return parent === undefined ? one : rootOf(parent);
  };
  const under = Map.groupBy(
    differences.filter((one) => parentOf(one) !== undefined),
    (one) => rootOf(one),
  );
  if (under.size === 0) return differences;
  return differences
    .filter((one) => parentOf(one) === undefined)
    .map((one) => {
      const parts = under.get(one) ?? [];
      const own = parts.map(({ change, kind, identity }) => ({ change, kind, identity }));
      const theirs = parts.flatMap(({ consequences }) => consequences);
      return parts.length === 0
        ? one
        : { ...one, consequences: [...own, ...one.consequences, ...theirs] };
    });
}

/** A column that loses its identity with its parent, as a partition does from 17 on. */
export const isLeftBehind = (attributes: readonly AttributeChange[]): boolean =>
  attributes.every(
    ({ facet, attribute }) =>
      facet === "inheritance" || (facet === "structure" && attribute === "identity"),
  );

/** What a table that is detached keeps, and no longer has from its parent, is no other change. */
export function foldDetached(differences: readonly Difference[]): readonly Difference[] {
  const detached = new Set(
    differences.flatMap((one) =>
      one.change === "changed" && partitionOf(one.before) && !partitionOf(one.after)
        ? [keyOf(one)]
        : [],
    ),
  );
  if (detached.size === 0) return differences;
  const wholeOf = (one: Difference): string | undefined =>
    one.change === "changed" && isLeftBehind(one.attributes)
      ? one.before?.partOf?.find((key) => detached.has(key))
      : undefined;
  const parts = Map.groupBy(differences, wholeOf);
  return (parts.get(undefined) ?? []).map((one) => {
    const own = parts.get(keyOf(one)) ?? [];
    const more = own.map(({ change, kind, identity }) => ({ change, kind, identity }));
    return more.length === 0 ? one : { ...one, consequences: [...one.consequences, ...more] };
  });
}

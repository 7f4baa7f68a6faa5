import type { Difference } from "./diff.ts";
import { canonicalJson } from "./hash.ts";
import { nameOf } from "./rename.ts";
import { factOf } from "./sides.ts";

/** So many renames at once are looked for in other objects. */
const most = 50;

interface Renamed {
  readonly added: Difference;
  readonly old: RegExp;
  readonly now: RegExp;
}

/**
 * Folds what changed in nothing but the name of something that looks renamed under the new one:
 * the foreign keys that point at a table, the index of a column.
 *
 * @param differences those that look renamed say so
 */
export function foldRenamed(differences: readonly Difference[]): readonly Difference[] {
  const renames = renamesIn(differences);
  if (renames.length === 0 || renames.length > most) return differences;
  const causeOf = (one: Difference): Difference | undefined =>
    one.change === "changed" ? causeAmong(one, renames) : undefined;
  const under = Map.groupBy(differences, causeOf);
  return (under.get(undefined) ?? []).map((one) => {
    const own = under.get(one) ?? [];
    const more = own.map(({ change, kind, identity }) => ({ change, kind, identity }));
    return more.length === 0 ? one : { ...one, consequences: [...one.consequences, ...more] };
  });
}

function renamesIn(differences: readonly Difference[]): readonly Renamed[] {
  const removed = new Map(
    differences.flatMap((one) =>
      one.change === "removed" ? [[`${one.kind} ${one.identity}`, one] as const] : [],
    ),
  );
  return differences.flatMap((added) => {
    if (added.change !== "added" || added.looksLike === undefined) return [];
    const now = factOf(added);
    const old = factOf(removed.get(`${added.kind} ${added.looksLike}`) ?? added);
    if (now === null || old === null || old === now) return [];
    return [{ added, old: nameOf(old), now: nameOf(now) }];
  });
}

/** The first of the renames that explain it, if they explain all of it. */
function causeAmong(
  { attributes }: Difference,
  renames: readonly Renamed[],
): Difference | undefined {
  let before = canonicalJson(attributes.map((one) => one.before));
  let after = canonicalJson(attributes.map((one) => one.after));
  let cause: Difference | undefined;
  for (const [i, { added, old, now }] of renames.entries()) {
    const [was, is] = [
      before.replace(old, `\u0000${i}\u0000`),
      after.replace(now, `\u0000${i}\u0000`),
    ];
    if (was !== before && is !== after) {
      cause ??= added;
      [before, after] = [was, is];
    }
  }
  return before === after ? cause : undefined;
}

import { differencesBetween, type PrintedSide } from "./canonical/differences.ts";
import type { Difference } from "./diff.ts";
import { byName, keyOf } from "./fact.ts";
import { refine } from "./refine.ts";
import { eachFact } from "./unlike.ts";

/** Held against the reference: as there, otherwise, here alone, not here, not known. */
type Cell = "=" | "~" | "+" | "-" | "?";

export interface MatrixRow {
  readonly kind: string;
  readonly identity: string;
  /** The reference's own comes first. */
  readonly cells: readonly Cell[];
}

const signs = { added: "+", removed: "-", changed: "~" } as const;

/** @param others undefined where nobody looked yet */
export async function matrixOf(
  reference: PrintedSide,
  others: readonly (PrintedSide | undefined)[],
): Promise<readonly MatrixRow[]> {
  const compared = await Promise.all(
    others.map(async (other) => other && (await columnOf(reference, other))),
  );
  const rows = new Map<string, Difference>();
  for (const column of compared) {
    for (const one of column?.told ?? []) if (!rows.has(keyOf(one))) rows.set(keyOf(one), one);
  }
  const there = new Set<string>();
  for (const fact of eachFact(reference)) if (rows.has(keyOf(fact))) there.add(keyOf(fact));
  return [...rows]
    .toSorted(([, a], [, b]) => byName(a, b))
    .map(([key, { kind, identity }]) => {
      const own: Cell = there.has(key) ? "=" : "-";
      const cells = compared.map((column): Cell => {
        if (column === undefined || column.unknown.has(key)) return "?";
        return column.cells.get(key) ?? own;
      });
      return { kind, identity, cells: [own, ...cells] };
    });
}

async function columnOf(reference: PrintedSide, other: PrintedSide) {
  const { differences } = await differencesBetween(reference, other);
  const sides = { before: reference, after: other };
  const told = refine(differences, sides, { between: { are: "two places" } }).differences;
  const cells = new Map<string, Cell>();
  for (const difference of told) {
    for (const one of [difference, ...difference.consequences]) {
      cells.set(keyOf(one), signs[one.change]);
    }
  }
  return { told, cells, unknown: new Set([...reference.unread, ...other.unread].map(keyOf)) };
}

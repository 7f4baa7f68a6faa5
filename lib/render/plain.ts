import type { Finding } from "../core/finding.ts";
import { printable } from "../core/printable.ts";
import { commandLines, isCommand } from "./command.ts";

/** A finding as lines without layout, for formats that put a text into a box of their own. */
export function findingText({ summary, detail = [], remedy, fingerprint }: Finding): string {
  const { sql, lock, undo, otherwise } = remedy ?? {};
  return [
    `${printable(summary)} [${fingerprint.slice(0, 8)}]`,
    ...detail.map(printable),
    ...(remedy === undefined ? [] : [`Do this: ${printable(remedy.summary)}`]),
    ...(sql === undefined ? [] : commandLines(sql)),
    ...(lock === undefined ? [] : [`Lock: ${printable(lock)}`]),
    ...(undo === undefined
      ? []
      : isCommand(undo)
        ? ["Undo:", ...commandLines(undo)]
        : [`Undo: ${printable(undo)}`]),
    ...(otherwise === undefined
      ? []
      : [`Else: ${printable(otherwise.summary)}`, ...commandLines(otherwise.sql)]),
  ].join("\n");
}

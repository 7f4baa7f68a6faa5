import type { Tracker, TrackerTable } from "./tracker.ts";

/** Which tool a table belongs to: of those whose shape it has, the first that it fits. */
export function tablesOf(
  trackers: readonly Tracker[],
  candidates: readonly TrackerTable[],
): readonly { readonly tracker: Tracker; readonly table: TrackerTable }[] {
  const byTable = Map.groupBy(candidates, ({ sqlTable }) => sqlTable);
  return [...byTable.values()].flatMap((tables) => {
    for (const tracker of trackers) {
      const table = tables.find(({ tool }) => tool === tracker.tool);
      if (table !== undefined && (tracker.fits?.(table) ?? true)) return [{ tracker, table }];
    }
    return [];
  });
}

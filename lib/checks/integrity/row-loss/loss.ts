import type { TableRows } from "../../reads/table-rows.ts";
import type { KeptTable } from "./memory.ts";

/** What became of a table's rows between two looks. */
export interface Loss {
  readonly how: "truncated" | "deleted" | "swapped";
  readonly before: number;
  readonly now: number;
  /** Counted, not estimated by the statistics. */
  readonly isExact: boolean;
  /** It is emptied, or its rows are deleted, all the time: nobody misses them. */
  readonly isHabit: boolean;
}

/** The time between the two looks, and since when the statistics count; seconds. */
export interface Span {
  readonly elapsed: number;
  /** Before the first of the two; undefined where the server does not say. */
  readonly counted: number | undefined;
  /** Statistics of the whole database were reset between them. */
  readonly isReset: boolean;
}

/** Rows as far as is known without a count. */
const rowsIn = ({ exact, live, estimate }: TableRows): number =>
  exact ?? (live > 0 ? live : Math.max(0, estimate));

/** Do its counters go on where they stood? Not those of another table, nor after a reset. */
const goesOn = (table: TableRows, kept: KeptTable, { isReset }: Span): boolean =>
  !isReset &&
  table.oid === kept.oid &&
  table.inserted >= kept.inserted &&
  table.updated >= kept.updated &&
  table.deleted >= kept.deleted;

/** What was counted since; from zero where the counters began anew. */
export const deletedSince = (table: TableRows, kept: KeptTable, span: Span): number =>
  goesOn(table, kept, span) ? table.deleted - kept.deleted : table.deleted;
export const updatedSince = (table: TableRows, kept: KeptTable, span: Span): number =>
  goesOn(table, kept, span) ? table.updated - kept.updated : table.updated;

/**
 * Fewer rows than before, and a reason to believe it: the statistics alone are an estimate, which
 * ANALYZE corrects and a reset or a crash empties.
 */
export function lossOf(table: TableRows, kept: KeptTable, span: Span): Loss | undefined {
  const isCounted = table.exact !== null && kept.exact !== null;
  const before = isCounted ? (kept.exact ?? 0) : kept.rows;
  const now = isCounted ? (table.exact ?? 0) : estimateNow(table, kept, span);
  if (now === undefined || now >= before) return undefined;
  const lost = before - now;
  const deleted = deletedSince(table, kept, span);
  const how =
    table.oid !== kept.oid
      ? "swapped"
      : table.file !== kept.file && deleted < lost / 2
        ? "truncated"
        : "deleted";
  // A DELETE that was rolled back is counted, an estimate that sinks alone is no DELETE: both.
  const net = deleted - Math.max(0, table.inserted - kept.inserted);
  if (how === "deleted" && !isCounted && net < lost / 2) return undefined;
  return {
    how,
    before,
    now,
    isExact: isCounted,
    isHabit: isHabit(table, kept, { how, lost }, span),
  };
}

/** Undefined where nobody can tell. */
function estimateNow(table: TableRows, kept: KeptTable, span: Span): number | undefined {
  if (table.oid !== kept.oid) return Math.max(table.live, table.estimate, 0);
  return goesOn(table, kept, span) ? table.live : undefined;
}

function isHabit(
  table: TableRows,
  kept: KeptTable,
  { how, lost }: { how: Loss["how"]; lost: number },
  span: Span,
): boolean {
  // A crash empties it by design.
  if (table.isUnlogged || kept.refilled >= 2) return true;
  if (how !== "deleted") {
    // Rows that came, were not deleted and are not there: it was emptied again and again.
    return kept.inserted - kept.deleted - kept.rows >= 3 * Math.max(kept.rows, 1);
  }
  const { elapsed, counted } = span;
  const deleted = Math.max(lost, deletedSince(table, kept, span));
  if (counted !== undefined && counted > 0 && (kept.deleted / counted) * elapsed * 3 >= deleted) {
    return true;
  }
  // A queue: what comes in goes out.
  return kept.deleted >= kept.inserted * 0.8 && kept.rows < kept.inserted * 0.1;
}

/** What to hold it against next time; `loss` is what was told now. */
export function keep(
  table: TableRows,
  kept: KeptTable | undefined,
  { span, loss, isWatched }: { span: Span; loss: boolean; isWatched: boolean },
): KeptTable {
  const now: KeptTable = {
    ...{ oid: table.oid, file: table.file, rows: rowsIn(table), exact: table.exact },
    ...{ inserted: table.inserted, updated: table.updated, deleted: table.deleted },
    ...{ refilled: kept?.refilled ?? 0, isLow: loss },
  };
  if (kept === undefined) return now;
  if (!isWatched) {
    const isReloaded =
      table.file !== kept.file &&
      goesOn(table, kept, span) &&
      table.inserted - kept.inserted >= kept.rows / 2;
    const isRefilled = kept.isLow && now.rows > 2 * kept.rows;
    return !loss && (isReloaded || isRefilled)
      ? { ...now, refilled: now.refilled + 1 }
      : { ...now, isLow: loss || (kept.isLow && now.rows <= 2 * kept.rows) };
  }
  if (loss) return { ...kept, isLow: true };
  const refilled = kept.refilled + (kept.isLow ? 1 : 0);
  const isFuller = now.rows >= kept.rows || !goesOn(table, kept, span);
  return { ...(isFuller ? now : { ...kept, file: now.file }), refilled, isLow: false };
}

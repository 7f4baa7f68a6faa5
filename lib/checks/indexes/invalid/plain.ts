import type { FindingDraft, Remedy } from "../../../core/finding.ts";
import { saySize } from "../../../core/units.ts";
import type { SuspectIndex } from "../../reads/invalid-indexes.ts";

/** An index of a table or of one partition. */
export function sayPlain(index: SuspectIndex): FindingDraft {
  const { schema, name, table, identity, isUnique, isReady, isLive, sizeBytes } = index;
  const { copyOf, enforcedBy } = index;
  return {
    object: { kind: "index", schema, name, table, identity },
    severity: acceptsDuplicates(index) ? "critical" : "warning",
    summary: summaryOf(index),
    detail: [...detailOf(index)],
    evidence: {
      isUnique,
      isReady,
      isLive,
      sizeBytes,
      beingBuilt: false,
      ...(copyOf === null ? {} : { copyOf }),
      ...(enforcedBy === null ? {} : { enforcedBy }),
    },
    remedy: isInTheWay(index) ? drop(index) : rebuild(index),
  };
}

/** Somebody wanted a duplicate refused, and nobody refuses it. A copy's original is told itself. */
const acceptsDuplicates = (index: SuspectIndex): boolean =>
  index.isUnique && !index.isReady && index.enforcedBy === null && !isInTheWay(index);

/** Left by a REINDEX, or by a DROP that did not end. No invalid index of TOAST can be rebuilt. */
const isInTheWay = ({ copyOf, isLive, isToast }: SuspectIndex): boolean =>
  copyOf !== null || !isLive || isToast;

function summaryOf(index: SuspectIndex): string {
  const { identity, isUnique, isReady, isLive, isToast, copyOf, enforcedBy, table } = index;
  const noun = isUnique ? "Unique index" : "Index";
  if (copyOf !== null) return `${identity} is left over from a REINDEX CONCURRENTLY of ${copyOf}`;
  if (!isLive)
    return `${noun} ${identity} is half dropped: its DROP INDEX CONCURRENTLY never ended`;
  if (isToast) return `${identity}, an index of the TOAST table of ${table}, is invalid`;
  if (acceptsDuplicates(index)) {
    return `${noun} ${identity} is invalid: duplicates are not refused`;
  }
  if (isReady) return `${noun} ${identity} is invalid: every write pays for it, no query uses it`;
  return enforcedBy === null
    ? `${noun} ${identity} is invalid: no query uses it`
    : `${noun} ${identity} is invalid: ${enforcedBy} does its work`;
}

function* detailOf(index: SuspectIndex): Generator<string> {
  const { isUnique, isReady, isLive, sizeBytes, enforcedBy } = index;
  if (!isLive) yield "Nothing maintains it and nothing uses it.";
  else if (isReady && isUnique) {
    yield "It still refuses duplicates of the rows that it holds, but may not hold all of them.";
    yield "Every write maintains it; no query and no ON CONFLICT uses it.";
  } else if (isReady) yield "Every write maintains it; no query uses it.";
  else if (enforcedBy !== null) {
    yield `Duplicates are refused by ${enforcedBy}. This one is not maintained and not used.`;
  } else if (acceptsDuplicates(index)) {
    yield "Its build failed, as a rule because there were duplicates already.";
    yield "Writes do not maintain it, and INSERT ... ON CONFLICT on its columns fails.";
  } else yield "Writes do not maintain it, but cannot be HOT where they change its columns.";
  if (sizeBytes > 0) yield `It takes up about ${saySize(sizeBytes)}.`;
}

const concurrently = (table: string): string =>
  `SHARE UPDATE EXCLUSIVE on ${table}: reads and writes go on; it waits for older transactions`;

const drop = ({ identity, sqlTable }: SuspectIndex): Remedy => ({
  summary: "Drop it: nothing needs it.",
  sql: `DROP INDEX CONCURRENTLY ${identity};`,
  lock: concurrently(sqlTable),
});

function rebuild(index: SuspectIndex): Remedy {
  const { identity, sqlTable, name, isUnique, isCatalog, constraint, parent } = index;
  if (isCatalog || constraint === "exclusion") {
    return {
      summary: `Rebuild it. PostgreSQL cannot do so concurrently for ${isCatalog ? "a catalog" : "an exclusion constraint"}.`,
      sql: `REINDEX INDEX ${identity};`,
      lock: `SHARE on ${sqlTable}, ACCESS EXCLUSIVE on the index: writes wait, and reads that plan with it`,
    };
  }
  const canBeDropped = constraint === null && parent === null;
  return {
    summary: isUnique
      ? "Mend the duplicates, then rebuild without blocking writes."
      : "Rebuild it without blocking writes.",
    sql: [...duplicatesOf(index), `REINDEX INDEX CONCURRENTLY ${identity};`].join("\n"),
    lock: concurrently(sqlTable),
    undo: `None needed; a failed try leaves ${copyName(name)} to drop.`,
    ...(canBeDropped
      ? {
          otherwise: {
            summary: "If nobody needs it, drop it.",
            sql: `DROP INDEX CONCURRENTLY ${identity};`,
          },
        }
      : {}),
  };
}

/** PostgreSQL cuts the name, not the suffix, to 63 bytes. */
const copyName = (name: string): string =>
  Buffer.byteLength(name) <= 57 ? `${name}_ccnew` : "an index whose name ends in _ccnew";

function duplicatesOf({ columns, sqlTable, nullsAreDistinct }: SuspectIndex): readonly string[] {
  if (columns === null) return [];
  const list = columns.join(", ");
  const present = columns.map((column) => `${column} IS NOT NULL`).join(" AND ");
  return [
    `SELECT ${list}, pg_catalog.count(*) AS rows FROM ONLY ${sqlTable}`,
    ...(nullsAreDistinct ? [` WHERE ${present}`] : []),
    ` GROUP BY ${list} HAVING pg_catalog.count(*) > 1 LIMIT 20;`,
  ];
}

import type { FindingDraft } from "../../../core/finding.ts";
import type { Severity } from "../../../core/severity.ts";
import { count, sayDuration, saySize, sayTime } from "../../../core/units.ts";
import type { IndexUse } from "../../reads/index-use.ts";
import type { KeptIndex } from "./memory.ts";

interface Since {
  readonly from: string;
  readonly elapsed: number;
}

const objectOf = ({ schema, name, table, identity }: IndexUse) => ({
  kind: "index",
  schema,
  name,
  table,
  identity,
});

export function noLongerScanned(
  index: IndexUse,
  was: KeptIndex,
  severity: Severity,
  { from, elapsed }: Since,
): FindingDraft {
  const { identity, sqlTable, reads, servesForeignKey } = index;
  return {
    object: objectOf(index),
    severity,
    summary: `${identity} was scanned ${count(was.scans, "time")} before, and not once in ${sayDuration(elapsed)}, while ${sqlTable} is read`,
    detail: [
      "Queries that used it now go another way: statements/regression tells those that became slower.",
      ...(was.last === null
        ? [
            "When it was last scanned before, PostgreSQL 15 and older do not say: it may be for a job that has not run since.",
          ]
        : [`It was last scanned on ${sayTime(was.last)}.`]),
      ...foreignKeyWords(servesForeignKey),
      "Replicas count for themselves.",
    ],
    evidence: { scansBefore: was.scans, lastScan: was.last, since: from, tableReads: reads },
    remedy: {
      summary:
        "Was a query rewritten, a type or a collation changed, so that the index does not fit it any more? Look before you drop it:",
      sql: use(index),
    },
  };
}

export function neverScanned(index: IndexUse, { from, elapsed }: Since): FindingDraft {
  const { identity, sqlTable, bytes, isPartitioned, servesForeignKey } = index;
  return {
    object: objectOf(index),
    severity: "notice",
    summary: `${identity}, made ${sayDuration(elapsed)} ago, was never scanned, while ${sqlTable} is read`,
    detail: [
      `It takes ${saySize(bytes)}, and every write of the table keeps it up.`,
      ...foreignKeyWords(servesForeignKey),
    ],
    evidence: { scans: 0, bytes, firstSeen: from },
    remedy: {
      summary: "Does the query that it was made for use it? If no replica does either, drop it.",
      sql: use(index),
      otherwise: {
        summary: isPartitioned
          ? "To drop it waits for, and then blocks, every query of the table for a moment."
          : "To drop it, without blocking anybody:",
        sql: `DROP INDEX ${isPartitioned ? "" : "CONCURRENTLY "}${identity};`,
      },
    },
  };
}

const foreignKeyWords = (serves: boolean): readonly string[] =>
  serves ? ["It serves a foreign key: DELETE on the table it points to looks for rows by it."] : [];

const use = ({ oid, isPartitioned }: IndexUse): string =>
  [
    "SELECT i.indexrelid::regclass, i.idx_scan, s.seq_scan, s.idx_scan AS table_idx_scan",
    "  FROM pg_catalog.pg_stat_all_indexes i",
    "  JOIN pg_catalog.pg_stat_all_tables s ON s.relid = i.relid",
    isPartitioned
      ? ` WHERE i.indexrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(${oid}));`
      : ` WHERE i.indexrelid = ${oid};`,
  ].join("\n");

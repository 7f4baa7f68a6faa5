import { exampleServer } from "../../../core/example-server.ts";
import { countingServerSchema } from "../../../core/server.ts";
import type { TableRows } from "../../reads/table-rows.ts";
import type { KeptTable, Remembered } from "./memory.ts";

const at = "2026-11-19T03:00:00.000Z";
const countedSince = "2026-08-01T00:00:00.000Z";

const table = (changes: Partial<TableRows> = {}): TableRows => ({
  ...{ oid: 16_400, schema: "public", name: "orders", identity: "public.orders", rootName: null },
  ...{ isUnlogged: false, file: 16_400, estimate: 50_000, pages: 700, live: 50_000 },
  ...{ inserted: 50_000, updated: 1_200, deleted: 0, maySelect: true, tables: 41 },
  ...{ at: "2026-11-20T03:00:00.000Z", countedSince },
  ...{ isExact: false, isAppendOnly: false, exact: null, obstacle: null },
  ...changes,
});
const look = (...tables: readonly TableRows[]) => ({ look: { tables: [...tables], absent: [] } });

const kept = (changes: Partial<KeptTable> = {}): KeptTable => ({
  ...{ oid: 16_400, file: 16_400, rows: 50_000, exact: null },
  ...{ inserted: 50_000, updated: 1_000, deleted: 0, refilled: 0, isLow: false },
  ...changes,
});
const memory = (changes: Partial<KeptTable> = {}): Remembered => ({
  ...{ server: countingServerSchema.parse(exampleServer), at, watch: null, countedSince },
  tables: { "public.orders": kept(changes) },
});
const previous = { at, memory: memory() };
const truncated = { file: 16_999, estimate: -1, pages: 0, live: 0 };

export const rowLossExamples = [
  { name: "as many rows as last night", evidence: look(table()), previous, finds: [] },
  {
    name: "truncated",
    evidence: look(table(truncated)),
    previous,
    finds: ["critical public.orders"],
  },
  {
    name: "a third was deleted",
    evidence: look(table({ live: 33_000, deleted: 17_000 })),
    previous,
    finds: ["warning public.orders"],
  },
  {
    name: "an empty table stands in its place",
    evidence: look(table({ oid: 17_000, ...truncated, inserted: 0, updated: 0 })),
    previous,
    finds: ["critical public.orders"],
  },
  {
    name: "VACUUM FULL, CLUSTER or an ALTER gave it a new file",
    evidence: look(table({ file: 16_999, estimate: -1, pages: 0 })),
    previous,
    finds: [],
  },
  {
    name: "its statistics were reset: that they say 0 says nothing",
    evidence: look(
      table({ live: 0, inserted: 0, updated: 0, countedSince: "2026-11-19T12:00:00.000Z" }),
    ),
    previous,
    finds: [],
  },
  {
    name: "a DELETE of all that was rolled back",
    evidence: look(table({ deleted: 50_000 })),
    previous,
    finds: [],
  },
  {
    name: "a staging table that is emptied and filled every night",
    evidence: look(table({ ...truncated, inserted: 900_000 })),
    previous: { at, memory: memory({ inserted: 900_000 }) },
    finds: ["notice public.orders"],
  },
  {
    name: "a count of what the configuration lists: 7 rows are gone of 20",
    evidence: look(table({ isExact: true, exact: 13, live: 13, deleted: 7 })),
    previous: { at, memory: memory({ exact: 20, rows: 20 }) },
    finds: ["warning public.orders"],
  },
  {
    name: "an append-only table where a row was updated",
    evidence: look(table({ isAppendOnly: true, updated: 1_001 })),
    previous,
    finds: ["critical public.orders"],
  },
  {
    name: "another server answers, restored from a backup",
    evidence: look(table(truncated)),
    previous,
    server: { timeline: 2, startedAt: "2026-11-20T01:00:00.000000Z" },
    finds: [],
    blind: "not-applicable" as const,
  },
  {
    name: "listed, and this role may not count it",
    evidence: look(table({ isExact: true, obstacle: "privilege", maySelect: false })),
    previous,
    finds: [],
    blind: "privilege" as const,
  },
];

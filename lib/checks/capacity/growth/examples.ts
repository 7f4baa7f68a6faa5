import { exampleServer } from "../../../core/example-server.ts";
import { countingServerSchema } from "../../../core/server.ts";
import type { TableGrowth } from "../../reads/table-growth.ts";

const at = "2026-11-20T01:30:00.000Z";
const countedSince = "2026-08-01T00:00:00.000Z";

/** 20 million rows of 200 bytes, a million more every week. */
const table = (changes: Partial<TableGrowth> = {}): TableGrowth => ({
  ...{ schema: "public", name: "events", identity: "public.events", oid: 16_400 },
  ...{ bytes: 4_000_000_000, width: 200, inserted: 20_000_000, deleted: 0, tables: 41 },
  ...{ at: "2026-11-20T03:00:00.000Z", countedSince },
  ...changes,
});
const point = {
  ...{ at, countedSince },
  tables: { "public.events": { oid: 16_400, inserted: 20_000_000, net: 20_000_000 } },
};
const memory = {
  server: countingServerSchema.parse(exampleServer),
  newest: point,
  older: null,
  usual: { "public.events": 30_000_000 },
};
const previous = { at, memory };

export const growthExamples = [
  { name: "as fast as ever", evidence: { tables: [table()] }, previous, finds: [] },
  {
    name: "2 GB in an hour and a half, where 30 MB came in a day",
    evidence: { tables: [table({ inserted: 30_000_000 })] },
    previous,
    finds: ["warning public.events"],
  },
  {
    name: "a night's load, as every night",
    evidence: { tables: [table({ inserted: 30_000_000 })] },
    previous,
    baseline: {
      ...{ watch: "w1", at },
      memory: { ...memory, usual: { "public.events": 2_000_000_000 } },
    },
    finds: [],
  },
  {
    name: "rows that come and go",
    evidence: { tables: [table({ inserted: 90_000_000, deleted: 70_000_000 })] },
    previous,
    finds: [],
  },
  {
    name: "the statistics were reset",
    evidence: { tables: [table({ countedSince: "2026-11-20T02:00:00.000Z" })] },
    previous,
    finds: [],
    blind: "not-applicable" as const,
  },
  {
    name: "ten minutes after the first look",
    evidence: { tables: [table({ inserted: 90_000_000, at: "2026-11-20T01:40:00.000Z" })] },
    previous,
    finds: [],
    blind: "not-applicable" as const,
  },
  {
    name: "the first look",
    evidence: { tables: [table()] },
    finds: [],
    blind: "not-applicable" as const,
  },
];

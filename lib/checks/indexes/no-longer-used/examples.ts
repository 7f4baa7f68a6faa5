import { exampleServer } from "../../../core/example-server.ts";
import { countingServerSchema } from "../../../core/server.ts";
import type { IndexUse } from "../../reads/index-use.ts";
import { keySetOf } from "../../reads/key-set.ts";
import type { KeptIndex, Remembered } from "./memory.ts";

const at = "2026-11-19T02:00:00.000Z";
const countedSince = "2026-08-01T00:00:00.000Z";

const index = (changes: Partial<IndexUse> = {}): IndexUse => ({
  ...{ oid: 16_412, schema: "public", name: "orders_customer", table: "orders" },
  ...{ identity: "public.orders_customer", sqlTable: "public.orders", isPartitioned: false },
  ...{ servesForeignKey: false, scans: 90_000, reads: 250_000, bytes: 4_194_304 },
  ...{ last: "2026-11-19T01:59:58.000Z", at: "2026-11-20T03:00:00.000Z", countedSince },
  ...changes,
});
const look = (...indexes: readonly IndexUse[]) => ({
  look: { total: 311, indexes: [...indexes], known: "" },
});

const memory = (changes: Partial<KeptIndex> = {}): Remembered => ({
  ...{ server: countingServerSchema.parse(exampleServer), watch: "w1", at, countedSince },
  known: keySetOf(["public.orders_customer"]),
  indexes: {
    "public.orders_customer": {
      ...{ oid: 16_412, scans: 90_000, reads: 200_000, last: "2026-11-19T01:59:58.000Z" },
      ...changes,
    },
  },
  fresh: {},
});
const under = (memory: Remembered) => ({
  previous: { at, memory },
  baseline: { watch: "w1", at, memory },
});

export const noLongerUsedExamples = [
  {
    name: "used as before",
    evidence: look(index({ scans: 91_000 })),
    ...under(memory()),
    finds: [],
  },
  {
    name: "not scanned for a day, while its table is read",
    evidence: look(index()),
    ...under(memory()),
    finds: ["warning public.orders_customer"],
  },
  {
    name: "a server that does not say when it was last scanned",
    evidence: look(index({ last: null })),
    ...under(memory({ last: null })),
    finds: ["notice public.orders_customer"],
  },
  {
    name: "one that had rested for weeks before: a monthly job's",
    evidence: look(index()),
    ...under(memory({ last: "2026-11-01T02:00:00.000Z" })),
    finds: [],
  },
  {
    name: "its table is not read either",
    evidence: look(index({ reads: 200_010 })),
    ...under(memory()),
    finds: [],
  },
  {
    name: "rebuilt under its name, and used",
    evidence: look(index({ oid: 17_000, scans: 12 })),
    ...under(memory()),
    finds: [],
  },
  {
    name: "two hours after a deployment it is too early to say",
    evidence: look(index({ at: "2026-11-19T04:00:00.000Z" })),
    ...under(memory()),
    finds: [],
    blind: "not-applicable" as const,
  },
  {
    name: "made by the deployment, and never scanned",
    evidence: look(
      index({ scans: 95_000 }),
      index({ oid: 18_000, identity: "public.orders_total", name: "orders_total", scans: 0 }),
    ),
    ...under({ ...memory(), fresh: { "public.orders_total": { at, reads: 200_000 } } }),
    finds: ["notice public.orders_total"],
  },
  {
    name: "the first look",
    evidence: look(index()),
    finds: [],
    blind: "not-applicable" as const,
  },
];

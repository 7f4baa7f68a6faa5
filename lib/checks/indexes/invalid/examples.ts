import type { SuspectIndex } from "../../reads/invalid-indexes.ts";

const failed: SuspectIndex = {
  oid: 16_412,
  schema: "public",
  table: "orders",
  name: "orders_number_key",
  identity: "public.orders_number_key",
  sqlTable: "public.orders",
  isUnique: true,
  isReady: false,
  isLive: true,
  sizeBytes: 48_259_072,
  isToast: false,
  isCatalog: false,
  isBusy: false,
  constraint: null,
  columns: ["number"],
  nullsAreDistinct: true,
  copyOf: null,
  enforcedBy: null,
  parent: null,
  isPartitioned: false,
  partitionCount: 0,
  soundPart: null,
  lacking: [],
};

const onlyParent: SuspectIndex = {
  ...failed,
  name: "events_at_idx",
  identity: "public.events_at_idx",
  table: "events",
  sqlTable: "public.events",
  isUnique: false,
  isReady: true,
  sizeBytes: 0,
  columns: null,
  isPartitioned: true,
  partitionCount: 2,
  soundPart: "public.events_1_at_idx",
  lacking: [{ identity: "public.events_2", kind: "table", index: null, indexIsPartitioned: false }],
};

const seen = (...suspects: SuspectIndex[]) => ({
  indexes: { indexes: 311, schemas: 4, suspects, missing: [] },
});

export const examples = [
  { name: "all are valid", evidence: seen(), finds: [] },
  {
    name: "a unique index whose build failed refuses no duplicates",
    evidence: seen(failed),
    finds: ["critical public.orders_number_key"],
  },
  {
    name: "another index refuses the duplicates in its place",
    evidence: seen({ ...failed, enforcedBy: "public.orders_number_idx" }),
    finds: ["warning public.orders_number_key"],
  },
  {
    name: "one that is maintained still refuses duplicates",
    evidence: seen({ ...failed, isReady: true }),
    finds: ["warning public.orders_number_key"],
  },
  {
    name: "a copy that a failed REINDEX CONCURRENTLY left",
    evidence: seen({
      ...failed,
      name: "orders_pkey_ccnew",
      identity: "public.orders_pkey_ccnew",
      copyOf: "public.orders_pkey",
      enforcedBy: "public.orders_pkey",
    }),
    finds: ["warning public.orders_pkey_ccnew"],
  },
  {
    name: "one that is being built at this moment",
    evidence: seen({ ...failed, isBusy: true }),
    finds: [],
  },
  {
    name: "a partitioned index that lacks a partition's",
    evidence: seen(onlyParent),
    finds: ["notice public.events_at_idx"],
  },
  {
    name: "on a replica nobody can tell at first whether it is being built",
    evidence: seen(failed),
    server: { inRecovery: true },
    finds: [],
    blind: "lock" as const,
  },
  {
    name: "on a replica it is told once it was seen an hour ago",
    evidence: seen(failed),
    server: { inRecovery: true },
    now: "2026-11-20T04:00:00Z",
    previous: {
      at: "2026-11-20T03:30:00Z",
      memory: { firstSeen: { "16412": "2026-11-20T03:00:00.000Z" } },
    },
    finds: ["critical public.orders_number_key"],
  },
];

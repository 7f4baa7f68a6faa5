import type { Closing, Watch, WatchPicture } from "../../lib/core/watch.ts";

const vitals = {
  ...{ at: "2026-11-20T12:00:50.123Z", sessions: 40, waiting: 0, longestTransactionSeconds: 2 },
  ...{ deadRows: 1200, liveRows: 2_000_000, sizeBytes: 12_884_901_888 },
  counters: {
    ...{ commits: 1_000_000, rollbacks: 12, deadlocks: 0 },
    ...{ tempBytes: 0, blocksHit: 9_900_000, blocksRead: 100_000 },
  },
  countedSince: null,
  wal: { lsn: "7F/16B3748", lagBytes: null },
};

const closing: Closing = {
  at: "2026-11-22T12:05:03.000Z",
  because: "over",
  verdict: "not-healthy",
  lines: [
    { mark: "????", area: "Looks", text: "2 of 57 were missed" },
    { mark: "PASS", area: "Server", text: "answers" },
    { mark: "PASS", area: "Migrations", text: "none dirty, none pending" },
    { mark: "FAIL", area: "Rows", text: "12 rows of public.payouts have no public.accounts" },
    {
      mark: "????",
      area: "Capacity",
      text: "capacity/replication-slot was never seen: role pgvigil may not read pg_replication_slots",
    },
  ],
  found: [
    {
      fingerprint: "7f3a91c2d04be518",
      check: "integrity/foreign-key-orphans",
      identity: "payouts_account on public.payouts",
      severity: "critical",
      summary: "12 rows of public.payouts have no public.accounts",
      foundAt: "2026-11-20T12:10:00.000Z",
      lastAt: "2026-11-22T12:05:00.000Z",
      looks: 54,
      returns: 0,
    },
    {
      fingerprint: "0b1c2d3e4f5a6b7c",
      check: "locks/blocking-chain",
      identity: "billing-worker",
      severity: "warning",
      summary: "14 sessions wait behind billing-worker | <b>*idle*</b>\u001b[31m",
      foundAt: "2026-11-20T13:05:00.000Z",
      lastAt: "2026-11-20T13:05:00.000Z",
      endedAt: "2026-11-20T13:20:00.000Z",
      looks: 1,
      returns: 1,
    },
  ],
  unseen: [
    {
      check: "capacity/replication-slot",
      reason: "role pgvigil may not read pg_replication_slots",
      cure: "GRANT pg_monitor TO pgvigil;",
      blind: 55,
      asked: 55,
    },
  ],
  gaps: [{ from: "2026-11-20T14:05:00.000Z", until: "2026-11-20T14:35:00.000Z", looks: 2 }],
  events: [{ at: "2026-11-21T03:05:00.000Z", text: "it failed over: timeline 1 became 2" }],
  outcome: {
    migrations: ["42", "43"],
    schema: ["+ column public.orders.note", "~ index public.orders_number_key"],
  },
};

const watch: Watch = {
  schemaVersion: 1,
  nonce: "5f2c",
  id: "production/orders/20261120T120050Z-5f2c",
  target: { environment: "production", name: "orders" },
  state: "closed",
  deploy: "release-41",
  preparedAt: "2026-11-20T12:00:50.000Z",
  openedAt: "2026-11-20T12:05:00.000Z",
  by: "ci@example.com",
  phases: [{ every: 300, until: 172_800 }],
  baseline: { at: "2026-11-20T12:00:50.000Z", run: "run-1", checksum: "sha256:9c1e", vitals },
  checks: [],
  looks: [],
  seen: {},
  untold: 0,
  blind: {},
  series: {},
  closing,
};

export const notHealthy: WatchPicture = {
  watch,
  now: "2026-11-22T12:30:00.000Z",
  looks: { taken: 55, due: 57, planned: 57 },
  until: "2026-11-22T12:05:00.000Z",
  curves: [
    {
      name: "connections",
      unit: "count",
      points: [[12, 12], [20, 20], [40, 187], null, null, [90, 90], [44, 44]],
    },
    {
      name: "size",
      unit: "bytes",
      points: [[1e10, 1e10], [1.1e10, 1.1e10], null, [1.2e10, 1.2e10]],
    },
  ],
  closing,
};

const { closing: _, ...open } = watch;

export const healthySoFar: WatchPicture = {
  watch: { ...open, state: "open" },
  now: "2026-11-20T12:11:00.000Z",
  looks: { taken: 2, due: 2, planned: 57 },
  nextAt: "2026-11-20T12:15:00.000Z",
  until: "2026-11-22T12:05:00.000Z",
  curves: [],
  closing: {
    ...{ at: "2026-11-20T12:11:00.000Z", because: "over", verdict: "healthy" },
    lines: [{ mark: "PASS", area: "Server", text: "answers" }],
    ...{ found: [], unseen: [], gaps: [], events: [] },
  },
};

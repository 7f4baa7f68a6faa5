import type { Server } from "./server.ts";

/** The server of the checks' examples: a primary of today, asked by a role with pg_monitor. */
export const exampleServer: Server = {
  version: "18.4",
  versionNum: 180_004,
  database: "shop",
  databaseOid: 16_384,
  role: "pgvigil",
  inRecovery: false,
  systemIdentifier: "7301122334455667788",
  timeline: 1,
  startedAt: "2026-11-01T00:00:00.000000Z",
  now: "2026-11-20T03:00:00.000Z",
  backendPid: 4711,
  isSuperuser: false,
  bypassesRls: false,
  readsAllStats: true,
  readsAllSettings: true,
  readsAllData: false,
  extensions: {},
};

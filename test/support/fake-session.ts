import type { Row, Session, Statement } from "../../lib/core/ports.ts";
import type { Server } from "../../lib/core/server.ts";

export const someServer: Server = {
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

/** A session that answers as it is told, for what needs no PostgreSQL. */
export function fakeSession(
  answer: (statement: Statement) => Promise<readonly Row[]> | readonly Row[],
  server: Partial<Server> = {},
): Session & { readonly asked: Statement[]; isClosed: boolean } {
  const session = {
    server: { ...someServer, ...server },
    cost: { statements: 0, roundTrips: 0 },
    asked: [] as Statement[],
    isClosed: false,
    async rows(statement: Statement) {
      session.asked.push(statement);
      return answer(statement);
    },
    async [Symbol.asyncDispose]() {
      session.isClosed = true;
    },
  };
  return session;
}

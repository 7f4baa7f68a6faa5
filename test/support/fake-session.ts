import { exampleServer } from "../../lib/core/example-server.ts";
import type { Row, Session, Statement } from "../../lib/core/ports.ts";
import { type RawRow, rawRow } from "../../lib/core/raw-row.ts";
import type { Server } from "../../lib/core/server.ts";

/** A session that answers as it is told, for what needs no PostgreSQL. */
export function fakeSession(
  answer: (statement: Statement) => Promise<readonly Row[]> | readonly Row[],
  server: Partial<Server> = {},
): Session & { readonly asked: Statement[]; isClosed: boolean } {
  const session = {
    server: { ...exampleServer, ...server },
    cost: { statements: 0, roundTrips: 0 },
    asked: [] as Statement[],
    isClosed: false,
    async rows(statement: Statement) {
      session.asked.push(statement);
      return answer(statement);
    },
    async each(statement: Statement, begin: () => (row: RawRow) => void) {
      session.asked.push(statement);
      const take = begin();
      for (const row of await answer(statement)) take(rawRow(Object.values(row).map(asText)));
    },
    async [Symbol.asyncDispose]() {
      session.isClosed = true;
    },
  };
  return session;
}

const asText = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

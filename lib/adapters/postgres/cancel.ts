import { connect } from "node:net";
import type pg from "pg";

/** Milliseconds: a server that is not quick to take it is not worth waiting for. */
const patience = 1000;

/**
 * Asks the server to stop what it does for a client. It notices a client that merely hangs up
 * only when it has an answer to send. Sent unencrypted, as libpq does before PostgreSQL 17's: the
 * key in it can end our own statement and nothing else; a pooler that insists on TLS ignores it.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export async function cancel(client: pg.Client): Promise<void> {
  const { processID, secretKey, host, port }: Whom = Object(client);
  if (typeof processID !== "number" || typeof secretKey !== "number") return;
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(80_877_102, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  socket
    .setTimeout(patience, resolve)
    .on("error", () => resolve())
    .on("close", () => resolve());
  socket.end(request);
  // The server answers with nothing but hanging up, once the signal is on its way.
  socket.resume();
  const late = setTimeout(resolve, patience);
  await promise;
  clearTimeout(late);
  socket.destroy();
}

interface Whom {
  readonly processID?: unknown;
  readonly secretKey?: unknown;
  readonly host: string;
  readonly port: number;
}

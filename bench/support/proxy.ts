import { connect, createServer, type Socket } from "node:net";

/** What went through a proxy, as the server's side of the protocol sees it. */
export interface Traffic {
  connections: number;
  /** Messages that make the server run something: Query, and Parse or Execute of a new text. */
  statements: number;
  /** Times that the client spoke after the server had. */
  roundTrips: number;
}

export interface Proxy extends AsyncDisposable {
  readonly port: number;
  readonly traffic: Traffic;
  reset(): void;
}

interface Way {
  /** Round trips that the connection itself takes, which no proxy sees. */
  readonly handshakes?: number;
  /** False where another protocol is spoken. */
  readonly isPostgres?: boolean;
}

/** Between a client and PostgreSQL: counts, and delays either way by half the round-trip time. */
export async function proxyTo(
  host: string,
  port: number,
  roundTripMs = 0,
  { handshakes = 0, isPostgres = true }: Way = {},
): Promise<Proxy> {
  const traffic: Traffic = { connections: 0, statements: 0, roundTrips: 0 };
  const later = (send: () => void) => {
    if (roundTripMs === 0) send();
    else setTimeout(send, roundTripMs / 2);
  };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    traffic.connections += 1;
    const upstream = connect({ host, port, noDelay: true });
    client.setNoDelay(true);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => open.delete(socket));
    }
    const count = isPostgres ? messageCounter() : () => 0;
    let serverSpoke = true;
    let isOpen = handshakes === 0;
    client.on("data", (data) => {
      if (serverSpoke) traffic.roundTrips += 1;
      serverSpoke = false;
      traffic.statements += count(data);
      // Whoever speaks first waits for an answer before speaking again: the order is kept.
      if (isOpen) later(() => upstream.write(data));
      else setTimeout(() => later(() => upstream.write(data)), handshakes * roundTripMs);
      isOpen = true;
    });
    upstream.on("data", (data) => {
      serverSpoke = true;
      later(() => client.write(data));
    });
    client.on("end", () => later(() => upstream.end()));
    upstream.on("end", () => later(() => client.end()));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    traffic,
    reset: () => Object.assign(traffic, { connections: 0, statements: 0, roundTrips: 0 }),
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

/** Counts Query and Parse messages in a client's stream; the start-up packet has no type byte. */
function messageCounter(): (data: Buffer) => number {
  let rest: Buffer = Buffer.alloc(0);
  let started = false;
  return (data) => {
    rest = Buffer.concat([rest, data]);
    let found = 0;
    for (;;) {
      const head = started ? 5 : 4;
      if (rest.length < head) return found;
      const length = rest.readInt32BE(head - 4) + head - 4;
      if (rest.length < length) return found;
      const code = started ? String.fromCharCode(rest[0] ?? 0) : "";
      if (code === "Q" || code === "P") found += 1;
      // SSLRequest and GSSENCRequest are 8 bytes long and are followed by a start-up packet.
      if (!started && length !== 8) started = true;
      rest = rest.subarray(length);
    }
  };
}

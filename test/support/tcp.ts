import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface TestPort extends AsyncDisposable {
  readonly port: number;
  /** Every connection that was ever accepted. */
  readonly sockets: readonly Socket[];
}

/** A port on 127.0.0.1 where a test decides what is answered. */
export async function listen(answer: (socket: Socket) => void): Promise<TestPort> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    answer(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

export interface Proxy extends TestPort {
  /** From now on nothing passes, in either direction, and nobody is told. */
  freeze(): void;
}

/** A port that leads to another. */
export async function proxyTo(target: { host: string; port: number }): Promise<Proxy> {
  const onward: Socket[] = [];
  const port = await listen((socket) => {
    const other = connect(target.port, target.host);
    onward.push(other);
    other.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("close", () => other.destroy());
    socket.pipe(other).pipe(socket);
  });
  return {
    ...port,
    freeze() {
      for (const socket of [...port.sockets, ...onward]) socket.unpipe().pause();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of onward) socket.destroy();
      await port[Symbol.asyncDispose]();
    },
  };
}

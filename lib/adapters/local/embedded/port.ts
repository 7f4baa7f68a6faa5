import { once } from "node:events";
import { createServer } from "node:net";

/** A port that nobody listens on at this moment. It may be taken a moment later: try again then. */
export async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error(`${host} has no ports`);
  return address.port;
}

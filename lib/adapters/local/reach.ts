import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { messageOf } from "../../core/errors.ts";

/** One step on the way to a server, for `doctor`. */
export interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly cure?: string;
}

const isSocket = (host: string): boolean => host.startsWith("/");

/** Does the name have an address? */
export async function resolveHost(host: string): Promise<Step> {
  const name = "DNS";
  if (isSocket(host)) return { name, ok: true, detail: `not needed: the socket in ${host}` };
  try {
    const addresses = await lookup(host, { all: true });
    return { name, ok: true, detail: addresses.map(({ address }) => address).join(", ") };
  } catch (error) {
    return {
      name,
      ok: false,
      detail: messageOf(error),
      cure: `Is ${host} spelt right, and is this machine on the network (VPN) that knows it?`,
    };
  }
}

/** Does anybody listen? Milliseconds of patience. */
export async function reachPort(host: string, port: number, patience: number): Promise<Step> {
  const name = "TCP";
  if (isSocket(host)) {
    const path = `${host}/.s.PGSQL.${port}`;
    return existsSync(path)
      ? { name, ok: true, detail: `not needed: ${path}` }
      : { name, ok: false, detail: `there is no socket ${path}`, cure: "Is the server running?" };
  }
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = connect({ host, port, timeout: patience });
  socket.once("connect", () => resolve(undefined));
  socket.once("timeout", () => resolve(`no answer within ${patience / 1000} s`));
  socket.once("error", (error) => resolve(messageOf(error) || `port ${port} is closed`));
  const refusal = await promise;
  socket.destroy();
  if (refusal === undefined) {
    const took = Math.round(performance.now() - started);
    return { name, ok: true, detail: `port ${port} answers in ${took} ms` };
  }
  return {
    name,
    ok: false,
    detail: refusal,
    cure: refusal.startsWith("no answer")
      ? "A firewall or security group drops the packets: allow this machine to the port."
      : "Is the server running, and does it listen on this address (listen_addresses)?",
  };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { accountForServer } from "../../lib/adapters/local/embedded/account.ts";
import type { TestServer } from "./test-server.ts";
import { until } from "./until.ts";

/** Where PgBouncer is on this machine; no npm package brings it. */
export const pgbouncer: string | undefined = [
  ...(process.env.PATH ?? "").split(delimiter),
  "/usr/sbin",
  "/opt/homebrew/bin",
]
  .map((folder) => join(folder, "pgbouncer"))
  .find((path) => existsSync(path));

export interface TestPooler extends AsyncDisposable {
  readonly port: number;
}

export interface PoolerOptions {
  readonly server: Pick<TestServer, "host" | "port" | "user" | "password">;
  readonly settings: Readonly<Record<string, string | number>>;
  /** Role and password, as in its auth_file. */
  readonly users?: readonly (readonly [string, string])[];
}

/** A PgBouncer in front of every database of a server. */
export async function startPooler({
  server,
  settings,
  users = [],
}: PoolerOptions): Promise<TestPooler> {
  if (pgbouncer === undefined) throw new Error("no pgbouncer on PATH");
  const folder = mkdtempSync(join(tmpdir(), "pgbouncer-"));
  const port = await freePort();
  const words = {
    listen_addr: "127.0.0.1",
    listen_port: port,
    unix_socket_dir: "",
    auth_type: "scram-sha-256",
    auth_file: join(folder, "users"),
    ...settings,
  };
  const lines = Object.entries(words).map(([name, value]) => `${name} = ${value}`);
  const ini = join(folder, "pgbouncer.ini");
  writeFileSync(
    ini,
    `[databases]\n* = host=${server.host} port=${server.port}\n[pgbouncer]\n${lines.join("\n")}\n`,
  );
  writeFileSync(
    words.auth_file,
    [[server.user, server.password], ...users].map(([u, p]) => `"${u}" "${p}"\n`).join(""),
  );
  const account = accountForServer();
  if (account)
    for (const path of [folder, ini, words.auth_file]) chownSync(path, account.uid, account.gid);
  const child = spawn(pgbouncer, [ini], { stdio: "ignore", ...account });
  const ended = once(child, "exit");
  await until(() => accepts(port));
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGINT");
      const slow = setTimeout(() => child.kill("SIGKILL"), 2000);
      await ended;
      clearTimeout(slow);
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connectTcp(port, "127.0.0.1", () => resolve(true));
  socket.on("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

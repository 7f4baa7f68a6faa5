import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import type { EmbeddedServer } from "../../lib/adapters/local/embedded-postgres.ts";

/** What a test need know of a server: plain data, so that it can be handed to a worker. */
export type TestServer = Pick<
  EmbeddedServer,
  "major" | "version" | "host" | "port" | "user" | "password" | "directory"
>;

/** The server that the files of this project share. */
export const sharedServer = (): TestServer => inject("server");

export const serverLog = ({ directory }: TestServer): Promise<string> =>
  readFile(join(directory, "server.log"), "utf8");

export const uniqueName = (kind: string): string => `${kind}_${randomBytes(5).toString("hex")}`;

/** A connection that does not bring the process down when a test has its backend terminated. */
export async function connect(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** As superuser, in the database that nobody tests in. */
export async function asSuperuser<T>(
  { host, port, user, password }: TestServer,
  work: (client: pg.Client) => Promise<T>,
  database = "postgres",
): Promise<T> {
  const client = await connect({ host, port, user, password, database });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const admins = new Map<number, Promise<pg.Client>>();
let turn: Promise<unknown> = Promise.resolve();

/**
 * The same for what every test asks of the shared server: on one connection a worker, as each costs
 * more than what is asked, and one after the other. It goes with its worker.
 */
export async function asAdmin<T>(
  server: TestServer,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { host, port, user, password } = server;
  if (port !== sharedServer().port) return asSuperuser(server, work);
  const kept = admins.get(port) ?? connect({ host, port, user, password, database: "postgres" });
  admins.set(port, kept);
  const mine = turn.then(async () => work(await kept));
  turn = mine.catch(() => undefined);
  return mine;
}

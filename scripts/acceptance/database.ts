import pg from "pg";
import { serverUrl } from "../../lib/adapters/local/embedded/url.ts";
import { type EmbeddedServer, startEmbedded } from "../../lib/adapters/local/embedded-postgres.ts";
import type { User } from "./user.ts";

/** What `pgvigil init` prints: run as it is. */
export async function roleSqlOf(user: User): Promise<string> {
  const url = "postgres://localhost/shop";
  const said = await user.pgvigil("init", "--sql-only", "--yes", "--url", url);
  if (!said.stdout.includes("CREATE ROLE")) throw new Error(said.stderr);
  return said.stdout;
}

/** A shop on a PostgreSQL of its own, and ways to break it. */
export interface Shop extends AsyncDisposable {
  /** As pgvigil's role: a configuration holds no password. */
  readonly url: string;
  readonly password: string;
  sql(text: string): Promise<void>;
  /** A unique index that cannot be built is left behind, and refuses no duplicates. */
  leaveInvalidIndex(): Promise<void>;
  mendIndex(): Promise<void>;
  /** A session sits in a transaction until this is called. */
  sitIdle(): Promise<() => Promise<void>>;
}

const shop = `
CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number   text NOT NULL,
  customer bigint NOT NULL REFERENCES customers
);
INSERT INTO customers (name) VALUES ('Ada'), ('Grace');
INSERT INTO orders (number, customer) VALUES ('A-1', 1), ('A-1', 2);`;

/** @param roleSql what `pgvigil init` prints */
export async function startShop(roleSql: string): Promise<Shop> {
  const server = await startEmbedded();
  const password = "watch-only";
  try {
    await as(server, "postgres", "CREATE DATABASE shop");
    await as(server, "shop", shop);
    await as(server, "shop", roleSql);
    await as(server, "shop", `ALTER ROLE pgvigil PASSWORD '${password}'`);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  const sql = (text: string) => as(server, "shop", text);
  return {
    url: `postgres://pgvigil@${server.host}:${server.port}/shop?sslmode=disable`,
    password,
    sql,
    leaveInvalidIndex: () =>
      sql("CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number)").then(
        () => Promise.reject(new Error("the index could be built")),
        () => {},
      ),
    mendIndex: () => sql("DROP INDEX CONCURRENTLY orders_number_key"),
    async sitIdle() {
      const client = clientOf(server, "shop");
      await client.connect();
      await client.query("BEGIN; UPDATE orders SET number = number WHERE id = 1");
      return () => client.end();
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const clientOf = (server: EmbeddedServer, database: string): pg.Client => {
  const { user, password } = server;
  const client = new pg.Client({
    connectionString: serverUrl(server, { database, user, password }),
    application_name: "billing-worker",
  });
  client.on("error", () => {});
  return client;
};

async function as(server: EmbeddedServer, database: string, text: string): Promise<void> {
  const client = clientOf(server, database);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

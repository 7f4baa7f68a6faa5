import pg from "pg";
import { type EmbeddedServer, startEmbedded } from "../embedded-postgres.ts";
import { migrations, recordSql, stockSql, trackerSql } from "./shop.ts";

/** The demo's database and the hands of everybody who works on it. */
export interface Stage extends AsyncDisposable {
  readonly server: EmbeddedServer;
  /** As pgvigil's own least-privileged role. */
  readonly url: string;
  /** As the one who migrates. */
  sql(text: string): Promise<void>;
  /** A statement that is meant to fail and to leave something behind. */
  attempt(text: string): Promise<void>;
  /** Another session of the application, open until the demo ends. */
  open(applicationName: string): Promise<pg.Client>;
}

const database = "shop";
const password = "demo";

const settings = {
  autovacuum: "off", // it would mend what the demo breaks
  max_connections: "40",
  max_prepared_transactions: "4",
  max_slot_wal_keep_size: "1MB",
  min_wal_size: "32MB",
  max_wal_size: "48MB",
  wal_level: "replica",
};

/** Starts a throw-away server with an empty shop on it. */
export async function setStage(): Promise<Stage> {
  const server = await startEmbedded({ settings });
  const clients: pg.Client[] = [];
  const connect = async (user: string, secret: string, where: string, name: string) => {
    const client = new pg.Client({
      connectionString: server.url(where, user, secret),
      application_name: name,
    });
    client.on("error", () => undefined); // sessions die with the server at the end
    await client.connect();
    clients.push(client);
    return client;
  };
  const superuser = await connect(server.user, server.password, "postgres", "demo");
  await superuser.query(`CREATE ROLE shop LOGIN PASSWORD '${password}'`);
  await superuser.query(`CREATE DATABASE ${database} OWNER shop`);
  const owner = await connect(server.user, server.password, database, "psql");
  await owner.query("GRANT ALL ON SCHEMA public TO shop");
  await owner.query(`CREATE ROLE pgvigil LOGIN PASSWORD '${password}'`);
  return {
    server,
    url: server.url(database, "pgvigil", password),
    sql: async (text) => void (await owner.query(text)),
    attempt: async (text) => void (await owner.query(text).catch(() => undefined)),
    open: (name) => connect("shop", password, database, name),
    async [Symbol.asyncDispose]() {
      await server.stop("immediate");
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    },
  };
}

/** Applies every migration and fills the shelves. */
export async function openShop({ sql }: Stage): Promise<void> {
  await sql("SET ROLE shop");
  await sql(trackerSql);
  for (const migration of migrations) await sql(`${migration.sql}; ${recordSql(migration)}`);
  await sql(stockSql);
  await sql("RESET ROLE");
}

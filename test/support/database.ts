import type pg from "pg";
import { serverUrl } from "../../lib/adapters/local/embedded/url.ts";
import { drop } from "./drop.ts";
import { newRole, type RoleOptions, type TestRole } from "./role.ts";
import {
  asAdmin,
  connect,
  serverLog,
  sharedServer,
  type TestServer,
  uniqueName,
} from "./test-server.ts";

interface Login {
  /** A role made by `role()`, whose password is known then; otherwise the superuser. */
  readonly user?: string;
  readonly password?: string;
}

/** A database of one test. All that it has opened and made goes with it. */
export interface TestDatabase extends AsyncDisposable {
  readonly name: string;
  readonly major: number;
  readonly server: TestServer;
  /** As superuser, on one connection. Of several statements, the rows of the last. */
  sql<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
  /** Another connection, closed with the database. */
  connect(config?: Login & pg.ClientConfig): Promise<pg.Client>;
  /** A new role that may log in here, dropped with the database. */
  role(options?: RoleOptions): Promise<TestRole>;
  url(login?: Login): string;
  /** The server's log lines about this database. */
  log(): Promise<string>;
}

export interface DatabaseOptions {
  /** Another server than the one that is shared. */
  readonly server?: TestServer;
  /** Run first, as superuser. */
  readonly sql?: string;
  /** Further words for CREATE DATABASE: `LC_COLLATE 'C'`. */
  readonly words?: string;
}

export async function testDatabase(options: DatabaseOptions = {}): Promise<TestDatabase> {
  const { server = sharedServer(), sql = "", words = "" } = options;
  const name = uniqueName("test");
  // Files are copied in half the time of blocks by way of the WAL, which 13 and 14 know nothing of.
  const strategy = server.major >= 15 ? "STRATEGY file_copy" : "";
  // Not template1: an autovacuum worker may be in there, and CREATE DATABASE waits for it.
  await asAdmin(server, (admin) =>
    admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ${strategy} ${words}`),
  );
  const clients: pg.Client[] = [];
  const roles = new Map<string, string>();

  const loginOf = ({ user = server.user, password }: Login) => ({
    user,
    password: password ?? roles.get(user) ?? server.password,
  });
  const open = async (config: Login & pg.ClientConfig = {}) => {
    const { host, port } = server;
    const client = await connect({ host, port, database: name, ...config, ...loginOf(config) });
    clients.push(client);
    return client;
  };
  const superuser = await open({ application_name: "test" });

  const database: TestDatabase = {
    name,
    major: server.major,
    server,
    connect: open,
    async sql<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) {
      const answer: pg.QueryResult<Row> | pg.QueryResult<Row>[] = await superuser.query<Row>(
        text,
        values && [...values],
      );
      const last = Array.isArray(answer) ? answer.at(-1) : answer;
      return last?.rows ?? [];
    },
    async role(wanted = {}) {
      const { name: role, password, sql: statements } = newRole(name, wanted);
      await superuser.query(statements);
      roles.set(role, password);
      return { name: role, password };
    },
    url: (login = {}) => serverUrl(server, { database: name, ...loginOf(login) }),
    async log() {
      const lines = (await serverLog(server)).split("\n");
      return lines.filter((line) => line.includes(name)).join("\n");
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.end().catch(() => {})));
      await drop(server, name, [...roles.keys()]);
    },
  };
  if (sql) await superuser.query(sql);
  return database;
}

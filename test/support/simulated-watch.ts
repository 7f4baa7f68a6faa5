import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as connectSocket, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import type pg from "pg";
import type { EmbeddedServer } from "../../lib/adapters/local/embedded-postgres.ts";
import { watch as command } from "../../lib/cli/commands/watch.ts";
import { fleetOf } from "../../lib/cli/fleet.ts";
import type { Io } from "../../lib/cli/io.ts";
import { prepare, start } from "../../lib/cli/watch/begin.ts";
import { printed, type WatchFormat } from "../../lib/cli/watch/print.ts";
import { runOnce } from "../../lib/cli/watch/run.ts";
import type { Watching } from "../../lib/cli/watch/step.ts";
import { withStore } from "../../lib/cli/watch/store.ts";
import { tellerFor } from "../../lib/cli/watch/teller.ts";
import { parseWords } from "../../lib/cli/words.ts";
import type { Message } from "../../lib/core/alert.ts";
import { renderDigest } from "../../lib/render/alerts/digest.ts";
import { renderBulletin } from "../../lib/render/alerts/index.ts";
import { plainOf } from "../../lib/render/alerts/plain.ts";
import { newestWatch } from "../../lib/watch/keep.ts";
import { ownServer } from "./own-server.ts";
import { sharedSettings } from "./settings.ts";
import { startStandby } from "./standby.ts";
import { listen } from "./tcp.ts";
import { connect } from "./test-server.ts";

/** A mail as it was sent: day and time of the turned clock, the word it begins with, its checks. */
type Sent = `${string} [${string}] ${string}`;

/** A database behind an address that can lead elsewhere or nowhere, watched on a turned clock. */
export interface Simulation extends AsyncDisposable {
  /** On whatever answers now, as superuser. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  session(application: string): Promise<pg.Client>;
  /** So many minutes after the deployment, for all that comes. */
  clock(minutes: number): void;
  prepare(): Promise<void>;
  start(deploy: string): Promise<void>;
  /** What cron does. */
  tick(): Promise<string>;
  status(format: WatchFormat): Promise<string>;
  /** Nobody answers, until `answer`. */
  silence(): void;
  answer(): void;
  failOver(): Promise<void>;
  readonly mails: readonly Sent[];
  readonly bodies: readonly Message[];
}

const noon = Date.parse("2026-11-20T12:00:00Z");

export async function simulate({
  setup,
  checks,
}: {
  readonly setup: string;
  readonly checks: string;
}): Promise<Simulation> {
  // The same on both: a standby that is set otherwise would be told, and rightly.
  const settings = {
    ...sharedSettings,
    hot_standby: "on",
    shared_preload_libraries: "pg_stat_statements",
    max_connections: "60",
    autovacuum: "off",
  };
  const primary = await ownServer(settings);
  const admin = await connect({ ...loginOf(primary), database: "postgres" });
  await admin.query("CREATE DATABASE shop TEMPLATE template0");
  await admin.end();
  let clients: pg.Client[] = [];
  let server: EmbeddedServer = primary;
  const open = async (application: string) => {
    const client = await connect({
      ...loginOf(server),
      database: "shop",
      application_name: application,
    });
    clients.push(client);
    return client;
  };
  let load = await open("load");
  await load.query(setup);
  const standby = await startStandby(primary, settings);

  let isSilent = false;
  const sockets: Socket[] = [];
  const door = await listen((socket) => {
    if (isSilent) return void socket.destroy();
    const other = connectSocket(server.port, server.host);
    sockets.push(other);
    other.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("close", () => other.destroy());
    socket.pipe(other).pipe(socket);
  });
  const folder = await mkdtemp(join(tmpdir(), "simulation-"));
  await writeFile(
    join(folder, "pgvigil.config.yaml"),
    `
schemaVersion: 1
store: ./store
environments:
  production:
    owner: payments
    auth: { passwordEnv: SECRET }
    targets: { orders: { url: "postgres://${primary.user}@127.0.0.1:${door.port}/shop" } }
owners: { payments: { contact: "#payments" } }
checks:
${checks}`,
  );

  let now = noon;
  const bodies: Message[] = [];
  const mails: Sent[] = [];
  const said: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      said.push(String(chunk));
      done();
    },
  });
  const io: Io = {
    ...{ stdout: stream, stderr: stream, env: { SECRET: primary.password }, cwd: folder },
    ...{ isTerminal: { stdout: false, stderr: false }, columns: 100 },
    clock: () => new Date(now),
    signal: new AbortController().signal,
  };
  const outlet = {
    name: "test",
    async send(message: Message) {
      bodies.push(message);
      if (message.topic !== "alerts") return;
      const [tag = ""] = message.subject?.split("]") ?? [];
      const checks = [message.attributes.check ?? []].flat().join(", ");
      const at = io.clock().toISOString().slice(8, 16).replace("T", " ");
      mails.push(`${at} [${tag.slice(1)}] ${checks}`);
    },
  };
  const delivery = {
    outlets: [outlet],
    renderers: { bulletin: renderBulletin, digest: renderDigest, plain: plainOf },
  };
  const watching = async (...args: readonly string[]) => {
    const words = parseWords(command, args);
    const fleet = withStore(await fleetOf(words, io));
    const teller = tellerFor(fleet.store, words, io, delivery);
    const all = fleet.targets.map((each): Watching => ({ each, fleet, teller, io }));
    const [one] = all;
    if (one === undefined) throw new Error("no target");
    return { one, all, words };
  };
  return {
    mails,
    bodies,
    sql: async (text, values) => (await load.query(text, values && [...values])).rows ?? [],
    session: open,
    clock(minutes) {
      now = noon + minutes * 60_000;
    },
    async prepare() {
      const { one, words } = await watching("prepare");
      await prepare(one, words, "never");
    },
    async start(deploy) {
      const { one, words } = await watching("start", "--deploy", deploy, "--by", "ci@example.com");
      await start(one, words, "never");
    },
    async tick() {
      said.length = 0;
      const { all } = await watching("run", "--once");
      await runOnce(all, "never", "text");
      return said.join("");
    },
    async status(format) {
      const { one } = await watching("status");
      const watch = await newestWatch(one.fleet.store, one.each.target);
      return watch === undefined ? "" : printed(watch, format, io);
    },
    silence() {
      isSilent = true;
      for (const socket of sockets.splice(0)) socket.destroy();
    },
    answer() {
      isSilent = false;
    },
    async failOver() {
      await Promise.all(clients.map((client) => client.end().catch(() => {})));
      clients = [];
      await caughtUp(primary, standby);
      const other = await connect({ ...loginOf(standby), database: "postgres" });
      await other.query("SELECT pg_promote(true, 60)");
      await other.end();
      server = standby;
      await primary.stop("immediate");
      for (const socket of sockets.splice(0)) socket.destroy();
      load = await open("load");
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.end().catch(() => {})));
      await door[Symbol.asyncDispose]();
      await primary.stop("immediate");
      await standby.stop("immediate");
      await rm(folder, { recursive: true });
    },
  };
}

const loginOf = ({ host, port, user, password }: EmbeddedServer) => ({
  host,
  port,
  user,
  password,
});

async function caughtUp(primary: EmbeddedServer, standby: EmbeddedServer): Promise<void> {
  const [a, b] = [
    await connect({ ...loginOf(primary), database: "postgres" }),
    await connect({ ...loginOf(standby), database: "postgres" }),
  ];
  const { rows } = await a.query<{ lsn: string }>("SELECT pg_current_wal_lsn()::text AS lsn");
  for (;;) {
    const answer = await b.query<{ there: boolean }>(
      "SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS there",
      [rows[0]?.lsn],
    );
    if (answer.rows[0]?.there) break;
    await new Promise((later) => setTimeout(later, 20));
  }
  await a.end();
  await b.end();
}

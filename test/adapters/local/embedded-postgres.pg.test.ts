import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  EmbeddedPostgresError,
  type EmbeddedServer,
  startEmbedded,
} from "../../../lib/adapters/local/embedded-postgres.ts";
import { isAlive } from "../../support/is-alive.ts";
import { connect, sharedServer } from "../../support/test-server.ts";
import { until } from "../../support/until.ts";

const { major } = sharedServer();

async function ask(server: EmbeddedServer, sql: string): Promise<unknown> {
  const client = await connect({ connectionString: server.url() });
  const { rows } = await client.query({ text: sql, rowMode: "array" });
  await client.end();
  return rows[0]?.[0];
}

// One for all tests that do it no harm.
let server: EmbeddedServer;
beforeAll(async () => {
  server = await startEmbedded({
    major,
    settings: { log_line_prefix: "it's \\here ", work_mem: "5MB" },
    initdbArgs: ["--encoding=LATIN1"],
  });
});
afterAll(() => server.stop());

test("a server answers on its url, with its major and its version", async () => {
  expect(await ask(server, "SHOW server_version")).toBe(server.version);
  expect(server.major).toBe(major);
  expect(server.host).toBe("127.0.0.1");
});

test("its folder is private, and it runs without the rights of root", async () => {
  const { mode, uid } = await stat(server.directory);
  expect(mode & 0o777).toBe(0o700);
  expect(uid).not.toBe(0);
});

test("words for initdb are added to ours and win", async () => {
  expect(await ask(server, "SHOW server_encoding")).toBe("LATIN1");
  expect(await ask(server, "SELECT datcollate FROM pg_database LIMIT 1")).toBe("C");
});

test("settings may have quotes and backslashes", async () => {
  expect(await ask(server, "SHOW log_line_prefix")).toBe("it's \\here ");
});

test("a restart keeps port and data, and adds settings to those before", async () => {
  await ask(server, "CREATE TABLE kept AS SELECT 42 AS n");
  const before = { url: server.url(), pid: server.pid };
  await server.restart({ max_connections: "30" });
  expect(server.url()).toBe(before.url);
  expect(server.pid).not.toBe(before.pid);
  expect(await ask(server, "SELECT n FROM kept")).toBe(42);
  expect(await ask(server, "SHOW max_connections")).toBe("30");
  expect(await ask(server, "SHOW work_mem")).toBe("5MB");
});

test("ALTER SYSTEM wins over the settings", async () => {
  await ask(server, "ALTER SYSTEM SET work_mem = '7MB'");
  await ask(server, "SELECT pg_reload_conf()");
  await until(async () => (await ask(server, "SHOW work_mem")) === "7MB");
});

test("a server that was killed is started again by restart", async () => {
  // Before 15 an autovacuum launcher outlives its postmaster for as long as it waits for statistics.
  await using victim = await startEmbedded({ major, settings: { autovacuum: "off" } });
  process.kill(victim.pid, "SIGKILL");
  await until(() => !isAlive(victim.pid));
  await until(() => victim.restart().then(() => true));
  expect(await ask(victim, "SELECT 1")).toBe(1);
});

test("a setting that it does not know is told with the end of the log", async () => {
  const start = startEmbedded({ major, settings: { no_such_setting: "1" } });
  await expect(start).rejects.toThrow(EmbeddedPostgresError);
  await expect(start).rejects.toThrow(/did not start.*\n.*\n.*"no_such_setting"/);
});

test("what initdb has against its words is told", async () => {
  const start = startEmbedded({ major, initdbArgs: ["--no-such-word"] });
  await expect(start).rejects.toThrow(/initdb could not make a new cluster.*no-such-word/s);
});

test("two that start at once do not get in each other's way, and leave nothing behind", async () => {
  const both = await Promise.all([
    startEmbedded({ major, durable: true }),
    startEmbedded({ major }),
  ]);
  expect(await Promise.all(both.map((one) => ask(one, "SHOW fsync")))).toEqual(["on", "off"]);
  for (const one of both) {
    await Promise.all([one.stop(), one.stop("immediate")]);
    await one.stop();
    expect(isAlive(one.pid)).toBe(false);
    expect(existsSync(one.directory)).toBe(false);
    await expect(one.restart()).rejects.toThrow("has been stopped");
  }
});

import { afterEach, expect, test } from "vitest";
import type { EmbeddedServer } from "../../../lib/adapters/local/embedded-postgres.ts";
import { openSession } from "../../../lib/adapters/postgres/session.ts";
import { serverUnreachable } from "../../../lib/checks/server/unreachable.ts";
import { look, saying } from "../../support/look.ts";
import { ownServer } from "../../support/own-server.ts";
import { connect } from "../../support/test-server.ts";

const servers: EmbeddedServer[] = [];
const start = async (settings: Record<string, string> = {}) => {
  const server = await ownServer({
    shared_buffers: "16MB",
    restart_after_crash: "off",
    ...settings,
  });
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop("immediate");
});

const sleeping = { id: "try", sql: "SELECT pg_catalog.pg_sleep(30)::text AS slept" };

test("a full server: nobody can connect, and that is critical", async () => {
  const server = await start({
    max_connections: "4",
    superuser_reserved_connections: "1",
    max_wal_senders: "0",
  });
  const admin = await connect({ connectionString: server.url() });
  await admin.query("CREATE ROLE vigil LOGIN PASSWORD 'vigil'");
  const url = server.url("postgres", "vigil", "vigil");
  const clients = [
    admin,
    await connect({ connectionString: url }),
    await connect({ connectionString: url }),
  ];
  await expect(openSession({ connectionString: url })).rejects.toMatchObject({
    errorClass: "too-many-connections",
    sqlstate: "53300",
    message: expect.stringContaining("remaining connection slots are reserved"),
  });
  const outcome = await look(url, serverUnreachable);
  expect({ status: outcome.status, found: saying(outcome) }).toEqual({
    status: "failed",
    found: ["critical server"],
  });
  clients.push(await connect({ connectionString: server.url() }));
  await expect(openSession({ connectionString: server.url() })).rejects.toMatchObject({
    errorClass: "too-many-connections",
    message: "sorry, too many clients already",
  });
  for (const client of clients) await client.end();
});

test("our own backend is killed: the server throws everybody out", async () => {
  const server = await start({ restart_after_crash: "on" });
  await using session = await openSession({ connectionString: server.url() });
  const waiting = session.rows(sleeping);
  setTimeout(() => process.kill(session.server.backendPid, "SIGKILL"), 100);
  await expect(waiting).rejects.toMatchObject({ errorClass: "going-away" });
});

test("another backend is killed: the crash is told as one", async () => {
  const server = await start();
  const other = await connect({ connectionString: server.url() });
  const { rows } = await other.query("SELECT pg_backend_pid() AS pid");
  await using session = await openSession({ connectionString: server.url() });
  const waiting = session.rows(sleeping);
  setTimeout(() => process.kill(rows[0].pid, "SIGKILL"), 100);
  await expect(waiting).rejects.toMatchObject({ errorClass: "going-away" });
  await expect(session.rows(sleeping)).rejects.toMatchObject({ errorClass: "going-away" });
});

test("the server is shut down in the middle of a question, and is gone afterwards", async () => {
  const server = await start();
  const url = server.url();
  await using session = await openSession({ connectionString: url });
  const waiting = session.rows(sleeping);
  waiting.catch(() => undefined);
  await server.stop("fast");
  await expect(waiting).rejects.toMatchObject({ errorClass: "going-away", sqlstate: "57P01" });
  await expect(openSession({ connectionString: url })).rejects.toMatchObject({
    errorClass: "unreachable",
    message: expect.stringContaining("refused the connection"),
  });
});

test("the server is stopped at once, without a goodbye that helps", async () => {
  const server = await start();
  await using session = await openSession({ connectionString: server.url() });
  const waiting = session.rows(sleeping);
  waiting.catch(() => undefined);
  await server.stop("immediate");
  await expect(waiting).rejects.toMatchObject({ errorClass: "going-away" });
});

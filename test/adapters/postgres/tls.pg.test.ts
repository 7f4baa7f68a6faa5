import { chmodSync, chownSync, copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedServer } from "../../../lib/adapters/local/embedded-postgres.ts";
import { clientConfigOf } from "../../../lib/adapters/postgres/config.ts";
import { openSession } from "../../../lib/adapters/postgres/session.ts";
import { ownServer } from "../../support/own-server.ts";
import { asSuperuser } from "../../support/test-server.ts";
import { until } from "../../support/until.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/tls");
const root = join(fixtures, "root.crt");
let server: EmbeddedServer;

beforeAll(async () => {
  server = await ownServer({ shared_buffers: "16MB" });
});
afterAll(() => server.stop("immediate"));

/** The server's own copy, which must be its own and private. */
function install(name: string): string {
  const data = join(server.directory, "data");
  const path = join(data, name);
  copyFileSync(join(fixtures, name), path);
  chmodSync(path, 0o600);
  const { uid, gid } = statSync(data);
  chownSync(path, uid, gid);
  return path;
}

/** The server shows this certificate from now on. */
async function show(certificate: string): Promise<void> {
  const key = install("server.key");
  const ca = install("root.crt");
  const cert = install(certificate);
  const hba = join(server.directory, "data", "pg_hba.conf");
  writeFileSync(
    hba,
    [
      "hostssl postgres certified all cert",
      "hostssl postgres guest all trust",
      "host all postgres all scram-sha-256",
    ].join("\n"),
  );
  const before = await nowAt();
  await asSuperuser(server, async (admin) => {
    await admin.query(`ALTER SYSTEM SET ssl_cert_file = '${cert}'`);
    await admin.query(`ALTER SYSTEM SET ssl_key_file = '${key}'`);
    await admin.query(`ALTER SYSTEM SET ssl_ca_file = '${ca}'`);
    await admin.query("ALTER SYSTEM SET ssl = on");
    await admin.query("SELECT pg_reload_conf()");
  });
  await until(async () => (await nowAt()) !== before);
}

const nowAt = () =>
  asSuperuser(server, async (admin) => {
    const { rows } = await admin.query("SELECT pg_conf_load_time()::text AS at");
    return rows[0].at;
  });

const attempt = (parameters: string, host = "localhost", user = "postgres") =>
  openSession(
    clientConfigOf({
      url: `postgres://${user}@${host}:${server.port}/postgres?${parameters}`,
      env: { PGPASSWORD: server.password },
      home: "/nowhere",
    }).client,
  );

const isEncrypted = async (parameters: string, host?: string, user?: string): Promise<boolean> => {
  await using session = await attempt(parameters, host, user);
  const [row] = await session.rows({
    id: "ssl",
    sql: `SELECT s.ssl AS "isOn" FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_catalog.pg_backend_pid()`,
  });
  return row?.isOn === true;
};

test("a certificate of a trusted root that names this host", async () => {
  await show("server.crt");
  expect(await isEncrypted(`sslrootcert=${root}`)).toBe(true);
  expect(await isEncrypted(`sslrootcert=${root}`, "127.0.0.1")).toBe(true);
  expect(await isEncrypted(`sslrootcert=${root}&sslmode=verify-ca`)).toBe(true);
  expect(await isEncrypted("sslmode=require")).toBe(true);
  expect(await isEncrypted("sslmode=prefer")).toBe(true);
  expect(await isEncrypted("sslmode=disable")).toBe(false);
  expect(await isEncrypted("")).toBe(false); // nobody listens in on loopback
});

test("a root that nobody trusts", async () => {
  await show("server.crt");
  await expect(attempt("sslmode=verify-full")).rejects.toMatchObject({
    errorClass: "tls",
    message: expect.stringContaining("an authority not trusted here"),
    hint: expect.stringContaining("sslrootcert=FILE"),
  });
});

test("a self-signed certificate, and how it is trusted", async () => {
  await show("self-signed.crt");
  await expect(attempt("sslmode=verify-full")).rejects.toMatchObject({
    errorClass: "tls",
    message: expect.stringContaining("is self-signed"),
  });
  expect(await isEncrypted(`sslrootcert=${join(fixtures, "self-signed.crt")}`)).toBe(true);
});

test("a certificate for another name: refused in full, accepted where only the root counts", async () => {
  await show("other-name.crt");
  await expect(attempt(`sslrootcert=${root}`)).rejects.toMatchObject({
    errorClass: "tls",
    message: `the certificate of localhost:${server.port} is for another name`,
  });
  expect(await isEncrypted(`sslrootcert=${root}&sslmode=verify-ca`)).toBe(true);
  expect(await isEncrypted(`sslrootcert=${root}&sslmode=require`)).toBe(true);
  expect(await isEncrypted(`sslrootcert=${root}&hostaddr=127.0.0.1`, "orders.example.com")).toBe(
    true,
  );
});

test("an expired certificate", async () => {
  await show("expired.crt");
  for (const mode of ["verify-full", "verify-ca"]) {
    await expect(attempt(`sslrootcert=${root}&sslmode=${mode}`)).rejects.toMatchObject({
      errorClass: "tls",
      message: expect.stringContaining("has expired"),
    });
  }
});

test("a role that is admitted with TLS only says so", async () => {
  await show("server.crt");
  await expect(attempt("sslmode=disable", "127.0.0.1", "guest")).rejects.toMatchObject({
    errorClass: "tls",
    sqlstate: "28000",
    hint: expect.stringContaining("only with TLS"),
  });
  await expect(attempt("sslmode=require", "127.0.0.1", "stranger")).rejects.toMatchObject({
    errorClass: "authentication",
    hint: expect.stringContaining("pg_hba.conf needs a line: hostssl postgres stranger"),
  });
});

test("a client certificate, also with a password on its key", async () => {
  await show("server.crt");
  await asSuperuser(server, (admin) =>
    admin.query(
      `DO $$ BEGIN CREATE ROLE certified LOGIN; EXCEPTION WHEN duplicate_object THEN END $$`,
    ),
  );
  const ours = `sslrootcert=${root}&sslcert=${join(fixtures, "client.crt")}&sslkey=${fixtures}`;
  await expect(attempt(`sslrootcert=${root}`, "localhost", "certified")).rejects.toMatchObject({
    errorClass: "tls",
    hint: expect.stringContaining("sslcert=FILE"),
  });
  // Its name is pgvigil_client, and there is no map that makes it this role.
  await expect(attempt(`${ours}/client.key`, "localhost", "certified")).rejects.toMatchObject({
    errorClass: "authentication",
  });
  await asSuperuser(server, (admin) =>
    admin.query("ALTER ROLE certified RENAME TO pgvigil_client"),
  );
  const hba = join(server.directory, "data", "pg_hba.conf");
  writeFileSync(hba, readFileSync(hba, "utf8").replace("certified", "pgvigil_client"));
  await asSuperuser(server, (admin) => admin.query("SELECT pg_reload_conf()"));
  const me = "pgvigil_client";
  await until(() => isEncrypted(`${ours}/client.key`, "localhost", me));
  expect(
    await isEncrypted(`${ours}/client-encrypted.key&sslpassword=open-sesame`, "localhost", me),
  ).toBe(true);
  await expect(
    attempt(`${ours}/client-encrypted.key&sslpassword=wrong`, "localhost", me),
  ).rejects.toMatchObject({
    errorClass: "tls",
    hint: expect.stringContaining("sslpassword"),
  });
});

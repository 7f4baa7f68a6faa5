import { expect, test } from "vitest";
import { clientConfigOf } from "../../../lib/adapters/postgres/config.ts";
import { openSession } from "../../../lib/adapters/postgres/session.ts";
import { testDatabase } from "../../support/database.ts";
import { asSuperuser } from "../../support/test-server.ts";

/** As the product connects. */
const attempt = (url: string) => openSession(clientConfigOf({ url, env: {} }).client);

test("a wrong password", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  await expect(attempt(db.url({ user: name, password: "wrong" }))).rejects.toMatchObject({
    errorClass: "authentication",
    sqlstate: "28P01",
    message: expect.stringContaining(name),
  });
});

test("a password that is wanted and not given", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  const url = `postgres://${name}@${db.server.host}:${db.server.port}/${db.name}`;
  await expect(
    openSession(clientConfigOf({ url, env: {}, home: "/nowhere" }).client),
  ).rejects.toMatchObject({
    errorClass: "authentication",
    message: `the server asks for the password of ${name}, and none was given`,
    hint: expect.stringContaining("PGPASSWORD"),
  });
});

test("a role that may not log in", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  await db.sql(`ALTER ROLE ${name} NOLOGIN`);
  await expect(attempt(db.url({ user: name }))).rejects.toMatchObject({
    errorClass: "authentication",
    sqlstate: "28000",
    hint: `ALTER ROLE "${name}" LOGIN;`,
  });
});

test("a database that is not there", async () => {
  await using db = await testDatabase();
  await expect(attempt(db.url().replace(db.name, "no_such_database"))).rejects.toMatchObject({
    errorClass: "authentication",
    sqlstate: "3D000",
    hint: expect.stringContaining("'no_such_database'"),
  });
});

test("a database that this role may not enter: the hint is the GRANT that cures it", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  await db.sql(`REVOKE CONNECT ON DATABASE ${db.name} FROM PUBLIC, ${name}`);
  const error = await attempt(db.url({ user: name })).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ errorClass: "privilege", sqlstate: "42501" });
  await db.sql(Object(error).hint);
  await using session = await attempt(db.url({ user: name }));
  expect(session.server.role).toBe(name);
});

test("a role at its connection limit, and the words that raise it", async () => {
  await using db = await testDatabase();
  const { name } = await db.role({ attributes: "CONNECTION LIMIT 1" });
  await db.connect({ user: name });
  const error = await attempt(db.url({ user: name })).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    errorClass: "too-many-connections",
    sqlstate: "53300",
    message: `too many connections for role ${name}: it is at its own limit`,
  });
  await db.sql(/ALTER ROLE.*;/.exec(Object(error).hint)?.[0] ?? "");
  await using session = await attempt(db.url({ user: name }));
  expect(session.server.role).toBe(name);
});

test("a database at its connection limit", async () => {
  await using db = await testDatabase();
  const first = await db.role();
  const second = await db.role();
  await db.connect({ user: first.name });
  await db.sql(`ALTER DATABASE ${db.name} CONNECTION LIMIT 1`);
  await expect(attempt(db.url({ user: second.name }))).rejects.toMatchObject({
    errorClass: "too-many-connections",
    message: `too many connections for database ${db.name}: it is at its own limit`,
  });
  await db.sql(`ALTER DATABASE ${db.name} CONNECTION LIMIT -1`);
});

test("a database closed to connections", async () => {
  await using db = await testDatabase();
  const allow = (answer: boolean) =>
    asSuperuser(db.server, (admin) =>
      admin.query(`ALTER DATABASE ${db.name} ALLOW_CONNECTIONS ${answer}`),
    );
  await allow(false);
  await expect(attempt(db.url())).rejects.toMatchObject({
    errorClass: "unreachable",
    hint: expect.stringContaining("datallowconn"),
  });
  await allow(true);
});

test("a standby was asked for, and this is the primary", async () => {
  await using db = await testDatabase();
  await expect(attempt(`${db.url()}?target_session_attrs=standby`)).rejects.toMatchObject({
    errorClass: "unreachable",
    message: expect.stringMatching(/is the primary, not the standby asked for$/),
  });
  await using session = await attempt(`${db.url()}?target_session_attrs=read-write`);
  expect(session.server.inRecovery).toBe(false);
});

test("TLS is preferred, the server has none: it goes on without; required, it does not", async () => {
  await using db = await testDatabase();
  await using session = await attempt(`${db.url()}?sslmode=prefer`);
  expect(session.server.database).toBe(db.name);
  await expect(attempt(`${db.url()}?sslmode=require`)).rejects.toMatchObject({
    errorClass: "tls",
    message: expect.stringMatching(/offers no TLS$/),
  });
});

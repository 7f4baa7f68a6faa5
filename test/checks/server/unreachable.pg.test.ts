import pg from "pg";
import { expect, test } from "vitest";
import { serverUnreachable } from "../../../lib/checks/server/unreachable.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { ownServer } from "../../support/own-server.ts";

test("a database that answers says who it is", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  const outcome = await look(db.url({ user: name }), serverUnreachable);
  expect(outcome.status).toBe("passed");
  expect(outcome.scope).toMatch(
    new RegExp(`^PostgreSQL ${db.major}.*, database ${db.name} as ${name}$`),
  );
});

test("a port where nobody listens fails, with what to do", async () => {
  const outcome = await look("postgres://nobody@127.0.0.1:1/none", serverUnreachable);
  expect(outcome).toMatchObject({ status: "failed", cause: "unreachable", findings: [] });
});

test("a server that is full is critical: nobody can connect", async () => {
  await using server = await ownServer({
    max_connections: "6",
    superuser_reserved_connections: "1",
    max_wal_senders: "0",
  });
  const admin = new pg.Client({ connectionString: server.url() });
  await admin.connect();
  await admin.query("CREATE ROLE plain LOGIN PASSWORD 'plain'");
  const url = server.url("postgres", "plain", "plain");
  const crowd: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    if (
      !(await client.connect().then(
        () => true,
        () => false,
      ))
    )
      break;
    crowd.push(client);
  }
  const outcome = await look(url, serverUnreachable);
  expect(outcome).toMatchObject({ status: "failed", errorClass: "too-many-connections" });
  expect(saying(outcome)).toEqual(["critical server"]);
  await Promise.all([admin, ...crowd].map((client) => client.end()));
});

test("a role at its own limit says so, and that it is no outage", async () => {
  await using db = await testDatabase();
  const { name } = await db.role({ attributes: "CONNECTION LIMIT 1" });
  await db.connect({ user: name });
  const outcome = await look(db.url({ user: name }), serverUnreachable);
  expect(outcome).toMatchObject({
    status: "failed",
    errorClass: "too-many-connections",
    findings: [],
  });
  expect(outcome.cure).toContain("CONNECTION LIMIT");
});

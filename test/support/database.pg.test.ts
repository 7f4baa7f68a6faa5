import pg from "pg";
import { expect, test } from "vitest";
import { testDatabase } from "./database.ts";
import { asSuperuser, sharedServer } from "./test-server.ts";
import { until } from "./until.ts";

const databases = (name: string) =>
  asSuperuser(sharedServer(), async (admin) => {
    const { rows } = await admin.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    return rows.length;
  });

test("a test has a fresh database on the major of its project", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  expect(await db.sql("SELECT count(*)::int AS n FROM orders")).toEqual([{ n: 0 }]);
  const [row] = await db.sql<{ major: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS major",
  );
  expect(row?.major).toBe(db.major);
});

test("of several statements, sql returns the rows of the last", async () => {
  await using db = await testDatabase();
  expect(await db.sql("SELECT 1 AS a; SELECT 2 AS b")).toEqual([{ b: 2 }]);
  expect(await db.sql("SELECT $1::int AS c", [3])).toEqual([{ c: 3 }]);
});

test("two databases do not see each other", async () => {
  await using one = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  await using other = await testDatabase({ sql: "CREATE TABLE orders (id text)" });
  expect(one.name).not.toBe(other.name);
});

test("a role logs in with its password and sees what it was granted", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const reader = await db.role({ grants: ["SELECT ON orders", "pg_monitor"] });
  const client = await db.connect({ user: reader.name });
  const { rows } = await client.query("SELECT current_user AS who, count(*)::int AS n FROM orders");
  expect(rows).toEqual([{ who: reader.name, n: 0 }]);
  await expect(client.query("INSERT INTO orders VALUES (1)")).rejects.toThrow("permission denied");
});

test("a wrong password is refused, on 127.0.0.1 as well", async () => {
  await using db = await testDatabase();
  await expect(db.connect({ password: "wrong" })).rejects.toThrow("password authentication failed");
});

test("its url is enough to connect", async () => {
  await using db = await testDatabase();
  const { name } = await db.role({ attributes: "CONNECTION LIMIT 1" });
  const client = new pg.Client(db.url({ user: name }));
  await client.connect();
  const { rows } = await client.query("SELECT current_database() AS name");
  await client.end();
  expect(rows).toEqual([{ name: db.name }]);
});

test("database and roles are gone afterwards, whatever the test left in them", async () => {
  const db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const owner = await db.role({
    grants: [`CREATE ON DATABASE ${db.name}`],
    attributes: "CREATEDB",
  });
  const busy = await db.connect({ user: owner.name });
  await busy.query("CREATE SCHEMA own; CREATE TABLE own.things (id int)");
  await db.sql(`SELECT pg_create_logical_replication_slot('left_in_${db.name}', 'test_decoding')`);
  await busy.query("BEGIN; SELECT 1");
  // Last, as a slot waits for every transaction that was prepared before it.
  const preparer = await db.connect();
  await preparer.query("BEGIN; INSERT INTO orders VALUES (1); PREPARE TRANSACTION 'left behind'");
  await db.sql(
    `CREATE SUBSCRIPTION left_in_${db.name} CONNECTION 'host=nowhere'
       PUBLICATION p WITH (connect = false)`,
  );
  await db[Symbol.asyncDispose]();

  expect(await databases(db.name)).toBe(0);
  const roles = await asSuperuser(sharedServer(), (admin) =>
    admin.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [owner.name]),
  );
  expect(roles.rows).toEqual([]);
});

test("its log has what the server said about this database, and nothing else", async () => {
  await using db = await testDatabase();
  await expect(db.sql("SELECT 1/0 AS mine")).rejects.toThrow("division by zero");
  const log = await until(() => db.log());
  expect(log).toContain("division by zero");
  expect(log.split("\n").every((line) => line.includes(db.name))).toBe(true);
});

test("pg_stat_statements can be created where the package brings it", async () => {
  await using db = await testDatabase();
  const [there] = await db.sql<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_available_extensions WHERE name = 'pg_stat_statements'",
  );
  if (there?.n === 0) return;
  await db.sql("CREATE EXTENSION pg_stat_statements");
  expect(await db.sql("SELECT 1 AS one FROM pg_stat_statements LIMIT 1")).toEqual([{ one: 1 }]);
});

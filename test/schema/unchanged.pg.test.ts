import { afterAll, expect, test } from "vitest";
import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import { schemaDriftFromLast } from "../../lib/checks/schema/drift-from-last.ts";
import type { Snapshot } from "../../lib/schema/snapshot.ts";
import { takeSnapshot } from "../../lib/schema/take.ts";
import { testDatabase } from "../support/database.ts";
import { look, saying, sessionAt } from "../support/look.ts";
import { ownServer } from "../support/own-server.ts";
import { snapshotAt } from "../support/schema.ts";
import { sharedSettings } from "../support/settings.ts";

// A server of its own: roles and settings are of all databases, and other tests make them.
const server = await ownServer(sharedSettings);
afterAll(() => server.stop("immediate"));

const shop = `
  CREATE TABLE orders (id int PRIMARY KEY, total int DEFAULT 3 CHECK (total > 0));
  CREATE VIEW recent AS SELECT * FROM orders;`;

const tokenAt = async (url: string) => (await snapshotAt(url)).seen?.token;

/** Takes the snapshot as one who knows the last one. */
async function again(url: string, last: Snapshot) {
  await using session = await sessionAt(url);
  const began = session.cost.statements;
  const known = async (token: string) => (token === last.seen?.token ? last : undefined);
  const snapshot = await takeSnapshot({ session, server: session.server, known });
  return { isRead: snapshot !== last, statements: session.cost.statements - began };
}

test("where no catalog changed, one question is all that is asked", async () => {
  await using db = await testDatabase({ sql: shop, server });
  const last = await snapshotAt(db.url());
  await db.sql("INSERT INTO orders VALUES (1)");
  for (const quiet of ["ANALYZE orders", "VACUUM orders", "CREATE TEMP TABLE t (a int)"]) {
    await db.sql(quiet);
    expect(await again(db.url(), last), quiet).toEqual({ isRead: false, statements: 1 });
  }
  await db.sql("COMMENT ON VIEW recent IS 'of this year'");
  expect((await again(db.url(), last)).isRead).toBe(true);
});

test("a transaction that began before the look and commits after it is a change", async () => {
  await using db = await testDatabase({ sql: shop, server });
  const [older, younger] = [await db.connect(), await db.connect()];
  await older.query("BEGIN; ALTER TABLE orders ALTER total SET DEFAULT 4");
  await younger.query("CREATE TABLE later (a int)");
  const last = await snapshotAt(db.url());
  // What it locks could not be read, so that nothing may be concluded from the catalogs.
  expect(last.complete).toBe(false);
  expect(last.seen).toBeUndefined();
  await older.query("ROLLBACK");

  await older.query("BEGIN; CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  await younger.query("CREATE TABLE latest (a int)");
  const during = await snapshotAt(db.url());
  expect((await again(db.url(), during)).isRead).toBe(false);
  await older.query("COMMIT");
  expect((await again(db.url(), during)).isRead).toBe(true);
});

test("an object that comes and goes leaves the rest as it was, yet is not taken for nothing", async () => {
  await using db = await testDatabase({ sql: shop, server });
  const before = await snapshotAt(db.url());
  await db.sql("ALTER TABLE orders ADD note text");
  await db.sql("ALTER TABLE orders DROP note");
  const after = await snapshotAt(db.url());
  expect(after.tree.checksum).toBe(before.tree.checksum);
  expect(after.seen?.token).not.toBe(before.seen?.token);
});

test("another role, and another database with the same schema, are asked for themselves", async () => {
  await using db = await testDatabase({ sql: shop, server });
  await using other = await testDatabase({ sql: shop, server });
  const { name } = await db.role();
  const token = await tokenAt(db.url());
  expect(token).toBeDefined();
  expect(await tokenAt(db.url())).toBe(token);
  expect(await tokenAt(db.url({ user: name }))).not.toBe(token);
  expect(await tokenAt(other.url())).not.toBe(token);
});

test("the check says that nothing was read, and since when; and reads where something changed", async () => {
  await using db = await testDatabase({ sql: shop, server });
  const store = memoryStore();
  let previous: { at: string; memory?: never } | undefined;
  const next = async () => {
    const outcome = await look(db.url(), schemaDriftFromLast, {
      store,
      ...(previous === undefined ? {} : { previous }),
    });
    previous = { at: "earlier", memory: outcome.memory as never };
    return outcome;
  };
  expect((await next()).scope).not.toContain("no catalog changed");
  const quiet = await next();
  expect(quiet).toMatchObject({ status: "passed", findings: [] });
  expect(quiet.scope).toMatch(/^\d+ objects; no catalog changed since they were read on 20/);
  await db.sql("ALTER TABLE orders ADD note text");
  expect(saying(await next())).toEqual(["warning public.orders.note"]);
  expect((await next()).scope).toContain("no catalog changed");
  await db.sql("CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  const inPart = await next();
  expect(saying(inPart)).toEqual(["warning public.one()"]);
  expect(inPart.scope).toContain(
    "read again: 1 of 3 tables, views, sequences, functions and domains",
  );
  expect(inPart.scope).toMatch(
    /; of 5 looks 2 found the catalogs as they were, and 2 read a part$/,
  );
  expect(inPart).toMatchObject({ memory: { looks: { all: 5, unchanged: 2, inPart: 2 } } });
  for (const key of await store.list("snapshots/")) await store.put(key, new Uint8Array([1, 2, 3]));
  const { scope } = await next();
  expect(scope).not.toContain("no catalog changed");
  expect(scope).not.toContain("read again");
});

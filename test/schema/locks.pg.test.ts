import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { diff } from "../../lib/schema/diff.ts";
import { SchemaChanging, takeSnapshot } from "../../lib/schema/take.ts";
import { testDatabase } from "../support/database.ts";
import { sessionAt } from "../support/look.ts";
import { sayDifferences, snapshotAt } from "../support/schema.ts";
import { until } from "../support/until.ts";

const shop = `
  CREATE TABLE orders (id int PRIMARY KEY, total int DEFAULT 3 CHECK (total > 0));
  CREATE TABLE free (id int PRIMARY KEY, total int DEFAULT 3 CHECK (total > 0));
  CREATE VIEW on_orders AS SELECT * FROM orders;
  CREATE VIEW on_free AS SELECT * FROM free;`;

const says = (snapshot: Awaited<ReturnType<typeof snapshotAt>>) =>
  snapshot.unread.map(({ kind, identity, cause }) => `${kind} ${identity}: ${cause}`).sort();

test("a table that is locked, and a view on it, are unknown and no difference; the rest is read", async () => {
  await using db = await testDatabase({ sql: shop });
  const before = await snapshotAt(db.url());
  const migration = await db.connect();
  await migration.query("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
  const began = performance.now();
  const during = await snapshotAt(db.url());
  expect(performance.now() - began).toBeLessThan(2000);
  expect(during.complete).toBe(false);
  expect(says(during)).toEqual(["table public.orders: lock", "view public.on_orders: lock"]);
  expect(during.tree.checksum).not.toBe(before.tree.checksum);
  expect(diff(before, during)).toEqual([]);
  expect(diff(during, before)).toEqual([]);
  expect(during.facts.some(({ identity }) => identity === "public.on_free")).toBe(true);
  await migration.query("ROLLBACK");
  expect((await snapshotAt(db.url())).tree.checksum).toBe(before.tree.checksum);
});

test("a locked table of which the catalogs tell all is read as if nobody held it", async () => {
  await using db = await testDatabase({
    sql: `
      CREATE TABLE customers (id int PRIMARY KEY, name varchar(9) DEFAULT 'x' UNIQUE);
      CREATE TABLE busy (id serial PRIMARY KEY, customer int REFERENCES customers ON DELETE CASCADE,
        at timestamptz DEFAULT now(), note text NOT NULL);
      CREATE INDEX notes ON busy (note, customer);
      COMMENT ON COLUMN busy.note IS 'why';
      GRANT SELECT ON busy TO public`,
  });
  const before = await snapshotAt(db.url());
  const migration = await db.connect();
  await migration.query(`BEGIN; LOCK TABLE busy, customers IN ACCESS EXCLUSIVE MODE;
    ALTER TABLE busy ALTER note SET DEFAULT 'not yet'`);
  const during = await snapshotAt(db.url());
  expect(during).toMatchObject({ complete: true, unread: [] });
  expect(during.facts).toEqual(before.facts);
  await migration.query("COMMIT");
  const after = await snapshotAt(db.url());
  expect(sayDifferences(before, after)).toHaveLength(1);
});

test("a lock that is merely waited for is left alone, and nobody behind it waits for us", async () => {
  await using db = await testDatabase({ sql: shop });
  const [reader, migration] = [await db.connect(), await db.connect()];
  await reader.query("BEGIN; SELECT * FROM orders");
  const waiting = migration.query("ALTER TABLE orders ADD late int").catch(() => {});
  await until(async () => {
    const rows = await db.sql(
      "SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'",
    );
    return rows.length > 0;
  });
  expect(says(await snapshotAt(db.url()))).toEqual([
    "table public.orders: lock",
    "view public.on_orders: lock",
  ]);
  await reader.query("ROLLBACK");
  await waiting;
});

test("a function whose body names a locked table is unknown too (14+)", async () => {
  await using db = await testDatabase({ sql: shop });
  if (db.major < 14) return;
  await db.sql(`
    CREATE FUNCTION counted() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM orders; END;
    CREATE FUNCTION free() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM free; END`);
  const migration = await db.connect();
  await migration.query("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
  const snapshot = await snapshotAt(db.url());
  expect(says(snapshot)).toEqual([
    "function public.counted(): lock",
    "table public.orders: lock",
    "view public.on_orders: lock",
  ]);
  expect(snapshot.facts.some(({ identity }) => identity === "public.free()")).toBe(true);
});

test("a lock that comes while we look costs its own table only", async () => {
  const many = Array.from({ length: 60 }, (_, n) => `CREATE TABLE t${n} (a int CHECK (a > ${n}))`);
  await using db = await testDatabase({ sql: [shop, ...many].join(";") });
  await using session = await sessionAt(db.url());
  const migration = await db.connect();
  let isLocked = false;
  const snapshot = await takeSnapshot({
    server: session.server,
    session: {
      ...session,
      each: async (statement, begin) => {
        if (statement.id === "schema-definitions" && !isLocked) {
          isLocked = true;
          await migration.query("BEGIN; LOCK TABLE t7 IN ACCESS EXCLUSIVE MODE");
        }
        return session.each(statement, begin);
      },
    },
  });
  expect(says(snapshot)).toEqual(["table public.t7: lock"]);
  expect(snapshot.counts.table).toBe(61);
});

test("a schema that changes once is read again; one that always changes is unknown", async () => {
  await using db = await testDatabase({ sql: shop });
  await using session = await sessionAt(db.url());
  const takeWhile = (change: (reading: number) => Promise<unknown>) => {
    let readings = 0;
    const each: typeof session.each = async (statement, begin) => {
      if (statement.id === "schema-objects") {
        readings += 1;
        await change(readings);
      }
      return session.each(statement, begin);
    };
    return takeSnapshot({ server: session.server, session: { ...session, each } });
  };
  const once = await takeWhile(async (n) => n === 1 && db.sql("ALTER TABLE free ADD late int"));
  expect(once.facts.some(({ identity }) => identity === "public.free.late")).toBe(true);
  expect(once.tree.checksum).toBe((await snapshotAt(db.url())).tree.checksum);
  await expect(takeWhile((n) => db.sql(`ALTER TABLE free ADD c${n} int`))).rejects.toThrow(
    SchemaChanging,
  );
  const truncated = await takeWhile(() => db.sql("TRUNCATE free"));
  expect(truncated.complete).toBe(true);
});

test("no lock is held between our statements", async () => {
  await using db = await testDatabase({ sql: shop });
  await using session = await sessionAt(db.url());
  await takeSnapshot({ session, server: session.server });
  await sleep(1);
  const held = await db.sql("SELECT 1 FROM pg_locks WHERE pid = $1", [session.server.backendPid]);
  expect(held).toEqual([]);
});

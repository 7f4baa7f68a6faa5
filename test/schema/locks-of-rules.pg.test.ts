import { expect, test } from "vitest";
import { diff } from "../../lib/schema/diff.ts";
import { takeSnapshot } from "../../lib/schema/take.ts";
import { testDatabase } from "../support/database.ts";
import { sessionAt } from "../support/look.ts";
import { snapshotAt } from "../support/schema.ts";

const shop = `
  CREATE TABLE orders (id int PRIMARY KEY, total int, note text);
  CREATE TABLE owners (id int);
  CREATE TABLE free (id int);
  CREATE POLICY own ON free USING (id IN (SELECT id FROM owners));
  CREATE TABLE logged (id int);
  CREATE RULE log AS ON INSERT TO logged DO ALSO INSERT INTO owners VALUES (new.id);
  CREATE STATISTICS wide ON total, note FROM orders;
  CREATE PUBLICATION sent FOR TABLE orders;
  CREATE TABLE other (id int);
  CREATE POLICY plain ON other USING (id > 0);`;

test("a policy or a rule that reads a locked table costs its own table only, and waits for nobody", async () => {
  await using db = await testDatabase({ sql: shop });
  const before = await snapshotAt(db.url());
  const migration = await db.connect();
  await migration.query("BEGIN; LOCK TABLE owners, orders IN ACCESS EXCLUSIVE MODE");
  const began = performance.now();
  const during = await snapshotAt(db.url());
  expect(performance.now() - began).toBeLessThan(2000);
  const unread = during.unread.map(({ kind, identity, cause }) => `${kind} ${identity}: ${cause}`);
  expect(unread.sort()).toEqual([
    "table public.free: lock",
    "table public.logged: lock",
    "table public.orders: lock",
  ]);
  expect(diff(before, during)).toEqual([]);
  expect(during.facts.some(({ identity }) => identity === "plain on public.other")).toBe(true);
  await migration.query("ROLLBACK");
  expect((await snapshotAt(db.url())).tree.checksum).toBe(before.tree.checksum);
});

test("views over many tables are printed a few at a time: the lock table is not ours to fill", async () => {
  const tables = Array.from({ length: 30 * 20 }, (_, n) => `CREATE TABLE t${n} (id int)`);
  const views = Array.from({ length: 20 }, (_, v) => {
    const own = Array.from({ length: 30 }, (_, n) => `SELECT id FROM t${v * 30 + n}`);
    return `CREATE VIEW v${v} AS ${own.join(" UNION ALL ")}`;
  });
  await using db = await testDatabase({ sql: [...tables, ...views].join(";") });
  await using session = await sessionAt(db.url());
  const [limit] = await db.sql<{ slots: number }>(`
    SELECT current_setting('max_locks_per_transaction')::int
           * (current_setting('max_connections')::int
              + current_setting('max_prepared_transactions')::int) AS slots`);
  const slots = limit?.slots ?? 0;
  let printed: number[] = [];
  const snapshot = await takeSnapshot({
    server: session.server,
    session: {
      ...session,
      async each(statement, begin) {
        // Other tests make roles, so that it may all be read again.
        if (statement.id === "schema-beginning") printed = [];
        let views = 0;
        await session.each(statement, () => {
          const take = begin();
          views = 0;
          return (row) => {
            if (statement.id === "schema-definitions" && row.text(0) === "view") views += 1;
            take(row);
          };
        });
        if (views > 0) printed.push(views);
      },
    },
  });
  expect(snapshot).toMatchObject({ complete: true, counts: { view: 20, table: 600 } });
  expect(printed.reduce((sum, views) => sum + views, 0)).toBe(20);
  expect(Math.max(...printed) * 30).toBeLessThanOrEqual(Math.max(30, slots / 20));
});

import { expect, test } from "vitest";
import { diff } from "../../lib/schema/diff.ts";
import { testDatabase } from "../support/database.ts";
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

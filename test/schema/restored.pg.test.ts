import { expect, test } from "vitest";
import { differencesBetween } from "../../lib/schema/canonical/differences.ts";
import { testDatabase } from "../support/database.ts";
import { sayDifferences, snapshotAt } from "../support/schema.ts";
import { startStandby } from "../support/standby.ts";
import { sharedServer } from "../support/test-server.ts";
import { until } from "../support/until.ts";

const shop = `
  CREATE TABLE orders (id int PRIMARY KEY, state varchar(9) CHECK (state IN ('new', 'paid')),
                       size varchar(9) CHECK (size NOT IN ('s', 'l')));
  CREATE INDEX orders_open ON orders (id) WHERE state IN ('new', 'paid');
  CREATE VIEW open AS SELECT id FROM orders o WHERE state IN ('new', 'paid');
  CREATE VIEW sums AS SELECT x.n FROM (SELECT count(*) AS n FROM orders) x, LATERAL (SELECT x.n + 1) y
   UNION ALL VALUES (1) ORDER BY 1;
  CREATE VIEW merged AS SELECT id, state, a.size FROM orders a JOIN orders b USING (id, state) JOIN open USING (id);
  CREATE TABLE parent (a int, b int);
  CREATE TABLE child (c int) INHERITS (parent);`;

/** What a dump of it says, in the words of pg_dump: each definition as the server prints it. */
const restored = (defs: readonly { con: string; def: string }[], more: Record<string, string>) => `
  CREATE TABLE orders (id int NOT NULL, state varchar(9), size varchar(9),
    ${defs.map(({ con, def }) => `CONSTRAINT ${con} ${def}`).join(", ")});
  ${more.index};
  CREATE VIEW open AS ${more.open}
  CREATE VIEW sums AS ${more.sums}
  CREATE VIEW merged AS ${more.merged}
  CREATE TABLE parent (a int, b int);
  CREATE TABLE child (c int) INHERITS (parent);`;

test("what was dumped and restored says the same, and how often it says so is counted", async () => {
  await using db = await testDatabase({ sql: shop });
  const definitions = await db.sql<{ con: string; def: string }>(
    "SELECT conname AS con, pg_get_constraintdef(oid) AS def FROM pg_constraint WHERE conrelid = 'orders'::regclass AND contype <> 'n'",
  );
  const [printed = {}] = await db.sql<Record<string, string>>(`
    SELECT pg_get_indexdef('orders_open'::regclass) AS index, pg_get_viewdef('open'::regclass) AS open,
           pg_get_viewdef('sums'::regclass) AS sums, pg_get_viewdef('merged'::regclass) AS merged`);
  await using again = await testDatabase({ sql: restored(definitions, printed) });
  const [before, after] = [await snapshotAt(db.url()), await snapshotAt(again.url())];
  const { differences, alike } = await differencesBetween(before, after);
  expect(differences).toEqual([]);
  expect(alike.definition).toBeGreaterThan(2);
  expect(Object.keys(alike)).toEqual(["definition"]);

  await again.sql("ALTER TABLE orders DROP CONSTRAINT orders_state_check");
  await again.sql(
    "ALTER TABLE orders ADD CONSTRAINT orders_state_check CHECK (state IN ('new', 'sent'))",
  );
  const changed = await differencesBetween(before, await snapshotAt(again.url()));
  expect(changed.differences.map(({ identity }) => identity)).toEqual([
    "orders_state_check on public.orders",
  ]);
});

test("the columns of a child come in another order then, which is a facet of its own", async () => {
  await using one = await testDatabase({
    sql: "CREATE TABLE parent (a int, b int); CREATE TABLE child (c int, b int, a int); ALTER TABLE child INHERIT parent",
  });
  await using other = await testDatabase({
    sql: "CREATE TABLE parent (a int, b int); CREATE TABLE child (c int, b int, a int) INHERITS (parent)",
  });
  const [before, after] = [await snapshotAt(one.url()), await snapshotAt(other.url())];
  expect(sayDifferences(before, after)).toEqual([
    "changed table public.child: columnOrder.columns",
  ]);
});

test("a replica has the checksum of its primary", async () => {
  await using db = await testDatabase({ sql: shop });
  const primary = await snapshotAt(db.url());
  await using standby = await startStandby(sharedServer());
  const url = new URL(db.url());
  url.port = String(standby.port);
  await until(async () => {
    const replica = await snapshotAt(url.href).catch(() => undefined);
    return replica?.tree.checksum === primary.tree.checksum;
  });
});

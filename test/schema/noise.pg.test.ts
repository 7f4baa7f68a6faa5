import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Snapshot } from "../../lib/schema/snapshot.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { sayDifferences, snapshotAt } from "../support/schema.ts";

const shop = `
  CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, since timestamptz DEFAULT '2026-01-01 00:00+00');
  CREATE TABLE orders (
    id serial PRIMARY KEY, customer_id bigint REFERENCES customers, total numeric(12,2) DEFAULT 1.5,
    span interval DEFAULT '1 day 02:00', CHECK (total > 0));
  CREATE INDEX orders_total ON orders (total) WITH (fillfactor = 70, deduplicate_items = off) WHERE total > 5;
  CREATE TABLE events (at timestamptz, what text) PARTITION BY RANGE (at);
  CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2027-01-01 00:00+00');
  CREATE VIEW recent AS SELECT * FROM orders WHERE total > 3;
  CREATE MATERIALIZED VIEW sums AS SELECT count(*) FROM orders;
  CREATE FUNCTION twice(n int DEFAULT 1) RETURNS int LANGUAGE sql SET work_mem = '8MB' AS 'SELECT n * 2';`;

/** What is done to a database that leaves its schema as it was. */
const noises: readonly (readonly [string, string])[] = [
  ["ANALYZE", "ANALYZE"],
  ["VACUUM FULL", "VACUUM FULL orders"],
  ["REINDEX", "REINDEX TABLE orders"],
  ["REFRESH", "REFRESH MATERIALIZED VIEW sums"],
  ["TRUNCATE", "TRUNCATE orders"],
  [
    "rows and sequence values",
    "INSERT INTO customers VALUES (1, 'a'); INSERT INTO orders (customer_id) VALUES (1)",
  ],
  ["a dropped column's hole", "ALTER TABLE orders ADD gone int; ALTER TABLE orders DROP gone"],
  [
    "an index made again",
    "DROP INDEX orders_total; CREATE INDEX orders_total ON orders (total) WITH (deduplicate_items = off, fillfactor = 70) WHERE total > 5",
  ],
  [
    "a constraint made again",
    "ALTER TABLE orders DROP CONSTRAINT orders_total_check; ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total > 0)",
  ],
  [
    "the words of the default privileges",
    "REVOKE ALL ON orders FROM CURRENT_USER; GRANT ALL ON orders TO CURRENT_USER",
  ],
  [
    "attoptions that a server writes by itself",
    "UPDATE pg_attribute SET attoptions = '{pg_attver=123456}' WHERE attrelid = 'orders'::regclass AND attnum > 0",
  ],
];

describe("no difference", () => {
  let db: TestDatabase;
  let before: Snapshot;
  beforeAll(async () => {
    db = await testDatabase({ sql: shop });
    before = await snapshotAt(db.url());
  });
  afterAll(() => db[Symbol.asyncDispose]());

  test.each(noises)("%s", async (_name, sql) => {
    for (const statement of sql.split("; ")) await db.sql(statement);
    const after = await snapshotAt(db.url());
    expect(sayDifferences(before, after)).toEqual([]);
    expect(after.tree.checksum).toBe(before.tree.checksum);
  });
});

test("whatever the database sets for its sessions, the text is the same", async () => {
  await using db = await testDatabase({ sql: shop });
  const before = await snapshotAt(db.url());
  for (const setting of [
    "TimeZone = 'Asia/Kathmandu'",
    "DateStyle = 'SQL, DMY'",
    "IntervalStyle = 'iso_8601'",
    "search_path = pg_catalog, public",
    "quote_all_identifiers = on",
    "extra_float_digits = 3",
    "standard_conforming_strings = off",
    "enable_hashagg = off",
  ]) {
    await db.sql(`ALTER DATABASE ${db.name} SET ${setting}`);
  }
  const after = await snapshotAt(db.url());
  expect(sayDifferences(before, after)).toEqual(["added settings of the database"]);
});

test("a role without any privilege sees what a superuser sees", async () => {
  await using db = await testDatabase({ sql: shop });
  await db.sql(
    "REVOKE ALL ON SCHEMA public FROM PUBLIC; REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC",
  );
  const { name } = await db.role();
  const [all, little] = [await snapshotAt(db.url()), await snapshotAt(db.url({ user: name }))];
  expect(sayDifferences(all, little)).toEqual([]);
  expect(little).toMatchObject({ complete: true, tree: { checksum: all.tree.checksum } });
});

test("temporary tables of others are neither seen nor a schema that is changing", async () => {
  await using db = await testDatabase({ sql: shop });
  const before = await snapshotAt(db.url());
  const other = await db.connect();
  let isDone = false;
  const churn = (async () => {
    while (!isDone)
      await other.query("CREATE TEMP TABLE t (id serial PRIMARY KEY, a text); DROP TABLE t");
  })();
  const after = await snapshotAt(db.url());
  isDone = true;
  await churn;
  expect(after.tree.checksum).toBe(before.tree.checksum);
});

test("the order of grants is no difference, nor whether they were made at once", async () => {
  await using db = await testDatabase({ sql: shop });
  const [a, b] = [await db.role(), await db.role()];
  await db.sql(`GRANT SELECT, INSERT ON orders TO ${a.name}; GRANT SELECT ON orders TO ${b.name}`);
  const before = await snapshotAt(db.url());
  await db.sql(`REVOKE ALL ON orders FROM ${a.name}, ${b.name}`);
  await db.sql(
    `GRANT SELECT ON orders TO ${b.name}, ${a.name}; GRANT INSERT ON orders TO ${a.name}`,
  );
  expect((await snapshotAt(db.url())).tree.checksum).toBe(before.tree.checksum);
});

describe("replayed in another order", () => {
  const statements = [
    "CREATE TYPE mood AS ENUM ('sad', 'ok')",
    "CREATE TABLE plain (id int PRIMARY KEY, m mood)",
    "CREATE TABLE other (id int PRIMARY KEY, note text)",
    "CREATE INDEX one ON other (note)",
    "CREATE INDEX two ON other (lower(note))",
    "ALTER TABLE other ADD CONSTRAINT c1 CHECK (id > 0)",
    "ALTER TABLE other ADD CONSTRAINT c2 CHECK (id > 1)",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SEQUENCE s",
    "CREATE VIEW v AS SELECT id FROM other",
    "ALTER TABLE other SET (fillfactor = 70, autovacuum_enabled = off)",
    "COMMENT ON TABLE other IS 'other'",
  ];
  const otherOrder = [0, 7, 2, 1, 9, 12, 4, 3, 8, 6, 5, 10, 11];

  test("independent statements give one checksum", async () => {
    await using a = await testDatabase({ sql: statements.join(";\n") });
    await using b = await testDatabase({
      sql: `CREATE TABLE t (); DROP TABLE t; ${otherOrder.map((i) => statements[i]).join(";\n")}`,
    });
    await b.sql("ALTER TABLE other RESET (fillfactor, autovacuum_enabled)");
    await b.sql(
      "ALTER TABLE other SET (autovacuum_enabled = off); ALTER TABLE other SET (fillfactor = 70)",
    );
    const [one, two] = [await snapshotAt(a.url()), await snapshotAt(b.url())];
    expect(sayDifferences(one, two)).toEqual([]);
    expect(one.tree.checksum).toBe(two.tree.checksum);
  });
});

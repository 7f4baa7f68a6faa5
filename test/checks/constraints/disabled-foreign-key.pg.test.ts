import { expect, test } from "vitest";
import { constraintsDisabledTrigger } from "../../../lib/checks/constraints/disabled-trigger.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";

const hostile = `x"; DROP TABLE orders; --ü '$1`;
const quoted = `"${hostile.replaceAll('"', '""')}"`;

const shop = `
  CREATE TABLE customers (id int PRIMARY KEY);
  CREATE TABLE orders (id int, customer int CONSTRAINT known REFERENCES customers);
  INSERT INTO customers VALUES (1);
  INSERT INTO orders VALUES (1, 1)`;

test("a foreign key whose writes are not looked up says so, and is mended by a superuser", async () => {
  await using db = await testDatabase({ sql: `${shop}; ALTER TABLE orders DISABLE TRIGGER ALL` });
  const { name } = await db.role();
  const outcome = await look(db.url({ user: name }), constraintsDisabledTrigger);
  expect(outcome.findings).toMatchObject([
    {
      severity: "critical",
      object: { kind: "constraint", table: "orders", identity: "known on public.orders" },
      summary:
        "Not enforced: foreign key known on public.orders: rows written to public.orders are not looked up",
      evidence: { sides: [{ side: "referencing", mode: "disabled", silent: ["public.orders"] }] },
    },
  ]);
  await db.sql("INSERT INTO orders VALUES (2, 99)"); // as it says
  await expect(db.sql("DELETE FROM customers")).rejects.toThrow("known"); // the other side holds
  await db.sql(outcome.findings[0]?.remedy?.sql ?? "");
  expect((await look(db.url({ user: name }), constraintsDisabledTrigger)).status).toBe("passed");
  await expect(db.sql("INSERT INTO orders VALUES (3, 99)")).rejects.toThrow("known");
  await db.sql("ALTER TABLE orders VALIDATE CONSTRAINT known"); // it does not look, as told
});

test("its referenced side is told as such, and making it anew finds what came in", async () => {
  await using db = await testDatabase({
    sql: `${shop}; ALTER TABLE customers DISABLE TRIGGER ALL; DELETE FROM customers`,
  });
  const outcome = await look(db.url(), constraintsDisabledTrigger);
  expect(outcome.findings[0]?.summary).toBe(
    "Not enforced: foreign key known on public.orders: deletes and updates in public.customers are neither refused nor passed on",
  );
  const [remake = "", validate = ""] = (outcome.findings[0]?.remedy?.otherwise?.sql ?? "").split(
    /(?<=;)\n/,
  );
  await db.sql(remake);
  await expect(db.sql(validate)).rejects.toThrow("violates foreign key constraint");
  await db.sql("DELETE FROM orders");
  await db.sql(validate);
  expect((await look(db.url(), constraintsDisabledTrigger)).status).toBe("passed");
});

test("enabling it wakes no user's trigger that is meant to sleep", async () => {
  await using db = await testDatabase({
    sql: `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
          CREATE SCHEMA ${quoted};
          CREATE TABLE ${quoted}.${quoted} (id int PRIMARY KEY,
            parent int CONSTRAINT ${quoted} REFERENCES ${quoted}.${quoted} ON DELETE CASCADE);
          CREATE TRIGGER sleeps AFTER INSERT ON ${quoted}.${quoted} EXECUTE FUNCTION note();
          ALTER TABLE ${quoted}.${quoted} DISABLE TRIGGER ALL`,
  });
  const outcome = await look(db.url(), constraintsDisabledTrigger);
  expect(saying(outcome)).toEqual([
    `critical ${quoted} on ${quoted}.${quoted}`,
    `warning sleeps on ${quoted}.${quoted}`,
  ]);
  expect(outcome.findings[0]?.evidence.sides).toHaveLength(2);
  await db.sql(outcome.findings[0]?.remedy?.sql ?? "");
  expect(saying(await look(db.url(), constraintsDisabledTrigger))).toEqual([
    `warning sleeps on ${quoted}.${quoted}`,
  ]);
});

test("with REPLICA it is no more enforced than when disabled", async () => {
  await using db = await testDatabase({ sql: shop });
  const [trigger] = await db.sql<{ name: string }>(
    `SELECT quote_ident(tgname) AS name FROM pg_trigger
      WHERE tgrelid = 'orders'::regclass ORDER BY 1 LIMIT 1`,
  );
  await db.sql(`ALTER TABLE orders ENABLE REPLICA TRIGGER ${trigger?.name}`);
  const outcome = await look(db.url(), constraintsDisabledTrigger);
  expect(saying(outcome)).toEqual(["critical known on public.orders"]);
  expect(outcome.findings[0]?.detail).toContain(
    "Those that are set to REPLICA fire only with session_replication_role = replica.",
  );
});

const partitions = `
  CREATE TABLE regions (id int PRIMARY KEY) PARTITION BY RANGE (id);
  CREATE TABLE regions_1 PARTITION OF regions FOR VALUES FROM (0) TO (10);
  CREATE TABLE regions_2 PARTITION OF regions FOR VALUES FROM (10) TO (20);
  CREATE TABLE orders (id int, region int) PARTITION BY RANGE (id);
  CREATE TABLE low PARTITION OF orders FOR VALUES FROM (0) TO (10) PARTITION BY LIST (region);
  CREATE TABLE low_1 PARTITION OF low FOR VALUES IN (1);
  CREATE TABLE low_2 PARTITION OF low FOR VALUES IN (2);
  CREATE TABLE high PARTITION OF orders FOR VALUES FROM (10) TO (20);
  ALTER TABLE orders ADD CONSTRAINT sold_in FOREIGN KEY (region) REFERENCES regions`;

test("partitions are folded into the root's constraint, and named where only some are off", async () => {
  await using db = await testDatabase({
    sql: `${partitions}; ALTER TABLE low_1 DISABLE TRIGGER ALL`,
  });
  const some = await look(db.url(), constraintsDisabledTrigger);
  expect(saying(some)).toEqual(["critical sold_in on public.orders"]);
  expect(some.findings[0]?.summary).toContain(
    "rows written to public.low_1 (1 of 3 tables) are not looked up",
  );
  await db.sql("INSERT INTO low_1 VALUES (1, 1)");
  await expect(db.sql("INSERT INTO orders VALUES (1, 2)")).rejects.toThrow("sold_in");

  await db.sql(`DELETE FROM orders;
                ALTER TABLE low_2 DISABLE TRIGGER ALL;
                ALTER TABLE high DISABLE TRIGGER ALL;
                ALTER TABLE regions_2 DISABLE TRIGGER ALL`);
  const all = await look(db.url(), constraintsDisabledTrigger);
  expect(all.findings).toHaveLength(1);
  expect(all.findings[0]?.fingerprint).toBe(some.findings[0]?.fingerprint);
  expect(all.findings[0]?.summary).toMatch(
    /rows written to public\.high, public\.low_1, public\.low_2 are not looked up; deletes and updates in public\.regions_2 \(1 of [23] tables\) are neither/,
  );
  await db.sql(all.findings[0]?.remedy?.sql ?? "");
  expect((await look(db.url(), constraintsDisabledTrigger)).status).toBe("passed");
});

test("a partitioned table's constraint can be made anew", async () => {
  await using db = await testDatabase({
    sql: `${partitions}; ALTER TABLE high DISABLE TRIGGER ALL`,
  });
  const { findings } = await look(db.url(), constraintsDisabledTrigger);
  await db.sql(findings[0]?.remedy?.otherwise?.sql ?? "");
  expect((await look(db.url(), constraintsDisabledTrigger)).status).toBe("passed");
});

test("a deferrable unique constraint whose recheck is off accepts duplicates, and is critical", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE orders (number int CONSTRAINT once UNIQUE DEFERRABLE);
          ALTER TABLE orders DISABLE TRIGGER ALL;
          INSERT INTO orders VALUES (1), (1)`, // and so it does
  });
  const outcome = await look(db.url(), constraintsDisabledTrigger);
  expect(outcome.findings[0]?.summary).toBe(
    "Not enforced: unique constraint once on public.orders: duplicates in public.orders are accepted",
  );
  await expect(db.sql("REINDEX TABLE orders")).rejects.toThrow("could not create unique index");
  await db.sql(outcome.findings[0]?.remedy?.sql ?? "");
  await expect(db.sql("INSERT INTO orders VALUES (1)")).rejects.toThrow("once");
});

test("an exclusive lock on the tables does not make it wait", async () => {
  await using db = await testDatabase({
    sql: `${shop}; ALTER TABLE orders DISABLE TRIGGER ALL; ALTER TABLE customers DISABLE TRIGGER ALL`,
  });
  const blocker = await db.connect();
  await blocker.query("BEGIN; LOCK TABLE orders, customers");
  expect(saying(await look(db.url(), constraintsDisabledTrigger))).toEqual([
    "critical known on public.orders",
  ]);
});

import { expect, test } from "vitest";
import { constraintsNotValidated } from "../../../lib/checks/constraints/not-validated.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { sharedServer } from "../../support/test-server.ts";

const { major } = sharedServer();

const hostile = `x"; DROP TABLE orders; --ü '$1`;
const quoted = `"${hostile.replaceAll('"', '""')}"`;

test("a database whose constraints were all validated passes, and says how many it saw", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE customers (id int PRIMARY KEY);
          CREATE TABLE orders (id int CHECK (id > 0), customer int REFERENCES customers);
          CREATE DOMAIN positive AS int CHECK (value > 0)`,
  });
  const outcome = await look(db.url(), constraintsNotValidated);
  expect(outcome.status).toBe("passed");
  expect(outcome.scope).toMatch(/^1 foreign key, 1 check, (1 not-null, )?1 domain constraint$/);
});

test("foreign keys, checks and domain constraints are found, and the remedy mends them", async () => {
  await using db = await testDatabase({
    sql: `CREATE SCHEMA ${quoted};
          CREATE TABLE customers (id int PRIMARY KEY);
          CREATE TABLE ${quoted}.${quoted} (${quoted} int);
          ALTER TABLE ${quoted}.${quoted}
            ADD CONSTRAINT ${quoted} FOREIGN KEY (${quoted}) REFERENCES customers NOT VALID,
            ADD CONSTRAINT "Positive" CHECK (${quoted} > 0) NOT VALID;
          CREATE DOMAIN ${quoted}."Money" AS int;
          ALTER DOMAIN ${quoted}."Money" ADD CONSTRAINT "Sane" CHECK (value < 1000) NOT VALID`,
  });
  const { name } = await db.role();
  const outcome = await look(db.url({ user: name }), constraintsNotValidated);
  expect(saying(outcome)).toEqual([
    `warning "Positive" on ${quoted}.${quoted}`,
    `warning "Sane" on ${quoted}."Money"`,
    `warning ${quoted} on ${quoted}.${quoted}`,
  ]);
  for (const { remedy } of outcome.findings) await db.sql(remedy?.sql ?? "");
  expect((await look(db.url({ user: name }), constraintsNotValidated)).status).toBe("passed");
});

test.runIf(major >= 18)("PostgreSQL 18's not-null is one of them", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  await db.sql("ALTER TABLE orders ADD CONSTRAINT has_id NOT NULL id NOT VALID");
  const outcome = await look(db.url(), constraintsNotValidated);
  expect(saying(outcome)).toEqual(["warning has_id on public.orders"]);
  await db.sql(outcome.findings[0]?.remedy?.sql ?? "");
  expect((await look(db.url(), constraintsNotValidated)).status).toBe("passed");
});

test("a partitioned table has one finding, on itself, whatever its partitions inherit", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE orders (id int, region int) PARTITION BY RANGE (id);
          CREATE TABLE low PARTITION OF orders FOR VALUES FROM (0) TO (10) PARTITION BY LIST (region);
          CREATE TABLE low_1 PARTITION OF low FOR VALUES IN (1);
          CREATE TABLE high PARTITION OF orders FOR VALUES FROM (10) TO (20);
          ALTER TABLE orders ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;
          ALTER TABLE high ADD CONSTRAINT own CHECK (id < 30) NOT VALID`,
  });
  if (major >= 18) {
    await db.sql(`CREATE TABLE regions (id int PRIMARY KEY);
                  ALTER TABLE orders
                    ADD CONSTRAINT has_region NOT NULL region NOT VALID,
                    ADD CONSTRAINT region FOREIGN KEY (region) REFERENCES regions NOT VALID`);
  }
  const outcome = await look(db.url(), constraintsNotValidated);
  expect(saying(outcome)).toEqual([
    ...(major >= 18 ? ["warning has_region on public.orders"] : []),
    "warning own on public.high",
    "warning positive on public.orders",
    ...(major >= 18 ? ["warning region on public.orders"] : []),
  ]);
  for (const { remedy } of outcome.findings) await db.sql(remedy?.sql ?? "");
  expect((await look(db.url(), constraintsNotValidated)).status).toBe("passed");
});

test("the lock that the remedy names is the lock that it takes", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE customers (id int PRIMARY KEY);
          CREATE DOMAIN positive AS int;
          CREATE TABLE orders (customer int, amount positive);
          ALTER TABLE orders ADD CONSTRAINT a_key FOREIGN KEY (customer) REFERENCES customers NOT VALID;
          ALTER DOMAIN positive ADD CONSTRAINT b_check CHECK (value > 0) NOT VALID`,
  });
  const [key, domain] = (await look(db.url(), constraintsNotValidated)).findings;
  const locksOf = async (sql = "") => {
    const held = await db.sql<{ lock: string }>(
      `BEGIN; ${sql}
       SELECT relation::regclass || ' ' || mode AS lock
         FROM pg_locks
        WHERE pid = pg_backend_pid() AND relation::regclass::text IN ('orders', 'customers')
          AND mode <> 'AccessShareLock'
        ORDER BY 1`,
    );
    await db.sql("ROLLBACK");
    return held.map(({ lock }) => lock);
  };
  expect(await locksOf(key?.remedy?.sql)).toEqual([
    "customers RowShareLock",
    "orders ShareUpdateExclusiveLock",
  ]);
  expect(key?.remedy?.lock).toBe(
    "SHARE UPDATE EXCLUSIVE on public.orders, ROW SHARE on public.customers: reads and writes go on",
  );
  expect(await locksOf(domain?.remedy?.sql)).toEqual(["orders ShareLock"]);
  expect(domain?.remedy?.lock).toMatch(/^SHARE on every table/);
});

test("what belongs to an extension is the extension's, and is counted", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE jobs (id int);
          ALTER TABLE jobs ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;
          ALTER EXTENSION plpgsql ADD TABLE jobs`,
  });
  const outcome = await look(db.url(), constraintsNotValidated);
  expect(outcome).toMatchObject({ status: "passed" });
  expect(outcome.scope).toContain("1 of them an extension's own affair");
  await db.sql("ALTER EXTENSION plpgsql DROP TABLE jobs");
  expect(saying(await look(db.url(), constraintsNotValidated))).toEqual([
    "warning positive on public.jobs",
  ]);
});

test("an exclusive lock on the table does not make it wait", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE orders (id int);
          ALTER TABLE orders ADD CONSTRAINT positive CHECK (id > 0) NOT VALID`,
  });
  const blocker = await db.connect();
  await blocker.query("BEGIN; LOCK TABLE orders");
  expect(saying(await look(db.url(), constraintsNotValidated))).toEqual([
    "warning positive on public.orders",
  ]);
});

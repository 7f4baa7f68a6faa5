import { expect, test } from "vitest";
import { constraintsNotEnforced } from "../../../lib/checks/constraints/not-enforced.ts";
import { constraintsNotValidated } from "../../../lib/checks/constraints/not-validated.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { sharedServer } from "../../support/test-server.ts";

const { major } = sharedServer();

const hostile = `x"; DROP TABLE orders; --ü '$1`;
const quoted = `"${hostile.replaceAll('"', '""')}"`;

const shop = `
  CREATE SCHEMA ${quoted};
  CREATE TABLE customers (id int PRIMARY KEY);
  CREATE TABLE ${quoted}.${quoted} (${quoted} int,
    CONSTRAINT ${quoted} FOREIGN KEY (${quoted}) REFERENCES customers NOT ENFORCED,
    CONSTRAINT "Positive" CHECK (${quoted} > 0) NO INHERIT NOT ENFORCED)`;

test.runIf(major < 18)("before PostgreSQL 18 there is no such thing", async () => {
  await using db = await testDatabase();
  expect(await look(db.url(), constraintsNotEnforced)).toMatchObject({
    status: "skipped",
    cause: "not-applicable",
    reason: "needs PostgreSQL 18 or newer",
  });
});

test.runIf(major >= 18)(
  "keys and checks are found, here alone, and the remedies enforce them",
  async () => {
    await using db = await testDatabase();
    await db.sql(shop);
    const { name } = await db.role();
    const url = db.url({ user: name });
    const outcome = await look(url, constraintsNotEnforced);
    expect(saying(outcome)).toEqual([
      `notice "Positive" on ${quoted}.${quoted}`,
      `notice ${quoted} on ${quoted}.${quoted}`,
    ]);
    expect((await look(url, constraintsNotValidated)).status).toBe("passed");

    const [check, key] = outcome.findings;
    await db.sql(key?.remedy?.sql ?? "");
    // The check's prints what to run, as its expression is not ours to read.
    const [printed] = await db.sql<{ first: string; then: string }>(check?.remedy?.sql ?? "");
    await db.sql(printed?.first ?? "");
    await db.sql(printed?.then ?? "");
    expect((await look(url, constraintsNotEnforced)).status).toBe("passed");
    expect((await look(url, constraintsNotValidated)).status).toBe("passed");
    await expect(db.sql(`INSERT INTO ${quoted}.${quoted} VALUES (-1)`)).rejects.toThrow("Positive");
    await expect(db.sql(`INSERT INTO ${quoted}.${quoted} VALUES (1)`)).rejects.toThrow(
      "foreign key",
    );
  },
);

test.runIf(major >= 18)(
  "on a large table the key can be made anew without reading rows under its lock",
  async () => {
    await using db = await testDatabase();
    await db.sql(shop);
    const { findings } = await look(db.url(), constraintsNotEnforced);
    await db.sql(findings[1]?.remedy?.otherwise?.sql ?? "");
    expect(saying(await look(db.url(), constraintsNotEnforced))).toEqual([
      `notice "Positive" on ${quoted}.${quoted}`,
    ]);
    expect((await look(db.url(), constraintsNotValidated)).status).toBe("passed");
  },
);

test.runIf(major >= 18)(
  "a partitioned table has one finding a constraint, and its remedies reach the partitions",
  async () => {
    await using db = await testDatabase();
    await db.sql(`CREATE TABLE regions (id int PRIMARY KEY);
                CREATE TABLE orders (id int, region int) PARTITION BY RANGE (id);
                CREATE TABLE low PARTITION OF orders FOR VALUES FROM (0) TO (10)
                  PARTITION BY LIST (region);
                CREATE TABLE low_1 PARTITION OF low FOR VALUES IN (1);
                ALTER TABLE orders
                  ADD CONSTRAINT region FOREIGN KEY (region) REFERENCES regions NOT ENFORCED,
                  ADD CONSTRAINT positive CHECK (id > 0) NOT ENFORCED`);
    const outcome = await look(db.url(), constraintsNotEnforced);
    expect(saying(outcome)).toEqual([
      "notice positive on public.orders",
      "notice region on public.orders",
    ]);
    const [check, key] = outcome.findings;
    await db.sql(key?.remedy?.sql ?? "");
    const [printed] = await db.sql<{ first: string; then: string }>(check?.remedy?.sql ?? "");
    await db.sql(`${printed?.first} ${printed?.then}`);
    expect((await look(db.url(), constraintsNotEnforced)).status).toBe("passed");
    await expect(db.sql("INSERT INTO low_1 VALUES (1, 1)")).rejects.toThrow("foreign key");
  },
);

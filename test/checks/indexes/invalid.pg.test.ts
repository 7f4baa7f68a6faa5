import { expect, test } from "vitest";
import { indexesInvalid } from "../../../lib/checks/indexes/invalid.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";

const hostile = `x"; DROP TABLE orders; --ü '$1`;
const quoted = `"${hostile.replaceAll('"', '""')}"`;

const duplicates = `
  CREATE TABLE orders (number int, note text);
  INSERT INTO orders VALUES (1, 'first'), (1, 'second')`;

/** As psql sends what is pasted: one statement at a time, as CONCURRENTLY wants it. */
async function paste(db: TestDatabase, sql = ""): Promise<void> {
  for (const statement of sql.split(/;$/m)) if (statement.trim()) await db.sql(statement);
}

const fails = (work: Promise<unknown>) => expect(work).rejects.toThrow();

/** A build that died after it began to be maintained; PostgreSQL leaves the same flags. */
const mark = (flags: string, index: string) =>
  `UPDATE pg_index SET ${flags} WHERE indexrelid = '${index}'::regclass`;

test("valid indexes pass, for a role without privileges, and are counted", async () => {
  await using db = await testDatabase({
    sql: `CREATE SCHEMA shop;
          CREATE TABLE shop.orders (id int PRIMARY KEY, note text);
          CREATE TABLE customers (id int PRIMARY KEY);
          CREATE INDEX ON customers (id)`,
  });
  const { name } = await db.role();
  expect(await look(db.url({ user: name }), indexesInvalid)).toMatchObject({
    status: "passed",
    scope: "3 indexes in 2 schemas",
  });
});

test("a unique index whose build failed is critical, and its remedy mends it", async () => {
  await using db = await testDatabase({ sql: duplicates });
  await fails(db.sql("CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number)"));
  const { name } = await db.role();
  const url = db.url({ user: name });
  const outcome = await look(url, indexesInvalid);
  expect(outcome.findings).toMatchObject([
    {
      severity: "critical",
      object: { kind: "index", table: "orders", identity: "public.orders_number_key" },
      summary: "Unique index public.orders_number_key is invalid: duplicates are not refused",
      evidence: { isUnique: true, isReady: false, beingBuilt: false },
    },
  ]);
  await db.sql("INSERT INTO orders VALUES (1, 'third')"); // it is as the summary says
  await fails(db.sql("INSERT INTO orders VALUES (2) ON CONFLICT (number) DO NOTHING"));

  const [query] = (outcome.findings[0]?.remedy?.sql ?? "").split(";");
  expect(await db.sql(query ?? "")).toEqual([{ number: 1, rows: "3" }]);
  await db.sql("DELETE FROM orders WHERE note <> 'first'");
  await paste(db, outcome.findings[0]?.remedy?.sql);
  expect((await look(url, indexesInvalid)).status).toBe("passed");
});

test("it is a warning where another index refuses the same duplicates", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE orders (number int, note text, gone bool);
          CREATE UNIQUE INDEX idle_expression ON orders (lower(note)) WHERE NOT gone;
          CREATE UNIQUE INDEX longer_name_of_the_same ON orders (lower(note)) WHERE NOT gone;
          CREATE UNIQUE INDEX idle_part ON orders (number) WHERE gone;
          CREATE UNIQUE INDEX whole ON orders (number DESC) INCLUDE (note);
          CREATE UNIQUE INDEX idle_other ON orders (number, note);
          CREATE INDEX not_unique ON orders (number, note);
          ${mark("indisvalid = false, indisready = false", "idle_expression")};
          ${mark("indisvalid = false, indisready = false", "idle_part")};
          ${mark("indisvalid = false, indisready = false", "idle_other")}`,
  });
  const { findings } = await look(db.url(), indexesInvalid);
  expect(findings.map(({ severity, summary }) => `${severity} ${summary}`)).toEqual([
    "critical Unique index public.idle_other is invalid: duplicates are not refused",
    "warning Unique index public.idle_expression is invalid: public.longer_name_of_the_same does its work",
    "warning Unique index public.idle_part is invalid: public.whole does its work",
  ]);
});

test("each other invalid index says what it still does", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE orders (number int, note text);
          CREATE UNIQUE INDEX refuses ON orders (number);
          CREATE INDEX idle ON orders (note);
          CREATE INDEX costs ON orders (note, number);
          CREATE INDEX half_dropped ON orders (note DESC);
          ${mark("indisvalid = false", "refuses")};
          ${mark("indisvalid = false, indisready = false", "idle")};
          ${mark("indisvalid = false", "costs")};
          ${mark("indisvalid = false, indisready = false, indislive = false", "half_dropped")}`,
  });
  const outcome = await look(db.url(), indexesInvalid);
  expect(outcome.findings.map(({ summary, detail }) => [summary, detail?.[0]])).toEqual([
    [
      "Index public.costs is invalid: every write pays for it, no query uses it",
      expect.any(String),
    ],
    [
      "Index public.half_dropped is half dropped: its DROP INDEX CONCURRENTLY never ended",
      "Nothing maintains it and nothing uses it.",
    ],
    [
      "Index public.idle is invalid: no query uses it",
      "Writes do not maintain it, but cannot be HOT where they change its columns.",
    ],
    [
      "Unique index public.refuses is invalid: every write pays for it, no query uses it",
      "It still refuses duplicates of the rows that it holds, but may not hold all of them.",
    ],
  ]);
  await db.sql("INSERT INTO orders VALUES (1)");
  await expect(db.sql("INSERT INTO orders VALUES (1)")).rejects.toThrow("refuses");
  for (const { remedy } of outcome.findings) await paste(db, remedy?.sql);
  expect(await look(db.url(), indexesInvalid)).toMatchObject({
    status: "passed",
    scope: "3 indexes in 1 schema",
  });
});

test("leftovers of REINDEX CONCURRENTLY say so and are dropped, those of TOAST too", async () => {
  const long = "n".repeat(63);
  await using db = await testDatabase({
    sql: `CREATE TABLE orders (number int, note text);
          CREATE UNIQUE INDEX ${long} ON orders (number, lower(note))`,
  });
  const [toast] = await db.sql<{ name: string }>(
    "SELECT 'pg_toast.pg_toast_' || 'orders'::regclass::oid || '_index' AS name",
  );
  const busy = await db.connect();
  await busy.query("BEGIN; INSERT INTO orders VALUES (1)");
  const mender = await db.connect();
  await mender.query("SET lock_timeout = '100ms'");
  await fails(mender.query("REINDEX TABLE CONCURRENTLY orders"));
  await busy.query("ROLLBACK");

  const outcome = await look(db.url(), indexesInvalid);
  expect(outcome.findings.map(({ severity, summary }) => `${severity} ${summary}`)).toEqual([
    `warning ${toast?.name}_ccnew is left over from a REINDEX CONCURRENTLY of ${toast?.name}`,
    `warning public.${long.slice(0, 57)}_ccnew is left over from a REINDEX CONCURRENTLY of public.${long}`,
  ]);
  expect(outcome.findings[0]?.object.table).toBe("orders");
  for (const { remedy } of outcome.findings) await paste(db, remedy?.sql);
  expect((await look(db.url(), indexesInvalid)).status).toBe("passed");
});

test("hostile names, constraints and catalogs get remedies that work as pasted", async () => {
  await using db = await testDatabase({
    sql: `CREATE SCHEMA ${quoted};
          CREATE TABLE ${quoted}."Orders" (${quoted} int CONSTRAINT "The Key" PRIMARY KEY,
            CONSTRAINT "None Twice" EXCLUDE USING btree (${quoted} WITH =));
          CREATE UNIQUE INDEX ${quoted} ON ${quoted}."Orders" (${quoted});
          ${["The Key", "None Twice", hostile]
            .map(
              (name) => `UPDATE pg_index SET indisvalid = false FROM pg_class
               WHERE pg_class.oid = indexrelid AND relname = '${name.replaceAll("'", "''")}'`,
            )
            .join(";")};
          ${mark("indisvalid = false", "pg_catalog.pg_description_o_c_o_index")}`,
  });
  const outcome = await look(db.url(), indexesInvalid);
  expect(saying(outcome)).toEqual([
    `warning ${quoted}."None Twice"`,
    `warning ${quoted}."The Key"`,
    `warning ${quoted}.${quoted}`,
    "warning pg_catalog.pg_description_o_c_o_index",
  ]);
  for (const { remedy } of outcome.findings) await paste(db, remedy?.sql);
  expect((await look(db.url(), indexesInvalid)).status).toBe("passed");
  expect(outcome.findings.map(({ remedy }) => remedy?.otherwise?.sql)).toEqual([
    undefined,
    undefined,
    `DROP INDEX CONCURRENTLY ${quoted}.${quoted};`,
    undefined,
  ]);
});

test("neither an exclusive lock nor a temporary table holds it up", async () => {
  await using db = await testDatabase({ sql: duplicates });
  await fails(db.sql("CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number)"));
  const blocker = await db.connect();
  await blocker.query("CREATE TEMPORARY TABLE orders (number int PRIMARY KEY)");
  await blocker.query("BEGIN; LOCK TABLE public.orders");
  const outcome = await look(db.url(), indexesInvalid);
  // Had it waited, it would have ended on lock_timeout as skipped.
  expect(outcome).toMatchObject({
    status: "passed",
    scope: "1 index in 1 schema; 1 is being built or dropped",
  });
});

import { expect, test } from "vitest";
import { integrityForeignKeyOrphans as orphansCheck } from "../../../lib/checks/integrity/foreign-key-orphans.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";

/** What a bulk load does that disables triggers: the catalog says valid ever after. */
const behindItsBack = (sql: string): string =>
  `SET session_replication_role = replica; ${sql}; SET session_replication_role = origin`;

const shop = `
  CREATE TABLE customers (id int PRIMARY KEY);
  CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers);
  INSERT INTO customers VALUES (1), (2);
  INSERT INTO orders VALUES (1, 1), (2, 2), (3, NULL)`;

test("rows that all refer to something, or to nothing by NULL, pass with the scope told", async () => {
  await using db = await testDatabase({ sql: shop });
  expect(await look(db.url(), orphansCheck)).toMatchObject({
    status: "passed",
    scope: "1 of 1 foreign key covered, 0 orphans",
  });
});

test("orphans under a constraint that says it is valid are counted, listed and explained", async () => {
  await using db = await testDatabase({ sql: shop });
  await db.sql(behindItsBack("INSERT INTO orders SELECT i, i FROM generate_series(10, 26) i"));
  await db.sql("ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey");
  const outcome = await look(db.url(), orphansCheck);
  expect(saying(outcome)).toEqual(["critical orders_customer_id_fkey on public.orders"]);
  const [finding] = outcome.findings;
  expect(finding).toMatchObject({
    summary:
      "17 rows of public.orders refer to no row of public.customers (foreign key orders_customer_id_fkey)",
    evidence: { orphans: 17, partlyNull: 0, columns: ["customer_id"], isValidated: true },
  });
  expect(finding?.detail?.join(" ")).toContain("VALIDATE CONSTRAINT will not find them");
  const listed = await db.sql(finding?.remedy?.sql ?? "");
  expect(listed).toHaveLength(17);
  expect(JSON.stringify(outcome.evidence)).not.toContain('"26"');
});

test("the ways out that a remedy shows work as pasted, without their dashes", async () => {
  await using db = await testDatabase({ sql: shop });
  await db.sql(behindItsBack("INSERT INTO orders VALUES (7, 7), (8, 8)"));
  const sql = (await look(db.url(), orphansCheck)).findings[0]?.remedy?.sql ?? "";
  const [, detach = "", remove = ""] = sql
    .split("\n\n")
    .map((part) => part.replaceAll(/^-- (Or .*:$)?/gm, ""));
  await db.sql(`BEGIN; ${detach}`);
  expect(await db.sql("SELECT count(*)::int AS n FROM orders WHERE customer_id IS NULL")).toEqual([
    { n: 3 },
  ]);
  await db.sql(`ROLLBACK; ${remove}`);
  expect(await db.sql("SELECT count(*)::int AS n FROM orders")).toEqual([{ n: 3 }]);
  expect((await look(db.url(), orphansCheck)).status).toBe("passed");
});

test("composite keys: MATCH SIMPLE lets a partly null row be, MATCH FULL counts it", async () => {
  await using db = await testDatabase({
    sql: `
      CREATE TABLE p (a int, b int, PRIMARY KEY (b, a));
      CREATE TABLE simple (a int, b int, FOREIGN KEY (a, b) REFERENCES p (a, b));
      CREATE TABLE full_ (a int, b int, FOREIGN KEY (a, b) REFERENCES p (a, b) MATCH FULL);
      INSERT INTO p VALUES (1, 2)`,
  });
  const rows = "(1, 2), (2, 1), (NULL, 77), (77, NULL), (NULL, NULL)";
  await db.sql(
    behindItsBack(`INSERT INTO simple VALUES ${rows}; INSERT INTO full_ VALUES ${rows}`),
  );
  const { findings } = await look(db.url(), orphansCheck);
  expect(findings.map(({ summary }) => summary)).toEqual([
    "1 row of public.full_ refers to no row of public.p; 2 rows are partly null, which MATCH FULL forbids (foreign key full__a_b_fkey)",
    "1 row of public.simple refers to no row of public.p (foreign key simple_a_b_fkey)",
  ]);
  expect(await db.sql(findings[0]?.remedy?.sql ?? "")).toHaveLength(3);
});

test("a table that refers to itself", async () => {
  await using db = await testDatabase({
    sql: "CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree); INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 3)",
  });
  await db.sql(behindItsBack("INSERT INTO tree VALUES (4, 99)"));
  expect((await look(db.url(), orphansCheck)).findings[0]?.evidence.orphans).toBe(1);
});

test("partitioned on both sides: one constraint, its rows counted once", async () => {
  await using db = await testDatabase({
    sql: `
      CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
      CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (100);
      CREATE TABLE c (id int, p_id int REFERENCES p) PARTITION BY RANGE (id);
      CREATE TABLE c1 PARTITION OF c FOR VALUES FROM (0) TO (10);
      CREATE TABLE c2 PARTITION OF c FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
      CREATE TABLE c21 PARTITION OF c2 FOR VALUES FROM (10) TO (20);
      INSERT INTO p VALUES (5), (50)`,
  });
  await db.sql(behindItsBack("INSERT INTO c VALUES (1, 5), (2, 6), (11, 50), (12, 51), (13, 52)"));
  const outcome = await look(db.url(), orphansCheck);
  expect(outcome.scope).toBe("1 of 1 foreign key covered, 3 orphans");
  expect(await db.sql(outcome.findings[0]?.remedy?.sql ?? "")).toHaveLength(3);
});

test("an inheritance child has no part in a foreign key, on either side", async () => {
  await using db = await testDatabase({
    sql: `
      CREATE TABLE p (id int PRIMARY KEY);
      CREATE TABLE p_child () INHERITS (p);
      CREATE TABLE c (p_id int REFERENCES p);
      CREATE TABLE c_child () INHERITS (c);
      INSERT INTO p VALUES (1);
      INSERT INTO p_child VALUES (2);
      INSERT INTO c VALUES (1);
      INSERT INTO c_child VALUES (77)`,
  });
  expect((await look(db.url(), orphansCheck)).status).toBe("passed");
  await db.sql(behindItsBack("INSERT INTO c VALUES (2)"));
  expect((await look(db.url(), orphansCheck)).findings[0]?.evidence.orphans).toBe(1);
});

test("types and collations that differ are compared as the constraint compares them", async () => {
  await using db = await testDatabase({
    sql: `
      CREATE EXTENSION citext;
      CREATE COLLATION german (provider = icu, locale = 'de');
      CREATE DOMAIN code AS text CHECK (VALUE <> 'never');
      CREATE TYPE mood AS ENUM ('calm', 'cross');
      CREATE TABLE big (id bigint PRIMARY KEY);
      CREATE TABLE small (id int REFERENCES big, n numeric);
      CREATE TABLE mail (address citext PRIMARY KEY);
      CREATE TABLE login (address citext REFERENCES mail);
      CREATE TABLE word (w text COLLATE "C" PRIMARY KEY);
      CREATE TABLE uses (w code COLLATE german REFERENCES word, v varchar REFERENCES word);
      CREATE TABLE moods (m mood PRIMARY KEY, l int[] UNIQUE);
      CREATE TABLE moody (m mood REFERENCES moods, l int[] REFERENCES moods (l));
      INSERT INTO big VALUES (1);
      INSERT INTO mail VALUES ('Ann@example.org');
      INSERT INTO word VALUES ('one');
      INSERT INTO moods VALUES ('calm', '{1,2}');
      INSERT INTO small VALUES (1);
      INSERT INTO login VALUES ('ann@EXAMPLE.org');
      INSERT INTO uses VALUES ('one', 'one');
      INSERT INTO moody VALUES ('calm', '{1,2}')`,
  });
  expect(await look(db.url(), orphansCheck)).toMatchObject({
    status: "passed",
    scope: "6 of 6 foreign keys covered, 0 orphans",
  });
  await db.sql(
    behindItsBack(`
      INSERT INTO small VALUES (2);
      INSERT INTO login VALUES ('bob@example.org');
      INSERT INTO uses VALUES ('ONE', 'two');
      INSERT INTO moody VALUES ('cross', '{2,1}')`),
  );
  const outcome = await look(db.url(), orphansCheck);
  expect(outcome.scope).toBe("6 of 6 foreign keys covered, 6 orphans");
  for (const { remedy } of outcome.findings)
    expect(await db.sql(remedy?.sql ?? "")).toHaveLength(1);
});

test("names that would break out of their quotes stay names", async () => {
  const schema = `"a'b\\c"`;
  const table = `"t""; DROP TABLE public.kept; --  two  spaces"`;
  await using db = await testDatabase({
    sql: `
      CREATE TABLE kept ();
      CREATE SCHEMA ${schema};
      CREATE TABLE ${schema}.${table} ("schlüssel ""x""" int PRIMARY KEY);
      CREATE TABLE ${schema}."Kind" ("fk's  \\" int,
        CONSTRAINT "the ""key""" FOREIGN KEY ("fk's  \\") REFERENCES ${schema}.${table})`,
  });
  await db.sql(behindItsBack(`INSERT INTO ${schema}."Kind" VALUES (1)`));
  const reader = await db.role({
    grants: [`USAGE ON SCHEMA ${schema}`, `SELECT ON ALL TABLES IN SCHEMA ${schema}`],
  });
  const { findings } = await look(db.url({ user: reader.name }), orphansCheck);
  expect(findings).toHaveLength(1);
  expect(await db.sql(findings[0]?.remedy?.sql ?? "")).toHaveLength(1);
  expect(await db.sql("SELECT to_regclass('public.kept') IS NOT NULL AS there")).toEqual([
    { there: true },
  ]);
});

test("a key that is NOT VALID, or whose triggers are disabled now, says so", async () => {
  await using db = await testDatabase({ sql: shop });
  await db.sql(`
    CREATE TABLE notes (customer_id int);
    INSERT INTO notes VALUES (99);
    ALTER TABLE notes ADD FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;
    ALTER TABLE orders DISABLE TRIGGER ALL;
    INSERT INTO orders VALUES (9, 98)`);
  const [notes, orders] = (await look(db.url(), orphansCheck)).findings;
  expect(notes?.detail?.join(" ")).toContain("It is NOT VALID");
  expect(notes?.detail?.join(" ")).not.toContain("The catalog calls it valid");
  expect(orders?.detail?.[0]).toBe(
    "2 triggers of it are disabled now: it is not enforced, and more can come.",
  );
});

test("NOT ENFORCED orphans are at most a warning; a temporal key is left out and told", async ({
  skip,
}) => {
  await using db = await testDatabase({ sql: shop });
  if (db.major < 18) skip("PostgreSQL 18 brought both");
  await db.sql(`
    CREATE TABLE notes (customer_id int REFERENCES customers NOT ENFORCED);
    INSERT INTO notes VALUES (99);
    CREATE EXTENSION btree_gist;
    CREATE TABLE room (id int, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS));
    CREATE TABLE stay (id int, during daterange,
      FOREIGN KEY (id, PERIOD during) REFERENCES room (id, PERIOD during))`);
  const outcome = await look(db.url(), orphansCheck);
  expect(saying(outcome)).toEqual(["warning notes_customer_id_fkey on public.notes"]);
  expect(outcome).toMatchObject({
    scope: "2 of 3 foreign keys covered, 1 orphan",
    cause: "not-applicable",
    reason: expect.stringContaining("temporal"),
  });
});

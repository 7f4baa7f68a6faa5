import { expect, test } from "vitest";
import { integrityForeignKeyOrphans as orphansCheck } from "../../../lib/checks/integrity/foreign-key-orphans.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { startStandby } from "../../support/standby.ts";
import { sharedServer } from "../../support/test-server.ts";
import { until } from "../../support/until.ts";

const shop = `
  CREATE TABLE customers (id int PRIMARY KEY, name text);
  CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers, secret text);
  CREATE TABLE notes (id int PRIMARY KEY, order_id int REFERENCES orders)`;

const orphan = (sql: string): string =>
  `SET session_replication_role = replica; ${sql}; SET session_replication_role = origin`;

/** Counting these takes longer than a count may take, on any machine. */
const large = `
  CREATE UNLOGGED TABLE big (id int PRIMARY KEY);
  CREATE UNLOGGED TABLE many (big_id int);
  INSERT INTO big SELECT i FROM generate_series(1, 400000) i;
  INSERT INTO many SELECT i % 400000 + 1 FROM generate_series(1, 1600000) i;
  ALTER TABLE many ADD FOREIGN KEY (big_id) REFERENCES big NOT VALID;
  ANALYZE big, many`;

test("SELECT on the key columns alone is enough", async () => {
  await using db = await testDatabase({ sql: shop });
  const { name } = await db.role({
    grants: [
      "SELECT (id) ON customers",
      "SELECT (id, customer_id) ON orders",
      "SELECT (order_id) ON notes",
    ],
  });
  expect(await look(db.url({ user: name }), orphansCheck)).toMatchObject({
    status: "passed",
    scope: "2 of 2 foreign keys covered, 0 orphans",
  });
});

test("without it, it says which tables, and the GRANT that it prints is the cure", async () => {
  await using db = await testDatabase({ sql: shop });
  await db.sql(`
    CREATE SCHEMA "Back Office";
    CREATE TABLE "Back Office"."Pay outs" ("note ""id""" int REFERENCES notes);
    CREATE TABLE open (customer_id int REFERENCES customers)`);
  await db.sql(orphan("INSERT INTO open VALUES (1)"));
  const { name } = await db.role({ grants: ["SELECT ON customers, open", "pg_monitor"] });
  const blind = await look(db.url({ user: name }), orphansCheck);
  expect(saying(blind)).toEqual(["critical open_customer_id_fkey on public.open"]);
  expect(blind).toMatchObject({
    status: "found",
    cause: "privilege",
    scope: "1 of 4 foreign keys covered, 1 orphan",
    reason: 'no SELECT on "Back Office"."Pay outs", public.notes, public.orders',
    cure: [
      `GRANT USAGE ON SCHEMA "Back Office" TO "${name}";`,
      `GRANT SELECT ("note ""id""") ON "Back Office"."Pay outs" TO "${name}";`,
      `GRANT SELECT (id, order_id) ON public.notes TO "${name}";`,
      `GRANT SELECT (id, customer_id) ON public.orders TO "${name}";`,
    ].join("\n"),
  });
  await db.sql(blind.cure ?? "");
  expect((await look(db.url({ user: name }), orphansCheck)).cause).toBeUndefined();
});

test("row security that would hide rows is told, not believed", async () => {
  await using db = await testDatabase({ sql: shop });
  await db.sql("ALTER TABLE orders ENABLE ROW LEVEL SECURITY");
  const { name } = await db.role({ grants: ["SELECT ON customers, orders, notes"] });
  expect(await look(db.url({ user: name }), orphansCheck)).toMatchObject({
    status: "skipped",
    cause: "privilege",
    scope: "0 of 2 foreign keys covered, 0 orphans",
    reason: expect.stringContaining("row security"),
    cure: `ALTER ROLE "${name}" BYPASSRLS;`,
  });
  await db.sql(`ALTER TABLE orders OWNER TO ${name}; GRANT USAGE ON SCHEMA public TO ${name}`);
  expect((await look(db.url({ user: name }), orphansCheck)).status).toBe("passed");
  await db.sql("ALTER TABLE orders FORCE ROW LEVEL SECURITY");
  expect((await look(db.url({ user: name }), orphansCheck)).cause).toBe("privilege");
});

test("a table that is locked, or waited for, is not queued for; the others are counted", async () => {
  await using db = await testDatabase({ sql: shop });
  const reader = await db.connect();
  const migration = await db.connect();
  await reader.query("BEGIN; SELECT FROM notes");
  const altering = migration.query("ALTER TABLE notes ADD COLUMN more int");
  await until(async () => (await db.sql("SELECT 1 FROM pg_locks WHERE NOT granted")).length);
  const waitedFor = await look(db.url(), orphansCheck);
  await reader.query("COMMIT");
  await altering;
  await migration.query("BEGIN; LOCK TABLE notes");
  const held = await look(db.url(), orphansCheck);
  for (const outcome of [waitedFor, held]) {
    expect(outcome).toMatchObject({
      status: "skipped",
      cause: "lock",
      scope: "1 of 2 foreign keys covered, 0 orphans",
      reason: expect.stringContaining("notes_order_id_fkey on public.notes"),
    });
  }
  await migration.query("ROLLBACK");
  expect((await look(db.url(), orphansCheck)).status).toBe("passed");
});

test("an ALTER that arrives in mid-scan delays the application by less than 300 ms", async () => {
  await using db = await testDatabase({ sql: large });
  const [migration, application] = [await db.connect(), await db.connect()];
  const looking = look(db.url(), orphansCheck, { options: { largest: "10GB" } });
  await until(() => isScanning(db), { interval: 2 });
  const altering = migration.query("ALTER TABLE many ADD COLUMN more int");
  const begun = performance.now();
  await application.query("SELECT FROM many LIMIT 1");
  expect(performance.now() - begun).toBeLessThan(300);
  await altering;
  expect(await looking).toMatchObject({ status: "skipped", cause: "timeout" });
});

const isScanning = async (db: TestDatabase): Promise<boolean> => {
  const rows = await db.sql(
    `SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE a.application_name = 'pgvigil' AND l.relation = 'many'::regclass`,
  );
  return rows.length > 0;
};

test("what is too large is not tried; what proves too slow takes nobody with it", async () => {
  await using db = await testDatabase({ sql: `${shop}; ${large}` });
  await db.sql(orphan("INSERT INTO notes VALUES (1, 1)"));
  expect(await look(db.url(), orphansCheck, { options: { largest: "1MB" } })).toMatchObject({
    cause: "timeout",
    scope: "2 of 3 foreign keys covered, 1 orphan",
    reason: "1 too large for the plain count (many_big_id_fkey on public.many)",
  });
  // Statistics that are wrong put it among the small ones.
  await db.sql("UPDATE pg_class SET relpages = 1 WHERE relname IN ('big', 'big_pkey', 'many')");
  await until(async () => {
    await db.sql("SELECT pg_stat_reset()");
    const [row] = await db.sql("SELECT pg_stat_get_live_tuples('many'::regclass)::int AS n");
    return row?.n === 0;
  });
  const outcome = await look(db.url(), orphansCheck);
  expect(saying(outcome)).toEqual(["critical notes_order_id_fkey on public.notes"]);
  expect(outcome).toMatchObject({
    cause: "timeout",
    scope: "2 of 3 foreign keys covered, 1 orphan",
    reason: expect.stringContaining("slower than the 200 ms"),
  });
});

test("what does not fit into the budget is counted as such, doubtful keys come first", async () => {
  await using db = await testDatabase({ sql: shop });
  const outcome = await look(db.url(), orphansCheck, { options: { budget: "0s" } });
  expect(outcome).toMatchObject({
    status: "skipped",
    cause: "out-of-time",
    scope: "0 of 2 foreign keys covered, 0 orphans",
    reason: expect.stringContaining("2 that did not fit into the budget"),
  });
});

test("an operator whose function anybody may have written is not called", async () => {
  await using db = await testDatabase({
    sql: `
      CREATE TYPE weight AS (kg int);
      CREATE FUNCTION called(a weight, b weight) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
        $$ BEGIN RAISE WARNING 'called'; RETURN a.kg = b.kg; END $$;
      CREATE FUNCTION cmp(a weight, b weight) RETURNS int LANGUAGE sql IMMUTABLE AS
        $$ SELECT btint4cmp(a.kg, b.kg) $$;
      CREATE OPERATOR === (LEFTARG = weight, RIGHTARG = weight, FUNCTION = called);
      CREATE OPERATOR CLASS weight_ops FOR TYPE weight USING btree AS OPERATOR 3 ===, FUNCTION 1 cmp;
      CREATE TABLE p (w weight);
      CREATE UNIQUE INDEX p_w ON p (w weight_ops);
      CREATE TABLE c (w weight REFERENCES p (w))`,
  });
  await db.sql(orphan("INSERT INTO c VALUES ('(1)'), ('(2)')"));
  expect(await look(db.url(), orphansCheck)).toMatchObject({
    status: "skipped",
    cause: "privilege",
    reason: expect.stringContaining("operator public.==="),
  });
  expect(await db.log()).not.toContain("called");
});

test("a cast that somebody wrote is not called, one between types of PostgreSQL's own is", async () => {
  await using db = await testDatabase({
    sql: `
      CREATE TYPE weight AS (kg int);
      CREATE FUNCTION called(w weight) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
        $$ BEGIN RAISE WARNING 'called'; RETURN w.kg; END $$;
      CREATE CAST (weight AS int) WITH FUNCTION called AS IMPLICIT;
      CREATE TABLE p (id int PRIMARY KEY);
      CREATE TABLE c (w weight REFERENCES p, n smallint REFERENCES p)`,
  });
  await db.sql(orphan("INSERT INTO c VALUES ('(1)', 1)"));
  const outcome = await look(db.url(), orphansCheck);
  expect(saying(outcome)).toEqual(["critical c_n_fkey on public.c"]);
  expect(outcome).toMatchObject({
    cause: "privilege",
    reason: expect.stringContaining("a cast to integer"),
  });
  expect(await db.log()).not.toContain("called");
});

test("a replica has no rows of an unlogged table, and says so", async () => {
  await using db = await testDatabase({ sql: shop });
  await db.sql("CREATE UNLOGGED TABLE cache (customer_id int REFERENCES customers)");
  await db.sql(orphan("INSERT INTO notes VALUES (1, 1)"));
  await using standby = await startStandby(sharedServer());
  const url = new URL(db.url());
  url.host = `${standby.host}:${standby.port}`;
  const outcome = await until(async () => {
    const seen = await look(url.href, orphansCheck);
    return seen.scope.startsWith("2 of 3") ? seen : undefined;
  });
  expect(outcome).toMatchObject({ status: "found", cause: "not-applicable" });
  expect(outcome && saying(outcome)).toEqual(["critical notes_order_id_fkey on public.notes"]);
});

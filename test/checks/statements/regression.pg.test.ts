import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedServer } from "../../../lib/adapters/local/embedded-postgres.ts";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { statementsRegression as check } from "../../../lib/checks/statements/regression.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { ownServer } from "../../support/own-server.ts";
import { baselineOf, rememberedOf } from "../../support/past.ts";
import { allText } from "../../support/sessions.ts";

// Of its own: on the shared one other tests fill the list of statements.
let server: EmbeddedServer;
beforeAll(async () => {
  server = await ownServer({
    shared_preload_libraries: "pg_stat_statements",
    "pg_stat_statements.track": "all",
    autovacuum: "off",
  });
});
afterAll(() => server.stop("immediate"));

const store = memoryStore();
const options = { calls: 20, more: "3ms", fresh: "5ms" };
const orders = `
  CREATE SCHEMA "Mon ""itor";
  CREATE EXTENSION pg_stat_statements SCHEMA "Mon ""itor";
  CREATE TABLE orders (id int, customer int, note text) PARTITION BY LIST (id);
  CREATE TABLE orders_p PARTITION OF orders DEFAULT;
  INSERT INTO orders SELECT i, i, repeat('x', 100) FROM generate_series(1, 100000) i;
  CREATE INDEX by_customer ON orders (customer);
  ANALYZE orders`;

const run = async (db: TestDatabase, sql: string, times = 30): Promise<void> => {
  for (let i = 1; i <= times; i += 1) await db.sql(sql, [i]);
};
const byCustomer = "SELECT id FROM orders WHERE customer = $1 AND note <> 'Se''cret'";

test("a statement that lost its index is found, and is over when it has it again", async () => {
  await using db = await testDatabase({ server, sql: orders });
  await run(db, byCustomer);
  const before = await look(db.url(), check, { store, options });
  expect(before).toMatchObject({ status: "skipped", cause: "not-applicable" });
  const settings = { store, options, baseline: baselineOf(before) };

  await run(db, byCustomer);
  const same = await look(db.url(), check, { ...settings, previous: rememberedOf(before) });
  expect(same).toMatchObject({ status: "passed", findings: [] });

  await db.sql("DROP INDEX by_customer");
  await run(db, byCustomer);
  const slow = await look(db.url(), check, { ...settings, previous: rememberedOf(same) });
  expect(slow.findings.map(({ severity }) => severity)).toEqual(["critical"]);
  expect(slow.findings[0]?.summary).toMatch(
    /^A statement of \w+ takes [\d,.]+ times as long .*: `SELECT id FROM orders WHERE customer = \$1/,
  );
  expect(slow.findings[0]?.evidence).toMatchObject({ calls: 30, known: "known" });
  expect(allText(slow)).not.toContain("cret");
  const [counters] = await db.sql(
    `SELECT calls FROM "Mon ""itor".pg_stat_statements
      WHERE queryid = ${slow.findings[0]?.object.name}`,
  );
  expect(counters).toBeDefined();
  if (db.major < 16) {
    expect(await db.sql(slow.findings[0]?.remedy?.sql ?? "")).toHaveLength(1);
  } else {
    expect(slow.findings[0]?.remedy?.sql).toMatch(/^EXPLAIN \(GENERIC_PLAN\)/);
    const plan = await db.sql(slow.findings[0]?.remedy?.sql ?? "");
    expect(allText(plan)).toContain("Seq Scan");
  }

  await run(db, byCustomer, 1); // too few to say that it is over
  const undecided = await look(db.url(), check, { ...settings, previous: rememberedOf(slow) });
  expect(saying(undecided)).toEqual(saying(slow));
  expect(undecided.findings[0]?.summary).toBe(slow.findings[0]?.summary);

  await db.sql("CREATE INDEX again ON orders (customer)");
  await run(db, byCustomer, 300); // with the slow one in the same window
  const mended = await look(db.url(), check, { ...settings, previous: rememberedOf(undecided) });
  expect(saying(mended)).toEqual([]);
});

test("a reset of the counters is no regression, and hides none", async () => {
  await using db = await testDatabase({ server, sql: orders });
  await run(db, byCustomer);
  const before = await look(db.url(), check, { store, options });
  const settings = { store, options, baseline: baselineOf(before) };
  await db.sql(`SELECT "Mon ""itor".pg_stat_statements_reset()`);
  await run(db, byCustomer);
  const well = await look(db.url(), check, { ...settings, previous: rememberedOf(before) });
  expect(saying(well)).toEqual([]);
  await db.sql(`DROP INDEX by_customer; SELECT "Mon ""itor".pg_stat_statements_reset()`);
  await run(db, byCustomer);
  const slow = await look(db.url(), check, { ...settings, previous: rememberedOf(well) });
  expect(slow.findings.map(({ severity }) => severity)).toEqual(["critical"]);
});

test("a migration that changes the query id hides no regression", async () => {
  await using db = await testDatabase({ server, sql: orders });
  const all = "SELECT * FROM orders WHERE customer = $1";
  await run(db, all);
  const before = await look(db.url(), check, { store, options });
  await db.sql("ALTER TABLE orders ADD COLUMN total int; DROP INDEX by_customer");
  await run(db, all);
  const slow = await look(db.url(), check, {
    ...{ store, options, baseline: baselineOf(before), previous: rememberedOf(before) },
  });
  expect(slow.findings.map(({ severity }) => severity)).toEqual(["critical"]);
  expect(slow.findings[0]?.evidence).toMatchObject({ known: "by its text" });
});

test("a new statement is told by what it takes; its own text is asked for once", async () => {
  await using db = await testDatabase({ server, sql: orders });
  const before = await look(db.url(), check, { store, options });
  await run(db, "SELECT count(*) FROM orders WHERE note || $1::text = 'x'");
  const settings = { store, options, baseline: baselineOf(before) };
  const fresh = await look(db.url(), check, { ...settings, previous: rememberedOf(before) });
  expect(fresh.findings).toHaveLength(1);
  expect(["notice", "warning"]).toContain(fresh.findings[0]?.severity); // as slow as the machine
  expect(fresh.findings[0]?.summary).toMatch(/^New: `SELECT count/);
  const quiet = await look(db.url(), check, { ...settings, previous: rememberedOf(fresh) });
  expect(quiet.findings[0]?.summary).toBe(fresh.findings[0]?.summary);
});

test("without a watch the first look of all is what later ones are held against", async () => {
  await using db = await testDatabase({ server, sql: orders });
  await run(db, byCustomer);
  const first = await look(db.url(), check, { store, options });
  const second = await look(db.url(), check, { store, options, previous: rememberedOf(first) });
  await db.sql("DROP INDEX by_customer");
  await run(db, byCustomer);
  const slow = await look(db.url(), check, { store, options, previous: rememberedOf(second) });
  await run(db, byCustomer);
  const still = await look(db.url(), check, { store, options, previous: rememberedOf(slow) });
  expect(saying(still)).toEqual(saying(slow));
  expect(slow.findings).toHaveLength(1);
});

test("a role without pg_monitor says whose statements it cannot see, and with it sees them", async () => {
  await using db = await testDatabase({ server, sql: orders });
  const { name } = await db.role({ grants: [`USAGE ON SCHEMA "Mon ""itor"`] });
  await run(db, byCustomer);
  const url = db.url({ user: name });
  const blind = await look(url, check, { store, options });
  expect(blind).toMatchObject({ status: "skipped", cause: "privilege" });
  await db.sql(blind.cure ?? "");
  const seeing = await look(url, check, { store, options, previous: rememberedOf(blind) });
  expect(seeing).toMatchObject({ status: "passed" });
});

test("an extension that was never updated counts under its old names", async () => {
  await using db = await testDatabase({
    server,
    sql: orders
      .replace("CREATE EXTENSION pg_stat_statements", "$&")
      .replace(/(CREATE EXTENSION \S+ SCHEMA \S+ \S+);/, "$1 VERSION '1.7';"),
  });
  await run(db, byCustomer);
  const before = await look(db.url(), check, { store, options });
  expect(before.evidence?.look).toMatchObject({ version: "1.7", state: "counted" });
  await db.sql("DROP INDEX by_customer");
  await run(db, byCustomer);
  const slow = await look(db.url(), check, { store, options, previous: rememberedOf(before) });
  expect(slow.findings.map(({ severity }) => severity)).toEqual(["critical"]);
});

test("every version of the extension that a server may have is read", async () => {
  await using db = await testDatabase({ server, sql: "CREATE EXTENSION pg_stat_statements" });
  const versions = await db.sql<{ version: string }>(
    `SELECT version FROM pg_available_extension_versions
      WHERE name = 'pg_stat_statements' AND string_to_array(version, '.')::int[] >= '{1,4}'
      ORDER BY string_to_array(version, '.')::int[]`,
  );
  expect(versions.length).toBeGreaterThanOrEqual(5);
  for (const { version } of versions) {
    await db.sql(`DROP EXTENSION pg_stat_statements;
                  CREATE EXTENSION pg_stat_statements VERSION '${version}'`);
    const outcome = await look(db.url(), check, { store, options });
    expect(outcome.evidence?.look).toMatchObject({ version, state: "counted" });
    expect(Object(outcome.evidence?.look).statements[0].calls).toBeGreaterThan(0);
  }
});

test("where entries make room for others, nothing is taken for new or slow that is not", async () => {
  await using small = await ownServer({
    shared_preload_libraries: "pg_stat_statements",
    "pg_stat_statements.max": "100",
    autovacuum: "off",
  });
  await using db = await testDatabase({ server: small, sql: orders });
  await run(db, byCustomer);
  let outcome = await look(db.url(), check, { store, options });
  const settings = { store, options, baseline: baselineOf(outcome) };
  for (let round = 0; round < 3; round += 1) {
    const client = await db.connect();
    for (let i = 0; i < 150; i += 1) await client.query(`SELECT 1 AS column_${round}_${i}`);
    await client.end();
    await run(db, byCustomer);
    outcome = await look(db.url(), check, { ...settings, previous: rememberedOf(outcome) });
    expect(saying(outcome)).toEqual([]);
  }
  await db.sql("DROP INDEX by_customer");
  await run(db, byCustomer);
  const slow = await look(db.url(), check, { ...settings, previous: rememberedOf(outcome) });
  expect(slow.findings.map(({ severity }) => severity)).toEqual(["critical"]);
});

test("where the library is not loaded it says so, and without the extension how to make it", async () => {
  await using plain = await ownServer({});
  await using db = await testDatabase({ server: plain });
  expect(await look(db.url(), check, { store })).toMatchObject({
    cause: "not-applicable",
    cure: "CREATE EXTENSION pg_stat_statements;",
  });
  await db.sql("CREATE EXTENSION pg_stat_statements");
  expect(await look(db.url(), check, { store })).toMatchObject({
    cause: "error",
    reason: expect.stringContaining("its library is not loaded"),
  });
});

import { expect, test } from "vitest";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { integrityRowLoss as check } from "../../../lib/checks/integrity/row-loss.ts";
import type { Outcome } from "../../../lib/core/outcome.ts";
import { counted } from "../../support/counted.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { baselineOf, rememberedOf } from "../../support/past.ts";
import { until } from "../../support/until.ts";

const store = memoryStore();
const small = { rows: 100 };
const fill = (table: string, from = 1, to = 1000) =>
  `INSERT INTO ${table} SELECT i FROM generate_series(${from}, ${to}) i`;
const hows = ({ findings }: Outcome) => findings.map(({ evidence }) => evidence.how);

const settingsAfter = (outcome: Outcome, options = {}) => ({
  ...{ store, options: { ...small, ...options } },
  previous: rememberedOf(outcome),
});

async function three(): Promise<TestDatabase> {
  const db = await testDatabase({
    sql: `CREATE TABLE "or""ders; DROP é" (id int PRIMARY KEY);
          CREATE TABLE plain (id int);
          CREATE TABLE parts (id int) PARTITION BY RANGE (id);
          CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (1001);
          CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (1001) TO (2001)`,
  });
  await counted(db, fill(`"or""ders; DROP é"`), fill("plain"), fill("parts", 1, 2000));
  return db;
}

test("truncated, deleted and swapped tables and partitions are told as what they are", async () => {
  await using db = await three();
  const first = await look(db.url(), check, { store, options: small });
  expect(first).toMatchObject({ status: "skipped", cause: "not-applicable" });
  const same = await look(db.url(), check, settingsAfter(first));
  expect(same).toMatchObject({ status: "passed", findings: [] });

  await counted(
    db,
    `TRUNCATE "or""ders; DROP é"`,
    "DELETE FROM parts WHERE id <= 400",
    "ALTER TABLE plain RENAME TO plain_old; CREATE TABLE plain (id int)",
  );
  const after = await look(db.url(), check, settingsAfter(same));
  expect(saying(after)).toEqual([
    `critical public."or""ders; DROP é"`,
    "critical public.plain",
    "warning public.parts_1",
  ]);
  expect(hows(after)).toEqual(["truncated", "swapped", "deleted"]);
  expect(after.findings[0]?.measure).toMatchObject({ value: 1000 });
  await db.sql(after.findings[0]?.remedy?.sql ?? "");

  const next = await look(db.url(), check, settingsAfter(after));
  expect(next).toMatchObject({ status: "passed" }); // told once a night
});

test("under a watch a loss is told until the rows are there again", async () => {
  await using db = await three();
  const baseline = baselineOf(await look(db.url(), check, { store, options: small }));
  const watched = (previous?: Outcome) =>
    look(db.url(), check, {
      ...{ store, options: small, baseline },
      previous: previous && rememberedOf(previous),
    });
  const quiet = await watched();
  expect(quiet.status).toBe("passed");
  await counted(db, fill("plain", 1001, 3000));
  const grown = await watched(quiet);
  await counted(db, "TRUNCATE plain");
  const lost = await watched(grown);
  expect(lost.findings[0]?.evidence).toMatchObject({ before: 3000, now: 0 });
  const still = await watched(lost);
  expect(saying(still)).toEqual(["critical public.plain"]);
  await counted(db, fill("plain", 1, 3000));
  expect(saying(await watched(still))).toEqual([]);
});

test("a new file is no loss, and neither is a DELETE that was rolled back", async () => {
  await using db = await three();
  const first = await look(db.url(), check, { store, options: small });
  await counted(
    db,
    "VACUUM FULL plain",
    `CLUSTER "or""ders; DROP é" USING "or""ders; DROP é_pkey"`,
    "ALTER TABLE plain ALTER COLUMN id TYPE bigint",
    "BEGIN",
    "DELETE FROM plain",
    "ROLLBACK",
  );
  expect(await look(db.url(), check, settingsAfter(first))).toMatchObject({ status: "passed" });
});

test("a partition that was dropped is no loss of rows", async () => {
  await using db = await three();
  const first = await look(db.url(), check, { store, options: small });
  await counted(db, "DROP TABLE parts_1");
  expect(await look(db.url(), check, settingsAfter(first))).toMatchObject({ status: "passed" });
});

test("a reset of the statistics, of all or of one table, is no loss", async () => {
  await using db = await three();
  const first = await look(db.url(), check, { store, options: small });
  await db.sql("SELECT pg_stat_reset_single_table_counters('plain'::regclass)");
  expect(await look(db.url(), check, settingsAfter(first))).toMatchObject({ status: "passed" });
  await db.sql("SELECT pg_stat_reset()");
  const after = await until(async () => {
    const outcome = await look(db.url(), check, settingsAfter(first));
    return outcome.scope.includes("reset") ? outcome : undefined;
  });
  expect(after).toMatchObject({ status: "passed", scope: expect.stringContaining("were reset") });
});

test("a staging table that is emptied and filled again and again is a notice at most", async () => {
  await using db = await three();
  const load = ["TRUNCATE plain", fill("plain"), "ANALYZE plain"];
  for (let i = 0; i < 6; i += 1) await counted(db, ...load);
  const first = await look(db.url(), check, { store, options: small });
  await counted(db, ...load);
  const loaded = await look(db.url(), check, settingsAfter(first));
  expect(loaded).toMatchObject({ status: "passed" });
  await counted(db, "TRUNCATE plain");
  const midway = await look(db.url(), check, settingsAfter(loaded));
  expect(saying(midway)).toEqual(["notice public.plain"]);
});

test("listed tables are counted, within what a count may take and this role may see", async () => {
  await using db = await three();
  await db.sql(`CREATE TABLE few (id int); INSERT INTO few VALUES (1), (2), (3);
                CREATE SCHEMA closed; CREATE TABLE closed.books (id int);
                INSERT INTO closed.books VALUES (1)`);
  const { name } = await db.role({ grants: ["pg_monitor", "SELECT ON few, parts_1, parts_2"] });
  const url = db.url({ user: name });
  const options = { ...small, exact: ["public.few", "public.parts", "closed.*", "gone.table"] };
  const first = await look(url, check, { store, options });
  expect(saying(first)).toEqual(["warning gone.table"]);

  await db.sql("DELETE FROM few WHERE id = 1; DELETE FROM parts WHERE id > 1700");
  const after = await look(url, check, { ...settingsAfter(first, options) });
  expect(saying(after)).toEqual([
    "warning gone.table",
    "warning public.few",
    "warning public.parts_2",
  ]);
  expect(after).toMatchObject({ status: "found", cause: "privilege" });
  expect(after.findings[1]?.evidence).toMatchObject({ before: 3, now: 2, isExact: true });
  await db.sql(`GRANT USAGE ON SCHEMA closed TO ${name}; ${after.cure}`);
  const cured = await look(url, check, { ...settingsAfter(after, options) });
  expect(cured.cause).toBeUndefined();
  expect(cured.scope).toContain("4 of 4 listed ones counted");

  await db.sql("ANALYZE");
  const large = await look(url, check, { ...settingsAfter(after, { ...options, largest: "1B" }) });
  expect(large).toMatchObject({ cause: "timeout" });
});

test("where row security hides rows a count would be a lie, and is not taken", async () => {
  await using db = await three();
  await db.sql(`ALTER TABLE plain ENABLE ROW LEVEL SECURITY`);
  const { name } = await db.role({ grants: ["SELECT ON plain"] });
  const settings = { store, options: { exact: ["public.plain"] } };
  const first = await look(db.url({ user: name }), check, settings);
  const blind = await look(db.url({ user: name }), check, {
    ...settings,
    previous: rememberedOf(first),
  });
  expect(blind).toMatchObject({ status: "skipped", cause: "privilege" });
  await db.sql(blind.cure ?? "");
  const cured = await look(db.url({ user: name }), check, {
    ...settings,
    previous: rememberedOf(blind),
  });
  expect(cured.scope).toContain("1 of 1 listed ones counted");
});

test("a listed table that somebody alters is not waited for", async () => {
  await using db = await three();
  const migration = await db.connect();
  await migration.query("BEGIN; LOCK TABLE plain IN ACCESS EXCLUSIVE MODE");
  const outcome = await look(db.url(), check, { store, options: { exact: ["public.plain"] } });
  expect(Object(outcome.evidence?.look).tables).toContainEqual(
    expect.objectContaining({ name: "plain", obstacle: "lock" }),
  );
  await migration.query("ROLLBACK");
});

test("an append-only table may grow, and nothing else", async () => {
  await using db = await three();
  const options = { appendOnly: ["public.plain", "public.parts"] };
  const first = await look(db.url(), check, { store, options });
  await counted(db, fill("plain", 1001, 1010), "VACUUM plain");
  const grown = await look(db.url(), check, settingsAfter(first, options));
  expect(grown.status).toBe("passed");
  await counted(db, "UPDATE plain SET id = 0 WHERE id = 7", "DELETE FROM parts WHERE id = 1500");
  const touched = await look(db.url(), check, settingsAfter(grown, options));
  expect(touched.findings.map(({ summary }) => summary)).toEqual([
    "public.parts_2 is append-only, and had 1 row deleted",
    "public.plain is append-only, and had 1 row updated",
  ]);
});

test("a role without privileges sees the estimates", async () => {
  await using db = await three();
  const { name } = await db.role();
  const first = await look(db.url({ user: name }), check, { store, options: small });
  await counted(db, "TRUNCATE plain");
  const after = await look(db.url({ user: name }), check, settingsAfter(first));
  expect(saying(after)).toEqual(["critical public.plain"]);
});

import { expect, test } from "vitest";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { indexesNoLongerUsed as check } from "../../../lib/checks/indexes/no-longer-used.ts";
import type { Outcome } from "../../../lib/core/outcome.ts";
import { counted } from "../../support/counted.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { baselineOf, rememberedOf } from "../../support/past.ts";

const store = memoryStore();
const options = { after: "1h", scans: 10, reads: 10 };
const hostile = 'public."by ""customer""; DROP é"';

const tables = `
  CREATE TABLE orders (id int PRIMARY KEY, customer int);
  CREATE INDEX "by ""customer""; DROP é" ON orders (customer);
  CREATE TABLE events (id int, kind int) PARTITION BY RANGE (id);
  CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
  CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (1000) TO (2000);
  CREATE INDEX events_kind ON events (kind);
  INSERT INTO orders SELECT i, i FROM generate_series(1, 500) i;
  INSERT INTO events SELECT i, i FROM generate_series(0, 1999) i;
  ANALYZE`;

const byIndex = "SET enable_seqscan = off";
const bySeqScan =
  "SET enable_seqscan = on; SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off";
const queries = Array.from({ length: 12 }, (_, i) => [
  `SELECT id FROM orders WHERE customer = ${i}`,
  `SELECT id FROM events WHERE id < 1000 AND kind = ${i}`,
]).flat();

/** A watch that began two hours ago, as far as the check knows. */
function watchedFor(first: Outcome) {
  const at = new Date(Date.now() - 7_200_000).toISOString();
  const baseline = baselineOf({ ...first, memory: { ...Object(first.memory), at } }, at);
  const watch = (db: TestDatabase, previous?: Outcome) =>
    look(db.url(), check, {
      ...{ store, options, baseline },
      previous: previous && rememberedOf(previous),
    });
  return watch;
}

test("an index that queries left is told, of a partitioned table once", async () => {
  await using db = await testDatabase({ sql: tables });
  await counted(db, byIndex, ...queries);
  const first = await look(db.url(), check, { store, options });
  expect(first).toMatchObject({ status: "skipped", cause: "not-applicable" });
  const watch = watchedFor(first);
  expect((await watch(db)).findings).toEqual([]); // nobody read the tables

  await counted(db, bySeqScan, ...queries);
  const after = await watch(db);
  const severity = db.major >= 16 ? "warning" : "notice";
  expect(saying(after)).toEqual([`${severity} ${hostile}`, `${severity} public.events_kind`]);
  for (const { remedy } of after.findings) await db.sql(remedy?.sql ?? "");

  await counted(db, byIndex, ...queries);
  expect(saying(await watch(db, after))).toEqual([]);
});

test("rebuilt, renamed or reset by itself it is the same index", async () => {
  await using db = await testDatabase({ sql: tables });
  await counted(db, byIndex, ...queries);
  const watch = watchedFor(await look(db.url(), check, { store, options }));
  await db.sql(`REINDEX INDEX CONCURRENTLY ${hostile}`);
  await db.sql("ALTER INDEX events_kind RENAME TO events_by_kind");
  await counted(db, byIndex, ...queries);
  expect(await watch(db)).toMatchObject({ status: "passed", findings: [] });
  await db.sql("SELECT pg_stat_reset()");
  const reset = await watch(db);
  expect(saying(reset)).toEqual([]);
});

test("an index that the deployment made and nobody scans is told with what it costs", async () => {
  await using db = await testDatabase({ sql: tables });
  await counted(db, byIndex, ...queries);
  const watch = watchedFor(await look(db.url(), check, { store, options }));
  await db.sql("CREATE INDEX orders_new ON orders ((customer + 1))");
  await db.sql("CREATE UNIQUE INDEX orders_key ON orders (id, customer)");
  const seen = await watch(db);
  expect(saying(seen)).toEqual([]);
  const memory = Object(seen.memory);
  const long = new Date(Date.now() - 7_200_000).toISOString();
  memory.fresh["public.orders_new"].at = long;
  await counted(db, byIndex, ...queries);
  const after = await watch(db, seen);
  expect(saying(after)).toEqual(["notice public.orders_new"]);
  await db.sql(after.findings[0]?.remedy?.otherwise?.sql ?? "");
  expect(saying(await watch(db, after))).toEqual([]);
});

test("any role sees how often indexes are scanned", async () => {
  await using db = await testDatabase({ sql: tables });
  await counted(db, byIndex, ...queries);
  const { name } = await db.role();
  const outcome = await look(db.url({ user: name }), check, { store, options });
  expect(Object(outcome.memory).indexes[hostile]).toMatchObject({ scans: 12 });
});

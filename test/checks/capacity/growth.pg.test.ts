import { expect, test } from "vitest";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { capacityGrowth as check } from "../../../lib/checks/capacity/growth.ts";
import { counted } from "../../support/counted.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { rememberedOf } from "../../support/past.ts";

const store = memoryStore();
const options = { least: "1MB", over: "1ms" };
const rows = (table: string, from: number, to: number) =>
  `INSERT INTO ${table} SELECT i, repeat('x', 100) FROM generate_series(${from}, ${to}) i`;

test("tables and partitioned tables that grow fast are told, whatever their names", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE "e""vents; DROP é" (id int PRIMARY KEY, t text);
          CREATE TABLE parts (id int, t text) PARTITION BY RANGE (id);
          CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10000);
          CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10000) TO (99999);
          CREATE TABLE calm (id int, t text)`,
  });
  const { name } = await db.role();
  const url = db.url({ user: name });
  await counted(
    db,
    rows(`"e""vents; DROP é"`, 1, 2000),
    rows("parts", 1, 2000),
    rows("calm", 1, 2000),
    "ANALYZE",
  );
  const first = await look(url, check, { store, options });
  expect(first).toMatchObject({ status: "skipped", cause: "not-applicable" });
  const same = await look(url, check, { store, options, previous: rememberedOf(first) });
  expect(same).toMatchObject({ status: "passed", findings: [] });

  await counted(
    db,
    rows(`"e""vents; DROP é"`, 2001, 20_000),
    rows("parts", 8000, 30_000),
    rows("calm", 2001, 20_000),
    "DELETE FROM calm WHERE id > 2000",
  );
  const after = await look(url, check, { store, options, previous: rememberedOf(same) });
  expect(saying(after)).toEqual([`warning public."e""vents; DROP é"`, "warning public.parts"]);
  expect(after.findings[0]?.measure).toMatchObject({ unit: "bytes" });

  for (const { remedy } of after.findings) await db.sql(remedy?.sql ?? "");

  const over = await look(url, check, { store, options, previous: rememberedOf(after) });
  expect(over.status).toBe("passed");
});

test("a table that was swapped or rewritten did not grow", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE t (id int, t text)" });
  await counted(db, rows("t", 1, 20_000), "ANALYZE");
  const first = await look(db.url(), check, { store, options });
  await counted(db, "VACUUM FULL t", "ALTER TABLE t ALTER COLUMN id TYPE bigint", "ANALYZE");
  const after = await look(db.url(), check, { store, options, previous: rememberedOf(first) });
  expect(after).toMatchObject({ status: "passed", findings: [] });
});

test("a reset of the statistics begins anew", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE t (id int, t text)" });
  await counted(db, rows("t", 1, 20_000), "ANALYZE");
  const first = await look(db.url(), check, { store, options });
  const memory = Object(first.memory);
  memory.newest.countedSince = "2026-01-01T00:00:00.000Z";
  const after = await look(db.url(), check, { store, options, previous: rememberedOf(first) });
  expect(after).toMatchObject({ status: "skipped", cause: "not-applicable" });
  expect(after.scope).toContain("were reset");
});

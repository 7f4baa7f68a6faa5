import { expect, test } from "vitest";
import { indexesInvalid } from "../../../lib/checks/indexes/invalid.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { startStandby } from "../../support/standby.ts";
import { sharedServer } from "../../support/test-server.ts";
import { until } from "../../support/until.ts";

const shop = `
  CREATE TABLE orders (id int PRIMARY KEY, number int, note text);
  CREATE INDEX orders_number ON orders (number);
  INSERT INTO orders SELECT n, n, 'note' FROM generate_series(1, 100) n`;

const invalid = (db: TestDatabase) => async () =>
  (await db.sql("SELECT FROM pg_index WHERE NOT indisvalid")).length;

/** An index whose statement waits behind the transaction of `busy`, looked at by a plain role. */
async function whileItWaits(db: TestDatabase, statement: string) {
  const busy = await db.connect();
  await busy.query("BEGIN; INSERT INTO orders VALUES (-1)");
  const builder = await db.connect();
  const built = builder.query(statement);
  await until(invalid(db));
  const { name } = await db.role();
  const outcome = await look(db.url({ user: name }), indexesInvalid);
  await busy.query("ROLLBACK");
  await built;
  return { meanwhile: outcome, afterwards: await look(db.url({ user: name }), indexesInvalid) };
}

test.each([
  ["CREATE UNIQUE INDEX CONCURRENTLY on_number ON orders (number)", "1 is being"],
  ["DROP INDEX CONCURRENTLY orders_number", "1 is being"],
  ["REINDEX INDEX CONCURRENTLY orders_number", "1 is being"],
  ["REINDEX TABLE CONCURRENTLY orders", "3 are being"], // TOAST's is one of them
])("%s is no finding while it waits", async (statement, counted) => {
  await using db = await testDatabase({ sql: shop });
  const { meanwhile, afterwards } = await whileItWaits(db, statement);
  expect(meanwhile).toMatchObject({ status: "passed", findings: [] });
  expect(meanwhile.scope).toContain(`${counted} built or dropped`);
  expect(afterwards.status).toBe("passed");
  expect(afterwards.scope).toMatch(/^\d (index|indexes) in 1 schema$/);
});

test("a VACUUM of the table builds nothing, so that the index is told meanwhile", async () => {
  await using db = await testDatabase({ sql: shop });
  await db.sql(
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_number'::regclass",
  );
  const vacuum = await db.connect();
  await vacuum.query("SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1");
  await db.sql(
    "INSERT INTO orders SELECT n, n, repeat('x', 2000) FROM generate_series(101, 400) n",
  );
  const vacuumed = vacuum.query("VACUUM (FREEZE) orders").catch(() => "cancelled");
  await until(async () => (await db.sql("SELECT FROM pg_stat_progress_vacuum")).length > 0);
  const { name } = await db.role();
  expect(saying(await look(db.url({ user: name }), indexesInvalid))).toEqual([
    "warning public.orders_number",
  ]);
  await db.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_progress_vacuum");
  expect(await vacuumed).toBe("cancelled");
});

test("a build that ends between catalog and locks is not taken for a wreck", async () => {
  await using db = await testDatabase({ sql: shop });
  const builder = await db.connect();
  let ended = false;
  const builds = (async () => {
    for (let n = 0; n < 25; n += 1) {
      await builder.query("DROP INDEX IF EXISTS on_note");
      await builder.query("CREATE INDEX CONCURRENTLY on_note ON orders (note)");
    }
    ended = true;
  })();
  const { name } = await db.role();
  while (!ended) {
    expect(await look(db.url({ user: name }), indexesInvalid)).toMatchObject({ status: "passed" });
  }
  await builds;
});

test("a replica tells it only when it was so an hour ago, and says that it cannot tell before", async () => {
  await using db = await testDatabase({ sql: shop });
  await using standby = await startStandby(sharedServer());
  const busy = await db.connect();
  await busy.query("BEGIN; INSERT INTO orders VALUES (-1)");
  const builder = await db.connect();
  const built = builder.query("CREATE INDEX CONCURRENTLY on_note ON orders (note)");
  await until(invalid(db));
  const replica = new URL(db.url());
  replica.port = String(standby.port);
  const url = replica.toString();
  const at = (time: string) => new Date(`2026-11-20T${time}Z`);

  const firstLook = () => look(url, indexesInvalid, { now: at("03:00:00") });
  await until(async () => (await firstLook()).cause === "lock");
  const first = await firstLook();
  expect(first).toMatchObject({ status: "skipped", findings: [] });
  expect(first.reason).toContain("public.on_note");
  const previous = { at: "2026-11-20T03:30:00Z", memory: first.memory };
  const soon = await look(url, indexesInvalid, { now: at("03:59:59"), previous });
  expect(soon).toMatchObject({ status: "skipped", memory: first.memory });
  const later = await look(url, indexesInvalid, { now: at("04:00:00"), previous });
  expect(saying(later)).toEqual(["warning public.on_note"]);

  await busy.query("ROLLBACK");
  await built;
  await until(async () => (await look(url, indexesInvalid, { previous })).status === "passed");
});

import { expect, test } from "vitest";
import { vitals } from "../../lib/checks/reads/vitals.ts";
import { vitalsSchema } from "../../lib/core/vitals.ts";
import { Reader } from "../../lib/run/reader.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { sessionAt } from "../support/look.ts";
import { sendAway, untilWaiting } from "../support/sessions.ts";
import { until } from "../support/until.ts";

const vitalsOf = async (db: TestDatabase, user?: string) => {
  await using session = await sessionAt(db.url(user === undefined ? {} : { user }));
  const reader = new Reader({
    target: { environment: "test", name: db.name },
    profile: "watch",
    store: undefined,
    past: () => undefined,
    remaining: () => 10_000,
    session,
  });
  return vitalsSchema.parse(await reader.ask(vitals, {}));
};

test("a database in numbers: sessions, who waits, the longest transaction, counters, the WAL", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const [holder, waiting] = [await db.connect(), await db.connect()];
  await holder.query("BEGIN; LOCK TABLE orders");
  sendAway(waiting, "SELECT FROM orders");
  await untilWaiting(db, 1);
  const seen = await vitalsOf(db);
  expect(seen).toMatchObject({ sessions: 3, waiting: 1 });
  expect(seen.longestTransactionSeconds).toBeGreaterThan(0);
  expect(seen.sizeBytes).toBeGreaterThan(1_000_000);
  // Up to 14 a collector takes its time to count.
  await until(async () => (await vitalsOf(db)).counters.commits > 0);
  expect(Date.now() - Date.parse(seen.at)).toBeLessThan(60_000);
  expect(seen.wal?.lsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
  await holder.query("ROLLBACK");
});

test("what a role without privileges may not see is null, and not zero", async () => {
  await using db = await testDatabase();
  await db.connect();
  const { name } = await db.role();
  const seen = await vitalsOf(db, name);
  expect(seen).toMatchObject({ waiting: null, longestTransactionSeconds: null });
  expect(seen.sessions).toBeGreaterThanOrEqual(2);
});

test("nothing is locked: an ALTER under way neither waits nor is waited for", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const client = await db.connect();
  await client.query("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
  expect((await vitalsOf(db)).sessions).toBe(2);
  await client.query("ROLLBACK");
});

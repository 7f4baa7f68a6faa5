import { expect, test } from "vitest";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { schemaDriftFromLast } from "../../../lib/checks/schema/drift-from-last.ts";
import type { JudgeContext } from "../../../lib/core/check.ts";
import type { Store } from "../../../lib/core/ports.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";

/** Looks one after the other, each remembering as a run does. */
function looks(db: TestDatabase, store: Store = memoryStore()) {
  let previous: JudgeContext["previous"];
  return async () => {
    const outcome = await look(db.url(), schemaDriftFromLast, {
      store,
      ...(previous === undefined ? {} : { previous }),
    });
    if (outcome.memory !== undefined) previous = { at: "earlier", memory: outcome.memory };
    return outcome;
  };
}

test("the first look has nothing to hold against; the second is quiet", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const next = looks(db);
  expect(await next()).toMatchObject({
    status: "skipped",
    cause: "not-applicable",
    reason: "first look",
  });
  expect(await next()).toMatchObject({
    status: "passed",
    scope: expect.stringContaining("held against 20"),
  });
});

test("a change is told once, by name", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int, total int)" });
  const next = looks(db);
  await next();
  await db.sql("ALTER TABLE orders ALTER total TYPE bigint");
  const outcome = await next();
  expect(saying(outcome)).toEqual(["warning public.orders.total"]);
  expect(outcome.findings[0]?.summary).toMatch(
    /^Column public\.orders\.total is bigint now, was integer; changed since the last look on 20/,
  );
  expect((await next()).status).toBe("passed");
});

test("what was locked at one look is neither removed then nor added at the next", async () => {
  await using db = await testDatabase({
    sql: "CREATE TABLE orders (id int); CREATE TABLE free (id int)",
  });
  await db.sql("ALTER TABLE orders ADD CHECK (id > 0)");
  const next = looks(db);
  await next();
  const migration = await db.connect();
  await db.sql("TRUNCATE orders"); // moves the catalogs: else nobody would read them again
  await migration.query("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
  expect(await next()).toMatchObject({ status: "skipped", cause: "lock", findings: [] });
  await migration.query("ROLLBACK");
  expect((await next()).status).toBe("passed");
});

test("a store that cannot keep the snapshot is said, and nothing is remembered", async () => {
  await using db = await testDatabase();
  const store: Store = {
    ...memoryStore(),
    put: () => Promise.reject(new Error("no space left")),
  };
  const outcome = await looks(db, store)();
  expect(outcome).toMatchObject({
    cause: "error",
    reason: expect.stringContaining("no space left"),
  });
  expect(outcome.memory).toBeUndefined();
});

test("another server behind the same target is said", async () => {
  await using db = await testDatabase();
  const store = memoryStore();
  const first = await look(db.url(), schemaDriftFromLast, { store });
  const memory = { ...Object(first.memory), systemIdentifier: "1" };
  const outcome = await look(db.url(), schemaDriftFromLast, {
    store,
    previous: { at: "earlier", memory },
  });
  expect(outcome.scope).toContain("when another server answered");
});

import { expect, test } from "vitest";
import { locksBlockingChain } from "../../lib/checks/locks/blocking-chain.ts";
import { runSchema } from "../../lib/core/report.ts";
import { optionsOf } from "../../lib/run/choose.ts";
import { examine } from "../../lib/run/examine.ts";
import { endRun } from "../../lib/run/run-document.ts";
import { witness } from "../../lib/service/witness.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { sessionAt } from "../support/look.ts";
import { pidOf, sendAway, session, untilWaiting } from "../support/sessions.ts";

const orders = "CREATE TABLE orders (id int PRIMARY KEY, v int); INSERT INTO orders VALUES (1, 0)";

const lookAt = (db: TestDatabase, critical: string, patience = 30_000) =>
  examine({
    target: { environment: "production", name: "orders" },
    profile: "pulse",
    checks: [
      {
        check: locksBlockingChain,
        options: optionsOf(locksBlockingChain, { warning: "1ms", critical, ddl: "1d" }),
      },
    ],
    connect: () => sessionAt(db.url()),
    store: undefined,
    clock: () => new Date(),
    deadline: Date.now() + patience,
    ignore: [],
    past: () => undefined,
    witness: { ...witness, pause: 1000 },
  });

test("a critical chain is taken down twice, in the session that found it", async () => {
  await using db = await testDatabase({ sql: orders });
  await db.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").catch(() => undefined);
  const root = await session(db, "billing");
  await root.query("BEGIN; UPDATE orders SET v = 918273645 WHERE id = 1");
  const web = await session(db, "web");
  sendAway(web, "UPDATE orders SET v = 918273645 WHERE id = 1");
  await untilWaiting(db, 1);
  const busy = setInterval(() => sendAway(root, "SELECT v + 918273645 FROM orders"), 20);
  const report = await lookAt(db, "1ms").finally(() => clearInterval(busy));
  const [first, second] = report.scenes ?? [];
  expect(report.scenes).toHaveLength(2);
  expect(Date.parse(second?.at ?? "") - Date.parse(first?.at ?? "")).toBeGreaterThanOrEqual(300);
  for (const scene of [first, second]) {
    expect(scene?.activity?.backends).toContainEqual(
      expect.objectContaining({ application: "web", blockedBy: [await pidOf(root)] }),
    );
    expect(scene?.progress).toEqual([]);
    expect(scene?.blind).toBeUndefined();
  }
  expect(first?.statements).toBeUndefined();
  const texts = (second?.statements ?? []).map(({ text }) => text);
  expect(texts).toContainEqual(expect.stringMatching(/^SELECT v \+ (\$1|\?) FROM orders$/));
  // It stands in the run as it was, and no value of a row is in it.
  const head = { id: "r", profile: "pulse" as const, trigger: "schedule" as const };
  const run = endRun({ ...head, startedAt: "", pgvigil: "" }, [report], new Date());
  expect(runSchema.parse(JSON.parse(JSON.stringify(run))).reports[0]?.scenes).toHaveLength(2);
  expect(JSON.stringify(run)).not.toContain("918273645");
});

test("where nothing is critical nobody looks closer; without time for it, once", async () => {
  await using db = await testDatabase({ sql: orders });
  const root = await session(db, "billing");
  await root.query("BEGIN; LOCK TABLE orders");
  const web = await session(db, "web");
  sendAway(web, "SELECT * FROM orders");
  await untilWaiting(db, 1);
  expect((await lookAt(db, "1d")).scenes).toBeUndefined();
  expect((await lookAt(db, "1ms", 2200)).scenes).toHaveLength(1);
});

test("how far an index is built stands in the scene", async () => {
  await using db = await testDatabase({ sql: orders });
  const root = await session(db, "billing");
  await root.query("BEGIN; UPDATE orders SET v = 1 WHERE id = 1");
  const ddl = await session(db, "migration");
  sendAway(ddl, "CREATE INDEX CONCURRENTLY orders_v ON orders (v)");
  await untilWaiting(db, 1);
  const looker = await sessionAt(db.url());
  const scene = await witness.begin(looker, () => new Date())();
  await looker[Symbol.asyncDispose]();
  expect(scene.progress).toMatchObject([
    {
      command: "CREATE INDEX CONCURRENTLY",
      table: "public.orders",
      phase: expect.stringContaining("waiting"),
    },
  ]);
});

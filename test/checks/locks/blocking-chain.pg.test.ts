import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { activityLongTransaction } from "../../../lib/checks/activity/long-transaction.ts";
import { locksBlockingChain } from "../../../lib/checks/locks/blocking-chain.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { allText, pidOf, sendAway, session, untilWaiting } from "../../support/sessions.ts";
import { startStandby } from "../../support/standby.ts";
import { asSuperuser, sharedServer, uniqueName } from "../../support/test-server.ts";
import { until } from "../../support/until.ts";

const check = locksBlockingChain;
const late = { warning: "1ms", ddl: "1d", critical: "1d", crowdWait: "1d" };
const orders = `CREATE TABLE orders (id int PRIMARY KEY, v int); INSERT INTO orders VALUES (1, 0), (2, 0)`;

test("where nobody waits it passes, whatever is locked", async () => {
  await using db = await testDatabase({ sql: orders });
  const holder = await session(db, "holder");
  await holder.query("BEGIN; LOCK TABLE orders");
  const { name } = await db.role();
  expect(await look(db.url({ user: name }), check, { options: late })).toMatchObject({
    status: "passed",
    scope: "2 sessions, 0 waiting for a lock",
  });
});

test("a row that three want is one tree, named by root and table", async () => {
  await using db = await testDatabase({ sql: orders });
  const root = await session(db, "billing-worker");
  await root.query("BEGIN; UPDATE orders SET v = 918273645 WHERE id = 1");
  for (let i = 1; i <= 3; i += 1) {
    const web = await session(db, `web-${i}`);
    sendAway(web, "UPDATE orders SET v = 918273645 WHERE id = 1");
    await untilWaiting(db, i);
  }
  const outcome = await look(db.url(), check, { options: late });
  expect(saying(outcome)).toEqual(["warning postgres (billing-worker) on public.orders"]);
  expect(outcome.findings[0]).toMatchObject({
    summary: expect.stringMatching(
      /^3 sessions blocked \d+ s on public.orders, behind postgres \(billing-worker\)$/,
    ),
    evidence: {
      relation: "public.orders",
      waiting: 3,
      root: { pid: await pidOf(root), state: "idle in transaction" },
    },
    measure: { value: 3, unit: "count", of: "sessions waiting" },
    sessions: [expect.stringMatching(new RegExp(`^${await pidOf(root)}@\\d{4}-.+\\+00$`))],
  });
  const transaction = await look(db.url(), activityLongTransaction, {
    options: { warning: "1ms" },
  });
  const open = transaction.findings.find(({ object }) => object.name?.includes("billing"));
  // The same handle: whoever tells of both knows that it is one session.
  expect(open?.sessions).toEqual(outcome.findings[0]?.sessions);
  expect(outcome.series).toEqual({ "waiting-sessions": 3 });
  const waiters = Object(outcome.findings[0]?.evidence.waiters);
  expect(waiters.map(({ type, table }: Record<string, string>) => [type, table])).toEqual([
    ["transactionid", "public.orders"],
    ["tuple", "public.orders"],
    ["tuple", "public.orders"],
  ]);
  expect(allText(outcome)).not.toContain("918273645");

  const crowd = await look(db.url(), check, { options: { crowd: 3, crowdWait: "1ms" } });
  expect(saying(crowd)).toEqual(["critical postgres (billing-worker) on public.orders"]);
  const smaller = await look(db.url(), check, { options: { crowd: 4, crowdWait: "1ms" } });
  expect(smaller.status).toBe("passed");
});

test("an ALTER that waits with others behind it is named, and may be cancelled alone", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE "Or ders" (id int) PARTITION BY RANGE (id);
          CREATE TABLE p PARTITION OF "Or ders" DEFAULT`,
  });
  const report = await session(db, "report");
  await report.query(`BEGIN; SELECT * FROM "Or ders"`);
  const migration = await session(db, "migrate");
  const altered = expect(
    migration.query(`ALTER TABLE "Or ders" ADD COLUMN note text DEFAULT 'secret'`),
  ).rejects.toThrow("canceling statement");
  await untilWaiting(db, 1);
  const alone = await look(db.url(), check, { options: { ddl: "1ms" } });
  expect(alone.status).toBe("passed");

  const web = await session(db, "web");
  const read = web.query(`SELECT count(*)::int AS n FROM "Or ders"`);
  await untilWaiting(db, 2);
  const outcome = await look(db.url(), check, { options: { ddl: "1ms" } });
  expect(saying(outcome)).toEqual(['warning postgres (report) on public."Or ders"']);
  const [finding] = outcome.findings;
  expect(finding?.summary).toMatch(
    /^ALTER TABLE on public."Or ders" \(pid \d+\) waits for postgres \(report\), and 1 session queues behind it for/,
  );
  expect(allText(outcome)).not.toContain("secret");
  expect(await db.sql(finding?.remedy?.sql ?? "")).toEqual([{ pg_cancel_backend: true }]);
  await altered;
  expect((await read).rows).toEqual([{ n: 0 }]);
});

test("ending the root frees the rest, and is guarded", async () => {
  await using db = await testDatabase({ sql: orders });
  const root = await session(db, "root");
  await root.query("BEGIN; LOCK TABLE orders IN SHARE MODE");
  const web = await session(db, "web");
  const written = web.query("UPDATE orders SET v = 1");
  await untilWaiting(db, 1);
  const [finding] = (await look(db.url(), check, { options: { ...late, critical: "1ms" } }))
    .findings;
  expect(finding).toMatchObject({ severity: "critical" });
  expect(finding?.detail?.[0]).toMatch(
    /idle in transaction for 0 s, holds SHARE on public.orders\.$/,
  );
  expect(finding?.detail?.[1]).toMatch(/waits .*for ROW EXCLUSIVE on public.orders\.$/);
  expect(await db.sql(finding?.remedy?.otherwise?.sql ?? "")).toEqual([
    { pg_terminate_backend: true },
  ]);
  await written;
});

test("a duplicate key waits without a lock on the row: the table both write to is named", async () => {
  await using db = await testDatabase({ sql: orders });
  const first = await session(db, "first");
  await first.query("BEGIN; INSERT INTO orders VALUES (3)");
  const second = await session(db, "second");
  sendAway(second, "INSERT INTO orders VALUES (3)");
  await untilWaiting(db, 1);
  expect(saying(await look(db.url(), check, { options: late }))).toEqual([
    "warning postgres (first) on public.orders",
  ]);
});

test("a prepared transaction is a root, with the ROLLBACK PREPARED that frees the rest", async () => {
  await using db = await testDatabase({ sql: orders });
  const gid = uniqueName("gid");
  await db.sql(`BEGIN; UPDATE orders SET v = 1 WHERE id = 1; PREPARE TRANSACTION '${gid}'`);
  const web = await session(db, "web");
  const written = web.query("UPDATE orders SET v = 2 WHERE id = 1");
  await untilWaiting(db, 1);
  const outcome = await look(db.url(), check, { options: late });
  expect(saying(outcome)).toEqual(["warning prepared transactions of postgres on public.orders"]);
  await db.sql(outcome.findings[0]?.remedy?.sql ?? "");
  await written;
});

test("two that wait for each other are a cycle, while PostgreSQL has not found out", async () => {
  await using db = await testDatabase({ sql: orders });
  const clients = [await session(db, "one"), await session(db, "two")];
  for (const [i, client] of clients.entries()) {
    await client.query(
      `SET deadlock_timeout = '1min'; BEGIN; UPDATE orders SET v = 1 WHERE id = ${i + 1}`,
    );
  }
  for (const [i, client] of clients.entries()) {
    sendAway(client, `UPDATE orders SET v = 1 WHERE id = ${2 - i}`);
    await untilWaiting(db, i + 1);
  }
  const outcome = await look(db.url(), check, { options: late });
  expect(saying(outcome)).toEqual(["warning postgres (one) and postgres (two) on public.orders"]);
  expect(outcome.findings[0]?.summary).toContain("2 sessions wait for each other");
  expect(await db.sql(outcome.findings[0]?.remedy?.sql ?? "")).toEqual([
    { pg_cancel_backend: true },
  ]);
});

test("advisory locks are told of as such", async () => {
  await using db = await testDatabase();
  const first = await session(db, "migrate");
  await first.query("SELECT pg_advisory_lock(72707369)");
  const second = await session(db, "migrate");
  sendAway(second, "SELECT pg_advisory_lock(72707369)");
  await untilWaiting(db, 1);
  const outcome = await look(db.url(), check, { options: late });
  expect(saying(outcome)).toEqual(["warning postgres (migrate) on an advisory lock"]);
});

test("a build that waits for older transactions, as it should, is never critical", async () => {
  await using db = await testDatabase({ sql: orders });
  const old = await session(db, "report");
  await old.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM orders");
  const build = await session(db, "build");
  sendAway(build, "CREATE INDEX CONCURRENTLY by_v ON orders (v)");
  await untilWaiting(db, 1);
  const outcome = await look(db.url(), check, {
    options: { warning: "1ms", critical: "1ms", crowd: 1, crowdWait: "1ms" },
  });
  expect(outcome.findings.map(({ severity }) => severity)).toEqual(["warning"]);
});

test("another database's fight is another target's; one over what both share is told", async () => {
  await using db = await testDatabase({ sql: orders });
  await using other = await testDatabase();
  const { name } = await other.role();
  const holder = await session(db, "holder");
  await holder.query("BEGIN; LOCK TABLE orders");
  const waiter = await session(db, "waiter");
  sendAway(waiter, "SELECT * FROM orders");
  await untilWaiting(db, 1);
  expect(await look(other.url(), check, { options: late })).toMatchObject({ status: "passed" });

  await asSuperuser(sharedServer(), async (elsewhere) => {
    await elsewhere.query(`BEGIN; COMMENT ON ROLE ${name} IS 'x'`);
    const drop = await session(other, "drop");
    sendAway(drop, `DROP OWNED BY ${name}; COMMENT ON ROLE ${name} IS 'y'`);
    await untilWaiting(other, 1);
    const outcome = await look(other.url(), check, { options: late });
    expect(outcome.findings).toHaveLength(1);
    expect(outcome.findings[0]?.detail?.[0]).toContain("in postgres");
    await elsewhere.query("ROLLBACK");
  });
});

test("a role without pg_monitor sees who blocks whom, but not how to end it safely", async () => {
  await using db = await testDatabase({ sql: orders });
  const { name } = await db.role();
  const holder = await session(db, "holder");
  await holder.query("BEGIN; LOCK TABLE orders");
  const waiter = await session(db, "waiter");
  sendAway(waiter, "SELECT * FROM orders");
  await untilWaiting(db, 1);
  const outcome = await look(db.url({ user: name }), check, { options: late });
  if (db.major < 14) {
    expect(outcome).toMatchObject({
      status: "skipped",
      cause: "privilege",
      cure: `GRANT pg_monitor TO ${name};`,
    });
    return;
  }
  expect(saying(outcome)).toEqual(["warning postgres (holder) on public.orders"]);
  expect(outcome.findings[0]?.remedy?.sql).toBeUndefined();
});

test("a query on a standby that stops the replay is its root, and the replay's queue is seen", async () => {
  await using db = await testDatabase({ sql: orders });
  await using standby = await startStandby(db.server, { max_standby_streaming_delay: "-1" });
  const at = { host: standby.host, port: standby.port };
  const url = db.url().replace(/@[^/]*/, `@${at.host}:${at.port}`);
  const reader = await until(() => db.connect({ ...at, application_name: "reader" }));
  await until(() => reader.query("SELECT * FROM orders"));
  await reader.query("BEGIN; SELECT * FROM orders");
  await db.sql("ALTER TABLE orders ADD COLUMN note text");
  let outcome = await look(url, check, { options: late });
  const untilWaiters = (waiting: number) =>
    until(async () => {
      outcome = await look(url, check, { options: late });
      return outcome.findings[0]?.evidence.waiting === waiting;
    });
  await untilWaiters(1);
  expect(saying(outcome)).toEqual(["warning postgres (reader) on public.orders"]);
  expect(outcome.findings[0]?.detail?.[1]).toContain("the replay of WAL, waits");

  const next = await db.connect({ ...at, application_name: "next" });
  sendAway(next, "SELECT * FROM orders");
  await untilWaiters(2);
  expect(saying(outcome)).toEqual(["warning postgres (reader) on public.orders"]);
});

test("PostgreSQL 13 says at most; newer ones say since when", async () => {
  await using db = await testDatabase({ sql: orders });
  const holder = await session(db, "holder");
  await holder.query("BEGIN; LOCK TABLE orders");
  const waiter = await session(db, "waiter");
  sendAway(waiter, "SELECT * FROM orders");
  await untilWaiting(db, 1);
  await sleep(300);
  const outcome = await look(db.url(), check, { options: { warning: "250ms" } });
  expect(outcome.status).toBe("found");
  expect(outcome.findings[0]?.detail?.[1]).toMatch(
    db.major < 14 ? /, waits at most \d+ s / : /, waits \d+ s /,
  );
});

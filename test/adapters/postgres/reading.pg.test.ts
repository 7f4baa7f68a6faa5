import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openSession } from "../../../lib/adapters/postgres/session.ts";
import type { Session } from "../../../lib/core/ports.ts";
import { testDatabase } from "../../support/database.ts";
import { sessionAt } from "../../support/look.ts";
import { proxyTo } from "../../support/tcp.ts";
import { until } from "../../support/until.ts";

const ask = (session: Session, sql: string, timeout?: number) =>
  session.rows({ id: "try", sql, timeout });
const sleeping = "SELECT pg_catalog.pg_sleep(30)::text AS slept";

test("no privilege", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  const { name } = await db.role();
  await using session = await sessionAt(db.url({ user: name }));
  await expect(ask(session, "SELECT id FROM public.orders")).rejects.toMatchObject({
    errorClass: "privilege",
    message: "try: permission denied for table orders",
    sqlstate: "42501",
  });
});

test("a lock that somebody holds: it steps aside within 200 ms, whatever limit was asked for", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  await using session = await sessionAt(db.url(), { connect: 5000, statement: 5000, lock: 60_000 });
  await db.sql("BEGIN; LOCK TABLE orders");
  const began = performance.now();
  await expect(ask(session, "SELECT id FROM public.orders")).rejects.toMatchObject({
    errorClass: "lock",
  });
  expect(performance.now() - began).toBeLessThan(1000);
  await db.sql("COMMIT");
  expect(await ask(session, "SELECT id FROM public.orders")).toEqual([]);
});

test("a statement that takes too long, and one that somebody cancels", async () => {
  await using db = await testDatabase();
  await using session = await sessionAt(db.url());
  await expect(ask(session, sleeping, 0.1)).rejects.toMatchObject({ errorClass: "timeout" });

  const { backendPid } = session.server;
  const waiting = ask(session, sleeping);
  await until(() =>
    db
      .sql(`SELECT 1 FROM pg_stat_activity WHERE pid = ${backendPid} AND wait_event = 'PgSleep'`)
      .then((rows) => rows.length),
  );
  await db.sql(`SELECT pg_cancel_backend(${backendPid})`);
  await expect(waiting).rejects.toMatchObject({ errorClass: "other", sqlstate: "57014" });
  expect(await ask(session, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("a table that is dropped between its name and its rows", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int)" });
  await using session = await sessionAt(db.url());
  const [row] = await db.sql<{ oid: number }>("SELECT 'orders'::regclass::oid AS oid");
  await db.sql("DROP TABLE orders");
  await expect(ask(session, "SELECT id FROM public.orders")).rejects.toMatchObject({
    errorClass: "changed-underneath",
    sqlstate: "42P01",
  });
  const definition = `SELECT pg_catalog.pg_relation_size(${row?.oid}, 'main') AS size`;
  expect(await ask(session, definition)).toEqual([{ size: null }]);
});

test("a table that is dropped while pg_get_constraintdef() waits for its lock", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int CHECK (id > 0))" });
  await using session = await sessionAt(db.url());
  const dropper = await db.connect();
  await dropper.query("BEGIN; DROP TABLE orders");
  const reading = ask(
    session,
    `SELECT pg_catalog.pg_get_constraintdef(oid) AS definition
       FROM pg_catalog.pg_constraint WHERE conname = 'orders_id_check'`,
  );
  reading.catch(() => undefined);
  await until(
    async () =>
      (
        await db.sql(
          `SELECT 1 FROM pg_locks WHERE pid = ${session.server.backendPid} AND NOT granted`,
        )
      ).length,
    { interval: 5 },
  );
  await dropper.query("COMMIT");
  await expect(reading).rejects.toMatchObject({
    errorClass: "changed-underneath",
    sqlstate: "XX000",
    message: expect.stringContaining("could not open relation with OID"),
  });
});

test("a backend that somebody ends: every further read has the same answer at once", async () => {
  await using db = await testDatabase();
  await using session = await sessionAt(db.url());
  const waiting = ask(session, sleeping);
  await until(() =>
    db.sql(`SELECT pg_terminate_backend(${session.server.backendPid})`).then(() => true),
  );
  await expect(waiting).rejects.toMatchObject({ errorClass: "going-away" });
  const began = performance.now();
  await expect(ask(session, "SELECT 1 AS one")).rejects.toMatchObject({ errorClass: "going-away" });
  expect(performance.now() - began).toBeLessThan(50);
});

test("a backend that ends between two reads", async () => {
  await using db = await testDatabase();
  await using session = await sessionAt(db.url());
  await db.sql(`SELECT pg_terminate_backend(${session.server.backendPid})`);
  await sleep(50);
  await expect(ask(session, "SELECT 1 AS one")).rejects.toMatchObject({ errorClass: "going-away" });
});

test("a network that swallows everything in the middle of a question", async () => {
  await using db = await testDatabase();
  await using proxy = await proxyTo(db.server);
  const url = db.url().replace(`:${db.server.port}/`, `:${proxy.port}/`);
  const session = await sessionAt(url, { connect: 5000, statement: 100, lock: 100 });
  proxy.freeze();
  const began = performance.now();
  await expect(ask(session, "SELECT 1 AS one")).rejects.toMatchObject({
    errorClass: "going-away",
    message: expect.stringContaining("fell silent: no answer within 2100 ms"),
  });
  expect(performance.now() - began).toBeLessThan(3000);
  await session[Symbol.asyncDispose]();
  expect(performance.now() - began).toBeLessThan(4500);
});

test("an interruption ends the question on the server too", async () => {
  await using db = await testDatabase();
  const stop = new AbortController();
  const session = await openSession({ connectionString: db.url() }, undefined, stop.signal);
  const isRunning = async () =>
    (
      await db.sql(`SELECT 1 FROM pg_stat_activity WHERE pid = ${session.server.backendPid}
                      AND wait_event = 'PgSleep'`)
    ).length > 0;
  const waiting = ask(session, sleeping);
  waiting.catch(() => undefined);
  await until(isRunning);
  stop.abort();
  await expect(waiting).rejects.toThrow("interrupted");
  await until(async () => !(await isRunning()), { timeout: 1000 });
  await session[Symbol.asyncDispose]();
  await expect(ask(session, "SELECT 1 AS one")).rejects.toThrow("interrupted");
});

test("questions that are put at once are answered one after the other", async () => {
  await using db = await testDatabase();
  await using session = await sessionAt(db.url());
  const answers = await Promise.all(
    [1, 2, 3].map((n) =>
      ask(session, n === 2 ? "SELECT nonsense" : `SELECT ${n} AS n`).catch(() => "failed"),
    ),
  );
  expect(answers).toEqual([[{ n: 1 }], "failed", [{ n: 3 }]]);
});

test("a read costs one round trip, and so does one that fails", async () => {
  await using db = await testDatabase();
  await using session = await sessionAt(db.url());
  const { roundTrips, statements } = session.cost;
  await ask(session, "SELECT 1 AS one");
  await expect(ask(session, "SELECT 1/0 AS one")).rejects.toMatchObject({ sqlstate: "22012" });
  expect(session.cost).toEqual({ roundTrips: roundTrips + 2, statements: statements + 2 });
});

test("pg_stat_activity says who asks what, at the front of the text that it cuts off", async () => {
  await using db = await testDatabase();
  await using session = await sessionAt(db.url());
  await session.rows({ id: "blocking-chains */ evil", sql: "SELECT 1 AS one" });
  const [seen] = await db.sql(
    `SELECT application_name, state, substr(query, 60, 40) AS query
       FROM pg_stat_activity WHERE pid = ${session.server.backendPid}`,
  );
  expect(seen).toEqual({
    application_name: "pgvigil",
    state: "idle",
    query: "/* pgvigil: blocking-chains____evil */ S",
  });
});

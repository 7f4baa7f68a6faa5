import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedServer } from "../../../lib/adapters/local/embedded-postgres.ts";
import { openSession } from "../../../lib/adapters/postgres/session.ts";
import { checks } from "../../../lib/checks/index.ts";
import { ownServer } from "../../support/own-server.ts";
import { endings, runAll } from "../../support/run-all.ts";
import { everyKind } from "./every-kind.ts";

// A server of its own, where nobody else and no autovacuum touches a row or takes an xid.
let server: EmbeddedServer;
let admin: pg.Client;
beforeAll(async () => {
  server = await ownServer({
    autovacuum: "off",
    shared_buffers: "32MB",
    max_prepared_transactions: "5",
    wal_level: "logical",
  });
  admin = new pg.Client(server.url());
  await admin.connect();
  await admin.query(everyKind);
  await admin.query("CREATE ROLE watcher LOGIN PASSWORD 'w'; GRANT pg_monitor TO watcher");
  // Before the prepared transaction, for whose end it would wait.
  await admin.query("SELECT pg_create_logical_replication_slot('idle', 'test_decoding')");
  await admin.query("BEGIN; INSERT INTO shop.scratch VALUES (1); PREPARE TRANSACTION 'left'");
});
afterAll(async () => {
  await admin.end();
  await server.stop("immediate");
});

const urls = () => [server.url("postgres", "watcher", "w"), server.url()];

/** Everything that a session could leave in a database, as text. */
async function everything(): Promise<Record<string, unknown>> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `SELECT c.oid::pg_catalog.regclass::text AS name
       FROM pg_catalog.pg_class c
      WHERE c.relkind IN ('r', 'm') AND c.oid::pg_catalog.regclass::text <> 'pg_largeobject'
      ORDER BY 1`,
  );
  const parts = tables.map(
    ({ name }) =>
      `SELECT '${name.replaceAll("'", "''")}' AS name,
              (SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM ${name} t) AS sum`,
  );
  const { rows } = await admin.query(parts.join(" UNION ALL "));
  const sequences = await admin.query(
    "SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2",
  );
  const xid = await admin.query(
    "SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next, (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')::int AS advisory",
  );
  return { rows, sequences: sequences.rows, xid: xid.rows };
}

test("a run of all checks changes no row of any catalog or table, takes no xid, no advisory lock", async () => {
  for (const url of urls()) {
    const before = await everything();
    const report = await runAll(url);
    // All but the one that judges the rules of the whole run.
    expect(report.outcomes.length).toBe(checks.length - 1);
    expect(report.outcomes.filter(({ status }) => status === "failed")).toEqual([]);
    expect(await everything()).toEqual(before);
  }
});

test("what it does to a row would be seen: the proof can fail", async () => {
  const before = await everything();
  await admin.query("UPDATE shop.customers SET mood = 'sad'");
  expect(await everything()).not.toEqual(before);
});

test("a session leaves nothing on a connection that somebody else gets afterwards", async () => {
  // What a pooler lends: one real connection, through which every message of a run goes.
  const lent = new pg.Client(server.url());
  await lent.connect();
  const state = async () => {
    const { rows } = await lent.query(
      `SELECT (SELECT json_agg(s ORDER BY s.name) FROM (SELECT name, setting FROM pg_settings) s) AS settings,
              (SELECT count(*)::int FROM pg_prepared_statements)        AS prepared,
              (SELECT count(*)::int FROM pg_cursors)                    AS cursors,
              (SELECT json_agg(c) FROM pg_listening_channels() c)       AS channels,
              (SELECT count(*)::int FROM pg_class WHERE relpersistence = 't') AS temporary,
              (SELECT count(*)::int FROM pg_locks WHERE pid = pg_backend_pid() AND locktype <> 'virtualxid'
                  AND relation NOT IN (SELECT oid FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace)) AS locks`,
    );
    return rows;
  };
  const before = await state();
  for (const message of await messagesOfARun()) {
    await lent.query(message).catch(() => undefined);
    const [transaction] = (await lent.query("SELECT now() = statement_timestamp() AS fresh")).rows;
    expect(transaction).toEqual({ fresh: true });
  }
  expect(await state()).toEqual(before);
  await lent.end();
});

/** The texts of every message that a run sends, noted on their way. */
async function messagesOfARun(): Promise<readonly string[]> {
  const texts: string[] = [];
  const original = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...words: unknown[]) {
    if (typeof words[0] === "string" && words[0].includes("/* pgvigil")) texts.push(words[0]);
    return Reflect.apply(original, this, words);
  } as typeof original;
  try {
    await runAll(server.url());
  } finally {
    pg.Client.prototype.query = original;
  }
  expect(texts.length).toBeGreaterThan(5);
  expect(texts.length).toBeLessThanOrEqual(60);
  return texts;
}

test("a read that writes is refused by the server, whoever asks", async () => {
  await using session = await openSession({ connectionString: server.url() });
  const before = await everything();
  for (const sql of [
    "SELECT pg_catalog.nextval('shop.numbers')",
    "WITH gone AS (DELETE FROM shop.orders RETURNING id) SELECT id FROM gone",
    "SELECT id FROM shop.orders FOR UPDATE",
    "CREATE TEMPORARY TABLE mine AS SELECT 1 AS one",
    "SELECT 1 AS one INTO shop.mine",
  ]) {
    const answer = session.rows({ id: "write", sql });
    await expect(answer).rejects.toMatchObject({ errorClass: "unexpected-answer" });
  }
  expect(await everything()).toEqual(before);
});

test("an answer from the server is never a second statement's", async () => {
  await using session = await openSession({ connectionString: server.url() });
  for (const sql of ["SELECT 1; SELECT 2", "SHOW work_mem", ""]) {
    await expect(session.rows({ id: "two", sql })).rejects.toThrow();
  }
  expect(await session.rows({ id: "one", sql: "SELECT 1 AS one -- and a comment" })).toEqual([
    { one: 1 },
  ]);
});

test("the endings of a run are the same when it is repeated", async () => {
  const [url = ""] = urls();
  expect(endings(await runAll(url))).toEqual(endings(await runAll(url)));
});

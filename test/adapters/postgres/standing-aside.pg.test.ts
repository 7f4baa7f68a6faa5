import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { expect, test } from "vitest";
import type { Report } from "../../../lib/core/report.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { sessionAt } from "../../support/look.ts";
import { runAll } from "../../support/run-all.ts";
import { until } from "../../support/until.ts";

/** DESIGN, law 2: an application's SELECT is delayed by at most this, milliseconds. */
const mostDelay = 300;

const names = Array.from({ length: 50 }, (_, n) => `t${n}`);

/** Of a machine that does other things too, milliseconds. */
const noise = 150;

/** Fifty tables, each with all that is read of a table. */
const shop = `
  CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
  ${names
    .map(
      (name, n) => `
        CREATE TABLE ${name} (
          id serial PRIMARY KEY, parent int ${n === 0 ? "" : "REFERENCES t0"}, note text DEFAULT 'x' || 'y',
          CHECK (id > 0), CONSTRAINT later_${n} CHECK (length(note) < 1000) NOT VALID);
        ALTER TABLE ${name} ADD CONSTRAINT lazy_${n} FOREIGN KEY (id) REFERENCES t0 (id) NOT VALID;
        CREATE INDEX ON ${name} (lower(note)) WHERE id > 1;
        CREATE TRIGGER stamped BEFORE UPDATE ON ${name} FOR EACH ROW WHEN (new.id > 0) EXECUTE FUNCTION stamp();
        CREATE VIEW v${n} AS SELECT id FROM ${name};
        INSERT INTO ${name} (id) SELECT 1 + n FROM generate_series(0, 200) n;`,
    )
    .join("\n")}`;

interface Prober extends AsyncDisposable {
  /** Milliseconds, of the slowest SELECT from a table, and of the slowest that asks no table. */
  worst(): { readonly table: number; readonly idle: number };
}

/** An application: it SELECTs from table after table, and beside it one that needs no lock. */
async function prober(db: TestDatabase, tables: readonly string[]): Promise<Prober> {
  const worst = { table: 0, idle: 0 };
  let isOn = true;
  const measure = async (kind: keyof typeof worst, texts: readonly string[]) => {
    const client = await db.connect({ application_name: "shop" });
    for (let n = 0; isOn; n += 1) {
      const began = performance.now();
      await client.query(texts[n % texts.length] ?? "");
      worst[kind] = Math.max(worst[kind], performance.now() - began);
      await sleep(4);
    }
  };
  const work = [
    ...[0, 1, 2].map((part) =>
      measure(
        "table",
        tables.filter((_, n) => n % 3 === part).map((t) => `SELECT count(*) FROM ${t}`),
      ),
    ),
    measure("idle", ["SELECT 1"]),
  ];
  return {
    worst: () => worst,
    async [Symbol.asyncDispose]() {
      isOn = false;
      await Promise.all(work);
    },
  };
}

/** Runs, one after the other, until told to stop. */
async function whileWatched(url: string, work: () => Promise<void>): Promise<readonly Report[]> {
  const reports: Report[] = [];
  let isOn = true;
  const watch = async () => {
    while (isOn) reports.push(await runAll(url));
  };
  const act = async () => {
    await work().finally(() => {
      isOn = false;
    });
  };
  await Promise.all([watch(), act()]);
  return reports;
}

const pgvigilIn = (db: TestDatabase) =>
  db.sql<{ state: string }>(
    `SELECT state FROM pg_stat_activity WHERE application_name = 'pgvigil' AND datname = '${db.name}'`,
  );

/** The delay that is ours: what a lonely SELECT 1 had to wait as well is the machine's. */
const delayOf = (probe: Prober): number => probe.worst().table - probe.worst().idle;

test("while every table is altered again and again, no SELECT waits for us", async () => {
  await using db = await testDatabase({ sql: shop });
  await using probe = await prober(db, names);
  const migrator = await db.connect();
  const states = new Set<string>();
  const reports = await whileWatched(db.url(), async () => {
    for (const [n, name] of [...names, ...names].entries()) {
      await migrator.query(`ALTER TABLE ${name} ADD COLUMN c${n} int`);
      for (const { state } of await pgvigilIn(db)) states.add(state);
      await sleep(10);
    }
  });
  expect(reports.length).toBeGreaterThan(0);
  expect([...states].filter((state) => state?.startsWith("idle in transaction"))).toEqual([]);
  expect(delayOf(probe)).toBeLessThan(mostDelay);
});

test("a scan that an ALTER finds in its way is over in 250 ms, and the application goes on", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE children (id int)" });
  await using session = await sessionAt(db.url());
  const migrator = await db.connect();
  const app = await db.connect({ application_name: "shop" });
  const scan = session.rows({
    id: "scan",
    sql: "SELECT pg_catalog.pg_sleep(20)::text AS slept, (SELECT pg_catalog.count(*) FROM public.children)",
    timeout: 0.25,
  });
  scan.catch(() => undefined);
  await until(() => holdsLock(db, "children"), { interval: 2 });
  const [delay] = await timed(() =>
    Promise.all([
      migrator.query("ALTER TABLE children ADD COLUMN note text"),
      app.query("SELECT id FROM children"),
    ]),
  );
  await expect(scan).rejects.toMatchObject({ errorClass: "timeout" });
  expect(delay).toBeLessThan(mostDelay + noise);
});

test("with ACCESS EXCLUSIVE held on a table, a run ends, says so, and delays nobody else", async () => {
  await using db = await testDatabase({ sql: shop });
  const migrator = await db.connect();
  await migrator.query("BEGIN; LOCK TABLE t0, t7");
  await using probe = await prober(
    db,
    names.filter((name) => name !== "t0" && name !== "t7"),
  );
  const waits: number[] = [];
  const [took, report] = await timed(async () => {
    const running = runAll(db.url());
    let isOn = true;
    const sampling = (async () => {
      while (isOn) waits.push(await lockWait(db));
    })();
    const done = await running.finally(() => {
      isOn = false;
    });
    await sampling;
    return done;
  });
  expect(took).toBeLessThan(15_000);
  expect(Math.max(...waits)).toBeLessThan(200 + noise);
  expect(report.verdict).not.toBe("healthy");
  const blind = report.outcomes.filter(
    ({ cause }) => cause !== undefined && cause !== "not-applicable",
  );
  expect(
    blind.filter(({ cause }) => cause === "lock" || cause === "timeout").length,
  ).toBeGreaterThan(0);
  expect(blind.filter(({ status }) => status === "failed")).toEqual([]);
  expect(delayOf(probe)).toBeLessThan(mostDelay);
  await migrator.query("ROLLBACK");
});

test("where it is only waited for, the waiting goes on at once when the way is free", async () => {
  await using db = await testDatabase({ sql: shop });
  const open = await db.connect();
  const migrator = await db.connect();
  const app = await db.connect({ application_name: "shop" });
  const delays: number[] = [];
  await whileWatched(db.url(), async () => {
    for (const name of ["t0", "t3", "t9", "t0", "t21"]) {
      await open.query(`BEGIN; SELECT count(*) FROM ${name}`);
      const altered = migrator.query(`ALTER TABLE ${name} ALTER COLUMN note SET DEFAULT 'z'`);
      await until(() => waits(migrator, db));
      const selected = app.query(`SELECT count(*) FROM ${name}`);
      await sleep(150);
      const freed = performance.now();
      await open.query("COMMIT");
      await Promise.all([altered, selected]);
      delays.push(performance.now() - freed);
    }
  });
  expect(Math.max(...delays)).toBeLessThan(mostDelay);
});

async function waits(client: pg.Client, db: TestDatabase): Promise<boolean> {
  const { processID }: { processID?: number } = Object(client);
  const rows = await db.sql(`SELECT 1 FROM pg_locks WHERE pid = ${processID} AND NOT granted`);
  return rows.length > 0;
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [number, T]> {
  const began = performance.now();
  const result = await work();
  return [performance.now() - began, result];
}

/** Does pgvigil read this table just now? */
const holdsLock = async (db: TestDatabase, table: string): Promise<boolean> =>
  (
    await db.sql(
      `SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE a.application_name = 'pgvigil' AND l.granted AND l.relation = '${table}'::regclass`,
    )
  ).length > 0;

/** Milliseconds for which pgvigil's statement has been running that waits for a lock. */
async function lockWait(db: TestDatabase): Promise<number> {
  const [row] = await db.sql<{ waited: number }>(
    `SELECT coalesce(max(extract(epoch FROM clock_timestamp() - query_start)), 0)::float8 * 1000 AS waited
       FROM pg_stat_activity
      WHERE application_name = 'pgvigil' AND datname = '${db.name}' AND wait_event_type = 'Lock'`,
  );
  return row?.waited ?? 0;
}

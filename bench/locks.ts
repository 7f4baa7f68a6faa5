import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startEmbedded } from "../lib/adapters/local/embedded-postgres.ts";
import { median } from "./support/median.ts";
import { table } from "./support/table.ts";

/**
 * What an application and a migration notice of a snapshot: thousands of views, each over some
 * tables, at the default max_locks_per_transaction, while queries go through the views and DDL runs
 * on the tables under them. First alone, then beside snapshots that are taken one after the other.
 * Run `npm run build` before it: what is measured is the bundle.
 *
 *   node bench/locks.ts [views] [seconds] [tables a view]
 */
const views = Number(process.argv[2] ?? 10_000);
const seconds = Number(process.argv[3] ?? 30);
const wide = Number(process.argv[4] ?? 2);

await using server = await startEmbedded({ settings: { autovacuum: "off" } });
const url = server.url("postgres");
const open = async (name: string) => {
  const client = new pg.Client({ connectionString: url, application_name: name });
  await client.connect();
  return client;
};

const owner = await open("owner");
for (let first = 0; first < views; first += 500) {
  const some = Array.from({ length: Math.min(500, views - first) }, (_, i) => first + i);
  await owner.query(some.map((n) => `CREATE TABLE t${n} (id int, note text)`).join(";"));
  await owner.query(some.map(viewSql).join(";"));
}

function viewSql(n: number): string {
  const others = Array.from(
    { length: wide - 1 },
    (_, i) => `JOIN t${(n * (i + 7)) % (n + 1)} o${i} USING (id)`,
  );
  return `CREATE VIEW v${n} AS SELECT id FROM t${n} ${others.join(" ")}`;
}

/** Views that a query of the application goes through. */
const together = Math.ceil(300 / wide);
const anyOf = (count: number) => Math.floor(Math.random() * count);

/** What one phase did, in milliseconds a statement. */
interface Phase {
  readonly ddl: number[];
  readonly queries: number[];
  readonly errors: string[];
  locks: number;
  /** The longest time in which the migration waited and we were among those it waited for. */
  blocked: number;
}

async function during(work: (isDone: () => boolean) => Promise<void>): Promise<Phase> {
  const phase: Phase = { ddl: [], queries: [], errors: [], locks: 0, blocked: 0 };
  let isDone = false;
  const repeat = async (name: string, sql: () => string, into: number[], pause: number) => {
    const client = await open(name);
    while (!isDone) {
      const began = performance.now();
      await client.query(sql()).catch((error: Error) => phase.errors.push(error.message));
      into.push(performance.now() - began);
      await sleep(pause);
    }
    await client.end();
  };
  const watcher = await open("watcher");
  const watch = async () => {
    let since: number | undefined;
    while (!isDone) {
      const asked = performance.now();
      const {
        rows: [ours],
      } = await watcher.query(ourLocks);
      phase.locks = Math.max(phase.locks, ours.locks);
      if (ours.blocks) since ??= asked;
      if (since !== undefined) phase.blocked = Math.max(phase.blocked, performance.now() - since);
      if (!ours.blocks) since = undefined;
      await sleep(5);
    }
    await watcher.end();
  };
  const migration = () =>
    `ALTER TABLE t${anyOf(views)} ALTER note SET DEFAULT '${anyOf(1_000_000)}'`;
  // Through many views at once: some hundred locks of the thousands that there are.
  const reads = () => {
    const first = anyOf(views - together);
    const some = Array.from({ length: together }, (_, i) => `SELECT count(*) FROM v${first + i};`);
    return `BEGIN; ${some.join(" ")} COMMIT`;
  };
  const all = [
    repeat("migration", migration, phase.ddl, 20),
    repeat("application", reads, phase.queries, 50),
    repeat("application", reads, phase.queries, 50),
    watch(),
  ];
  try {
    await work(() => isDone);
  } finally {
    isDone = true;
    await Promise.all(all);
  }
  return phase;
}

const ourLocks = `
  SELECT count(*)::int AS locks,
         EXISTS (SELECT FROM pg_catalog.pg_stat_activity m
                  WHERE m.application_name = 'migration' AND m.wait_event_type = 'Lock'
                    AND ARRAY (SELECT u.pid FROM pg_catalog.pg_stat_activity u
                                WHERE u.application_name LIKE 'pgvigil%')
                        && pg_catalog.pg_blocking_pids(m.pid)) AS blocks
    FROM pg_catalog.pg_locks l
    JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
   WHERE a.application_name LIKE 'pgvigil%'`;

const exits = new Map<number | null, number>();
const snapshot = () =>
  new Promise<void>((done) => {
    const words = ["dist/pgvigil.js", "snapshot", "--seal-only", "--url", url];
    spawn(process.execPath, words, { stdio: "ignore" }).on("close", (code) => {
      exits.set(code, (exits.get(code) ?? 0) + 1);
      done();
    });
  });

const alone = await during(() => sleep((seconds * 1000) / 2));
const end = Date.now() + seconds * 1000;
const beside = await during(async () => {
  while (Date.now() < end) await snapshot();
});

const {
  rows: [limits],
} = await owner.query(`
  SELECT current_setting('max_locks_per_transaction')::int
         * (current_setting('max_connections')::int
            + current_setting('max_prepared_transactions')::int) AS slots`);
await owner.end();

const row = (name: string, { ddl, queries, errors, locks, blocked }: Phase) => [
  name,
  String(ddl.length),
  median(ddl).toFixed(0),
  Math.max(...ddl).toFixed(0),
  blocked.toFixed(0),
  median(queries).toFixed(0),
  Math.max(...queries).toFixed(0),
  String(errors.length),
  String(locks),
];
console.log(`PostgreSQL ${server.version}, ${views} views, about ${limits.slots} locks in all`);
console.log(
  table(
    [
      "",
      "DDL",
      "median ms",
      "max ms",
      "for us",
      "queries median ms",
      "max ms",
      "errors",
      "our locks",
    ],
    [row("alone", alone), row("beside snapshots", beside)],
  ),
);
console.log(
  `Snapshots: ${[...exits].map(([code, n]) => `${n} with exit ${code}`).join(", ")} (6: the schema was changing)`,
);
for (const message of new Set([...alone.errors, ...beside.errors])) console.log(message);

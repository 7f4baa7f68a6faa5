import pg from "pg";
import { startEmbedded } from "../lib/adapters/local/embedded-postgres.ts";
import { memoryStore } from "../lib/adapters/local/memory-store.ts";
import { openSession } from "../lib/adapters/postgres/session.ts";
import type { Snapshot } from "../lib/schema/snapshot.ts";
import { keepStanding, lastReading } from "../lib/schema/standing.ts";
import { keepSnapshot } from "../lib/schema/stored.ts";
import { takeSnapshot } from "../lib/schema/take.ts";
import { generateTables } from "./support/database.ts";
import { median } from "./support/median.ts";
import { table } from "./support/table.ts";

/**
 * After a change: what moved is read again, and beside it all of it. Both in turn, in one process;
 * the share is of the full reading next to it.
 *
 *   node bench/moved.ts [tables] [runs]
 */
const tables = Number(process.argv[2] ?? 1000);
const runs = Number(process.argv[3] ?? 5);

const changes: readonly (readonly [name: string, sql: (run: number) => string])[] = [
  ["GRANT on a table", (run) => `GRANT SELECT (code) ON t${run} TO public`],
  ["COMMENT on a column", (run) => `COMMENT ON COLUMN t${run}.code IS 'why'`],
  ["a new function", (run) => `CREATE FUNCTION g${run}() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
  ["a setting of the database", (run) => `ALTER DATABASE postgres SET work_mem = '${run + 5}MB'`],
  ["ALTER TABLE … ADD COLUMN", (run) => `ALTER TABLE t${run} ADD note text`],
  ["CREATE INDEX", (run) => `CREATE INDEX ON t${run} (code)`],
  [
    "CREATE TABLE",
    (run) => `CREATE TABLE n${run} (a int PRIMARY KEY, b bigint REFERENCES t${run})`,
  ],
  ["a rename: all is read", (run) => `ALTER TABLE n${run} RENAME TO m${run}`],
];

await using server = await startEmbedded({ settings: { autovacuum: "off", fsync: "off" } });
const connectionString = server.url("postgres");
await generateTables(connectionString, tables);
const limits = { connect: 5000, statement: 60_000, lock: 200 };
await using session = await openSession({ connectionString }, limits);
const client = new pg.Client({ connectionString });
await client.connect();

const store = memoryStore();
const target = { environment: "bench", name: "shop" };
const last = () => lastReading(store, target, session.server);

async function measure(take: () => Promise<Snapshot>) {
  const [began, cpu, trips] = [performance.now(), process.cpuUsage(), session.cost.roundTrips];
  const snapshot = await take();
  const { user, system } = process.cpuUsage(cpu);
  const ms = performance.now() - began;
  return { snapshot, ms, cpuMs: (user + system) / 1000, trips: session.cost.roundTrips - trips };
}

type Measured = Awaited<ReturnType<typeof measure>>;

async function keep(snapshot: Snapshot): Promise<void> {
  await keepSnapshot(store, snapshot);
  await keepStanding(store, target, snapshot);
}

const all = () => takeSnapshot({ session, server: session.server });
const noted = () => takeSnapshot({ session, server: session.server, last });
await all();
await keep(await noted());
const rows: string[][] = [];
for (const [name, sql] of changes) {
  const parts: Measured[] = [];
  const wholes: Measured[] = [];
  for (let run = 0; run < runs; run += 1) {
    await client.query(sql(run));
    const part = await measure(noted);
    const whole = await measure(all);
    if (part.snapshot.tree.checksum !== whole.snapshot.tree.checksum) throw new Error(name);
    parts.push(part);
    wholes.push(whole);
    await keep(part.snapshot);
  }
  const share = (what: "ms" | "cpuMs") =>
    median(parts.map((part, run) => part[what] / (wholes[run]?.[what] ?? 1))).toFixed(2);
  const ms = median(parts.map((part) => part.ms)).toFixed(0);
  rows.push([
    name,
    ms,
    share("ms"),
    share("cpuMs"),
    String(parts[0]?.trips),
    String(wholes[0]?.trips),
  ]);
}
await client.end();
console.log(`PostgreSQL ${server.version}, ${tables} tables, median of ${runs}`);
console.log(
  table(["after", "ms", "of a full reading", "of its CPU time", "round trips", "in full"], rows),
);

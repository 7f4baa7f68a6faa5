import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { installedMajors, startEmbedded } from "../lib/adapters/local/embedded-postgres.ts";
import { roleScript } from "../lib/render/role-sql.ts";
import { generateTables } from "./support/database.ts";
import { type Candidate, inTurn } from "./support/measure.ts";
import { proxyTo, type Traffic } from "./support/proxy.ts";
import { table } from "./support/table.ts";

/**
 * One full run of the checks against what a user would use instead: check_postgres, an action a
 * process as its manual has it, and `pg_dump --schema-only | sha256sum` for the schema.
 *
 *   node bench/run.ts [tables] [runs]
 */
const tables = Number(process.argv[2] ?? 1000);
const runs = Number(process.argv[3] ?? 5);

const actions = [
  "backends --warning=80% --critical=95%",
  "query_time --warning=30s --critical=5min",
  "txn_time --warning=30s --critical=5min",
  "txn_idle --warning=30s --critical=5min",
  "locks --warning=100 --critical=150",
  "prepared_txns --warning=60 --critical=600",
  "disabled_triggers",
  "sequence --warning=85% --critical=95%",
  "txn_wraparound --warning=1000000000 --critical=1700000000",
  "replication_slots --warning=1GB --critical=10GB",
];

const has = (program: string): boolean => {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** pg_dump refuses a server that is newer than itself. */
function comparableMajor(): number | undefined {
  const newest = has("pg_dump")
    ? Number(/(\d+)/.exec(execFileSync("pg_dump", ["--version"], { encoding: "utf8" }))?.[1])
    : Number.POSITIVE_INFINITY;
  return installedMajors().findLast((major) => major <= newest);
}

const major = comparableMajor();
await using server = await startEmbedded({
  settings: { autovacuum: "off" },
  ...(major === undefined ? {} : { major }),
});
const admin = new pg.Client({ connectionString: server.url("postgres") });
await admin.connect();
await admin.query("CREATE DATABASE shop");
await admin.end();
await generateTables(server.url("shop"), tables);
const owner = new pg.Client({ connectionString: server.url("shop") });
await owner.connect();
await owner.query(roleScript("pgvigil", "shop", 3));
await owner.query("ALTER ROLE pgvigil PASSWORD 'bench'");
await owner.end();

const store = await mkdtemp(join(tmpdir(), "pgvigil-bench-"));
const url = (port: number) => `postgres://pgvigil:bench@127.0.0.1:${port}/shop`;
const { checks } = await import("../lib/checks/index.ts");
const withoutOrphans = checks
  .map(({ id }) => id)
  .filter((id) => !id.startsWith("integrity/"))
  .join(",");

function candidatesFor(port: number): readonly Candidate[] {
  const pgvigil = `node dist/pgvigil.js check --store ${store} --url ${url(port)}`;
  const as = `--host=127.0.0.1 --port=${port} --dbname=shop --dbuser=pgvigil --dbpass=bench`;
  return [
    {
      name: "pgvigil check, without orphan counts",
      command: `${pgvigil} --only ${withoutOrphans}`,
    },
    { name: "pgvigil check", command: pgvigil },
    ...(has("check_postgres")
      ? [
          {
            name: `check_postgres, ${actions.length} actions`,
            command: actions.map((a) => `check_postgres ${as} --action=${a}`).join("; "),
          },
        ]
      : []),
    ...(has("pg_dump")
      ? [
          {
            name: "pg_dump --schema-only | sha256sum",
            command: `pg_dump --schema-only '${url(port)}' | sha256sum`,
          },
        ]
      : []),
  ];
}

const ratio = (a: number, b: number): string => (a / b).toFixed(2);

async function compare(title: string, roundTripMs: number, times: number): Promise<void> {
  await using proxy = await proxyTo(server.host, server.port, roundTripMs);
  const candidates = candidatesFor(proxy.port);
  const figures = await inTurn(candidates, times, process.env);
  const traffic = new Map<string, Traffic>();
  for (const candidate of candidates) {
    proxy.reset();
    await inTurn([candidate], 0, process.env);
    traffic.set(candidate.name, { ...proxy.traffic });
  }
  const base = figures.get(candidates[0]?.name ?? "");
  const rows = candidates.flatMap(({ name }) => {
    const f = figures.get(name);
    const t = traffic.get(name);
    if (f === undefined || t === undefined || base === undefined) return [];
    return [
      [
        name,
        f.wall.toFixed(2),
        ratio(f.wall, base.wall),
        f.cpu.toFixed(2),
        f.peakMb.toFixed(0),
        String(t.statements),
        String(t.roundTrips),
        String(t.connections),
      ],
    ];
  });
  const head = [
    "",
    "wall s",
    "ratio",
    "cpu s",
    "peak MB",
    "statements",
    "round trips",
    "connections",
  ];
  console.log(`\n${title}\n${table(head, rows)}`);
}

try {
  console.log(`PostgreSQL ${server.version}, ${tables} tables, median of ${runs}`);
  await compare("on this machine", 0, runs);
  await compare("at 10 ms round-trip time", 10, Math.min(runs, 3));
} finally {
  await rm(store, { recursive: true, force: true });
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbedded } from "../lib/adapters/local/embedded-postgres.ts";
import { roleScript } from "../lib/checks/reads/role-sql.ts";
import { compare } from "./support/compare.ts";
import { generateTables } from "./support/database.ts";
import type { Candidate } from "./support/measure.ts";
import { comparableMajor, has } from "./support/programs.ts";

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

try {
  console.log(`PostgreSQL ${server.version}, ${tables} tables, median of ${runs}`);
  const contest = { server, candidates: candidatesFor };
  await compare({ ...contest, title: "on this machine", runs });
  await compare({
    ...contest,
    title: "at 10 ms round-trip time",
    roundTripMs: 10,
    runs: Math.min(runs, 3),
  });
} finally {
  await rm(store, { recursive: true, force: true });
}

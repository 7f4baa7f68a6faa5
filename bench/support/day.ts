import { join } from "node:path";
import { memory } from "../../lib/constructs/memory.ts";
import type { BundleName } from "../../lib/constructs/recipe.ts";
import type { Deployed } from "./deployed.ts";
import type { Piece } from "./lambda-sizes.ts";
import { median } from "./median.ts";
import { type Measured, startWorker, type Worker } from "./worker.ts";

type Profile = "pulse" | "hourly" | "nightly";

type Role = Exclude<keyof typeof memory, "digest">;

const minute = 60_000;

/**
 * An ordinary day in short: a night and an hour that make everybody known, pulses of an hour and a
 * quarter with an hour among them, and the next night. Processes stay as they do at Lambda: those that
 * are called with each pulse do, the examiner of the deep lane is started anew each time.
 */
export async function day(here: Deployed, folder: string): Promise<ReadonlyMap<string, Piece>> {
  await using stack = new AsyncDisposableStack();
  const began = Date.now();
  const running = new Map<Role, Worker>();
  const said = new Map<string, Said>();

  const start = async (role: Role): Promise<Worker> => {
    const bundle: BundleName = role === "pulse" || role === "deep" ? "examine" : role;
    const env = { ...here.env, PGVIGIL_LANE: role };
    const path = join(folder, bundle, "index.mjs");
    return startWorker({ path, env, megabytes: memory[role] });
  };
  const invoke = async (role: Role, profile: Profile, event: unknown, at: number) => {
    const isOver = role === "deep";
    const worker = running.get(role) ?? (await start(role));
    if (!isOver && !running.has(role)) running.set(role, stack.use(worker));
    // However long this takes here: it is that time.
    const measured = await worker.invoke(event, began + at * minute - Date.now());
    if (isOver) await worker[Symbol.asyncDispose]();
    const name = `${role === "pulse" || role === "deep" ? "examine" : role}, ${profile}`;
    said.set(name, [...(said.get(name) ?? []), { worker, measured }]);
  };
  const tick = async (profile: Profile, at: number) => {
    const scheduledTime = new Date(began + at * minute).toISOString();
    const lane = profile === "pulse" ? "pulse" : "deep";
    await invoke("dispatch", profile, { profile, scheduledTime }, at);
    for (const event of here.taken(lane)) await invoke(lane, profile, event, at);
    const runs = here.taken("runs");
    if (runs.length === 0) throw new Error(`nobody looked at the ${profile} tick`);
    for (const event of runs) await invoke("notify", profile, event, at);
  };
  await tick("nightly", 0);
  await tick("hourly", 60);
  for (let at = 65; at <= 135; at += 5) {
    await tick("pulse", at);
    if (at === 120) await tick("hourly", at);
  }
  await tick("nightly", 24 * 60);
  return new Map([...said].map(([name, all]) => [name, pieceOf(name, all, startOf(name, said))]));
}

type Said = readonly { readonly worker: Worker; readonly measured: Measured }[];

/** Of a function's process, whatever it is called for: what its first invocation took beyond its last. */
function startOf(name: string, said: ReadonlyMap<string, Said>): number {
  const first = name.startsWith("examine") ? name : name.replace(/,.*/, ", nightly");
  const all = said.get(first) ?? [];
  const [begun, last] = [all.at(0), all.at(-1)];
  if (begun === undefined || last === undefined) return 0;
  const loading = begun.worker.loaded.cpuMs;
  // Each in a process of its own: the first is as the last.
  if (begun.worker !== last.worker) return loading;
  return loading + Math.max(0, begun.measured.cpuMs - last.measured.cpuMs);
}

function pieceOf(name: string, all: Said, startMs: number): Piece {
  const warm = (all.length > 4 ? all.slice(4) : all.slice(-1)).map(({ measured }) => measured);
  const of = (figure: (one: Measured) => number) => median(warm.map(figure));
  return {
    name,
    cpuMs: of(({ cpuMs }) => cpuMs),
    startMs,
    waitMs: of(({ cpuMs, wallMs }) => Math.max(0, wallMs - cpuMs)),
    logBytes: of(({ logBytes }) => logBytes),
    peakMb: Math.max(...all.map(({ measured }) => measured.peakMb)),
  };
}

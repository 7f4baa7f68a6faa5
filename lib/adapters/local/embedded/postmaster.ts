import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "./account.ts";
import { cleanEnvironment } from "./run.ts";

/** `fast` rolls back and writes everything down; `immediate` drops everything. */
export type StopMode = "fast" | "immediate";

export interface Postmaster {
  readonly pid: number;
  stop(how: StopMode): Promise<void>;
}

export interface PostmasterOptions {
  readonly binaries: string;
  readonly data: string;
  readonly logFile: string;
  readonly account: Account | undefined;
  /** Milliseconds to become ready. */
  readonly patience: number;
  /** Told when it runs, and (with undefined) when it no longer does. */
  onPid(pid: number | undefined): void;
}

/** Starts the server process and waits until it takes connections; throws how it ended if not. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const { binaries, data, logFile, account, patience, onPid } = options;
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(join(binaries, "bin", "postgres"), ["-D", data], {
    cwd: data,
    env: cleanEnvironment(),
    detached: true, // a Ctrl-C is for us: we stop it in our own order
    stdio: ["ignore", log, log],
    ...account,
  });
  closeSync(log);
  child.unref();
  onPid(child.pid);
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
  });
  child.once("exit", () => onPid(undefined));

  const deadline = Date.now() + patience;
  while (!(await isReady(data, child.pid))) {
    if (failure) throw failure;
    if (hasEnded(child)) {
      throw new Error(`the server ended with ${child.signalCode ?? `code ${child.exitCode}`}`);
    }
    if (Date.now() > deadline) {
      await stop(child, "immediate");
      throw new Error(`it took no connections for ${patience / 1000} s`);
    }
    await sleep(10);
  }
  return {
    pid: child.pid ?? 0,
    stop: (how) => stop(child, how),
  };
}

/** What pg_ctl does, too: the eighth line of postmaster.pid (src/include/utils/pidfile.h). */
async function isReady(data: string, pid: number | undefined): Promise<boolean> {
  const text = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  return lines[0] === String(pid) && lines[7]?.trim() === "ready";
}

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

async function stop(child: ChildProcess, how: StopMode): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  const ended = once(child, "exit");
  child.kill(how === "fast" ? "SIGINT" : "SIGQUIT");
  const slow = setTimeout(() => child.kill("SIGKILL"), 30_000);
  await ended;
  clearTimeout(slow);
}

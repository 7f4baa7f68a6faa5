import { spawn } from "node:child_process";
import type { Account } from "./account.ts";

/** Nothing of ours reaches the server: a stray PGDATA or a locale would change what it does. */
export const cleanEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  LC_ALL: "C",
  TZ: "UTC",
});

interface Ending {
  readonly ok: boolean;
  /** What it wrote, and how it ended if it did not end well. */
  readonly output: string;
}

/** Runs a program to its end. Never throws: a program that could not be run has not ended well. */
export function run(
  program: string,
  words: readonly string[],
  { account, cwd, onPid }: RunOptions,
): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn(program, words, {
      cwd,
      env: cleanEnvironment(),
      detached: true, // a Ctrl-C is for us: we end it in our own order
      stdio: ["ignore", "pipe", "pipe"],
      ...account,
    });
    const written: string[] = [];
    const end = (ok: boolean, how: string) =>
      resolve({ ok, output: [...written, how].join("").trim() });
    child.stdout.setEncoding("utf8").on("data", (text: string) => written.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => written.push(text));
    child.once("error", (error) => end(false, error.message));
    child.once("close", (code, signal) =>
      end(code === 0, code === 0 ? "" : `\n(ended with ${signal ?? `code ${code}`})`),
    );
    onPid?.(child.pid);
  });
}

interface RunOptions {
  readonly account: Account | undefined;
  /** A folder that the account may enter: PostgreSQL's programs look where they stand. */
  readonly cwd: string;
  onPid?(pid: number | undefined): void;
}

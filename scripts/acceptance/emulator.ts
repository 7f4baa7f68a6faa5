import { spawn } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./steps.ts";

export interface Emulator extends AsyncDisposable {
  readonly endpoint: string;
  log(): Promise<string>;
}

/**
 * Starts an emulator of AWS on a free port of 127.0.0.1, in a process group of its own, so that
 * the workers that it starts end with it.
 *
 * @param command of the shell; `PORT` in it and in `env` is the port
 * @param health path that answers once it is ready
 */
export async function startEmulator(
  command: string,
  health: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Emulator> {
  const folder = await mkdtemp(join(tmpdir(), "pgvigil-emulator-"));
  const port = String(await freePort());
  const put = (text: string) => text.replaceAll("PORT", port);
  const file = join(folder, "log");
  const log = openSync(file, "w");
  const child = spawn(put(command), {
    ...{ shell: true, detached: true, cwd: folder, stdio: ["ignore", log, log] },
    env: { ...plainEnv(), TMPDIR: folder, ...mapValues(env, put) },
  });
  closeSync(log);
  // Whoever interrupts the story leaves nothing behind: `exit` is the last that happens.
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once("exit", kill);
  const endpoint = `http://127.0.0.1:${port}`;
  const emulator: Emulator = {
    endpoint,
    log: () => readFile(file, "utf8"),
    async [Symbol.asyncDispose]() {
      process.off("exit", kill);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      const isRunning = child.exitCode === null;
      kill();
      if (isRunning) await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await until(`${command} answers`, 60, async () => {
      if (child.exitCode !== null) throw new Error(`${command} ended:\n${await emulator.log()}`);
      return fetch(endpoint + health).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      );
    });
    return emulator;
  } catch (error) {
    await emulator[Symbol.asyncDispose]();
    throw error;
  }
}

/** Nothing of a real account: no profile, no key, no endpoint of whoever runs this. */
export const plainEnv = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(AWS|CDK|PGVIGIL)_/.test(name) ? [] : [[name, value]],
    ),
  );

const mapValues = (values: Readonly<Record<string, string>>, change: (value: string) => string) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" ? (address?.port ?? 0) : 0;
      server.close(() => resolve(port));
    });
  });

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as z from "zod";

const measuredSchema = z.object({
  cpuMs: z.number(),
  wallMs: z.number(),
  /** Of standard output: log lines and metrics. */
  logBytes: z.number(),
  logLines: z.number(),
  /** Of the process so far. */
  peakMb: z.number(),
});
export type Measured = z.infer<typeof measuredSchema>;

/** A function's process. It stays until it is disposed of. */
export interface Worker extends AsyncDisposable {
  /** Loading the bundle. */
  readonly loaded: Measured;
  /** @param ahead milliseconds by which its clock is put on */
  invoke(event: unknown, ahead?: number): Promise<Measured>;
}

interface Started {
  /** Of `index.mjs`. */
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  /** MB of memory that Lambda gives it; it leaves the heap what the runtime does not need. */
  readonly megabytes: number;
}

export async function startWorker({ path, env, megabytes }: Started): Promise<Worker> {
  const child = fork(join(import.meta.dirname, "invoke.ts"), [path], {
    env,
    execArgv: [`--max-old-space-size=${Math.floor(megabytes * 0.75)}`],
  });
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`${path} ended with ${code}`);
  });
  died.catch(() => undefined);
  const answer = async (): Promise<Measured> => {
    const [said] = await Promise.race([once(child, "message"), died]);
    if (typeof said.failed === "string") throw new Error(said.failed);
    return measuredSchema.parse(said);
  };
  const loaded = await answer();
  return {
    loaded,
    async invoke(event, ahead = 0) {
      const answered = answer();
      child.send({ event, ahead });
      return answered;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await died.catch(() => undefined);
    },
  };
}

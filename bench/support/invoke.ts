import { readFileSync } from "node:fs";

/**
 * A function in a process of its own, as Lambda runs it: loads the bundle, and works on events until
 * it is told to stop. Speaks with `bench/support/worker.ts`, who started it.
 */
const [, , bundle = ""] = process.argv;

/** Events come at a time of their own: the clock is put on by so many milliseconds. */
let ahead = 0;
const realNow = Date.now;
class ShiftedDate extends Date {
  constructor(...of: [] | [value: number | string | Date]) {
    if (of.length === 0) super(realNow() + ahead);
    else super(of[0]);
  }
  static override now = (): number => realNow() + ahead;
}
Object.assign(globalThis, { Date: ShiftedDate });

/** What a function writes to its log, which nobody reads here. */
let logged = { bytes: 0, lines: 0 };
process.stdout.write = (text: string | Uint8Array): boolean => {
  logged = { bytes: logged.bytes + Buffer.byteLength(text), lines: logged.lines + 1 };
  if (process.env.BENCH_SAYS !== undefined) process.stderr.write(text);
  return true;
};

async function measured(work: () => Promise<unknown>) {
  const [cpu, began, before] = [process.cpuUsage(), performance.now(), logged];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpuMs: (user + system) / 1000,
    wallMs: performance.now() - began,
    logBytes: logged.bytes - before.bytes,
    logLines: logged.lines - before.lines,
  };
}

const peakMb = (): number => {
  const status = readFileSync("/proc/self/status", "utf8");
  return Number.parseInt(status.split("VmHWM:")[1] ?? "", 10) / 1024;
};

let handler: (event: unknown, context: unknown) => Promise<unknown> = async () => undefined;
const loaded = await measured(async () => {
  ({ handler } = await import(bundle));
});
const context = {
  ...{ functionName: "bench", functionVersion: "$LATEST", memoryLimitInMB: "256" },
  awsRequestId: "8f507cfc-1e6d-4e0c-9c1c-000000000000",
  invokedFunctionArn: "arn:aws:lambda:eu-central-1:111122223333:function:pgvigil-Examine",
  ...{ logGroupName: "", logStreamName: "" },
  getRemainingTimeInMillis: () => 600_000,
};

process.on("message", async ({ event, ahead: by }: { event: unknown; ahead: number }) => {
  ahead = by;
  const done = await measured(() => handler(event, context)).catch((error: unknown) => ({
    failed: String(Object(error).stack),
  }));
  process.send?.({ ...done, peakMb: peakMb() });
});
process.send?.({ ...loaded, peakMb: peakMb() });

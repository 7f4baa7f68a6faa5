import { readFileSync, writeFileSync } from "node:fs";

/**
 * A function in a process of its own, as Lambda runs it: loads the bundle, works on the event a few
 * times, and writes down what that took.
 *
 *   node bench/support/invoke.ts bundle.mjs event.json figures.json times
 */
const [, , bundle = "", eventFile = "", figures = "", times = "1"] = process.argv;

const cpuOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

let handler: (event: unknown, context: unknown) => Promise<unknown> = async () => undefined;
const loadMs = await cpuOf(async () => {
  ({ handler } = await import(bundle));
});
const event: unknown = JSON.parse(readFileSync(eventFile, "utf8"));
const context = {
  ...{ functionName: "bench", functionVersion: "$LATEST", memoryLimitInMB: "0" },
  ...{ awsRequestId: "bench", invokedFunctionArn: "arn", logGroupName: "", logStreamName: "" },
  getRemainingTimeInMillis: () => 600_000,
};
const invocations: number[] = [];
for (let i = 0; i < Number(times); i += 1) {
  invocations.push(await cpuOf(() => handler(event, context)));
}
const status = readFileSync("/proc/self/status", "utf8");
const peakMb = Number.parseInt(status.split("VmHWM:")[1] ?? "", 10) / 1024;
writeFileSync(figures, JSON.stringify({ loadMs, invocations, peakMb }));

#!/usr/bin/env node
import { main } from "../lib/cli/main.ts";
import { watchOutlets } from "../lib/cli/outlet.ts";

const interruption = new AbortController();
process.on("SIGINT", () => {
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort();
});

const outlets = watchOutlets(process.stdout, process.stderr);
process.on("exit", () => {
  process.exitCode = outlets.code() ?? process.exitCode;
});

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  isTerminal: { stdout: process.stdout.isTTY ?? false, stderr: process.stderr.isTTY ?? false },
  // A terminal may be resized while a command runs.
  get columns() {
    return process.stdout.columns || 100;
  },
  get rows() {
    return process.stdout.rows;
  },
  clock: () => new Date(),
  signal: interruption.signal,
});

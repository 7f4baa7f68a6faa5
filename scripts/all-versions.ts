import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installWords, releases } from "../lib/adapters/local/embedded/releases.ts";
import { installedMajors } from "../lib/adapters/local/embedded-postgres.ts";

/** Runs the suite on every PostgreSQL that pgvigil supports, and installs those that lack. */
const root = join(import.meta.dirname, "..");
const run = (program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): boolean =>
  spawnSync(program, words, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } })
    .status === 0;

const there = installedMajors();
const lacking = Object.entries(releases).filter(([major]) => !there.includes(Number(major)));
const missed = lacking
  .filter(([major, release]) => !run("npm", installWords(major, release)))
  .map(([major]) => major);

const passed = run(process.execPath, ["node_modules/vitest/vitest.mjs", "run"], {
  PGVIGIL_POSTGRES: "all",
});
if (missed.length > 0) {
  console.error(`Not tried, as npm could not install it: PostgreSQL ${missed.join(", ")}.`);
}
process.exitCode = passed && missed.length === 0 ? 0 : 1;

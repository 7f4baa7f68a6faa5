import { execFileSync } from "node:child_process";
import { installedMajors } from "../../lib/adapters/local/embedded-postgres.ts";

export const has = (program: string): boolean => {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** pg_dump refuses a server that is newer than itself. */
export function comparableMajor(): number | undefined {
  const newest = has("pg_dump")
    ? Number(/(\d+)/.exec(execFileSync("pg_dump", ["--version"], { encoding: "utf8" }))?.[1])
    : Number.POSITIVE_INFINITY;
  return installedMajors().findLast((major) => major <= newest);
}

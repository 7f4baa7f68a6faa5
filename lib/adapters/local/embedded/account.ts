import { readFileSync } from "node:fs";
import { EmbeddedPostgresError } from "./error.ts";

/** Whom a program runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, so that root lends it to `nobody`, or whoever comes next.
 * initdb looks the user up by number, so a made-up uid does not do. Undefined: run as we are.
 */
export function accountForServer(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readAccounts();
  const chosen = accounts.get("nobody") ?? accounts.get("daemon") ?? [...accounts.values()][0];
  if (chosen) return chosen;
  throw new EmbeddedPostgresError(
    "PostgreSQL refuses to run as root, and /etc/passwd has no other account to lend it to.",
    "Run pgvigil as an ordinary user, or add one: useradd --system --no-create-home nobody",
  );
}

/** Ordinary numbers only: macOS counts `nobody` as -2, which chown and spawn read differently. */
function readAccounts(): ReadonlyMap<string, Account> {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  return new Map(
    lines
      .filter((line) => !line.startsWith("#"))
      .map((line) => line.split(":"))
      .map(([name = "", , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }] as const)
      .filter(([name, { uid, gid }]) => name !== "postgres" && uid > 0 && uid < 65_536 && gid > 0),
  );
}

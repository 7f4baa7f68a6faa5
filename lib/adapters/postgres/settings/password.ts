import { readFileSync, statSync } from "node:fs";
import { DatabaseError } from "../../../core/errors.ts";

/** Whom a password is for. `host` is "localhost" for a socket, as in libpq. */
export interface Account {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * Called by the driver once a server asks for a password, so that a missing one is no error where
 * nobody asks (a certificate, peer). Also keeps the driver from reading ~/.pgpass itself, which
 * it does with warnings on stderr.
 */
export function passwordFor(account: Account, file: string): () => Promise<string> {
  return async () => {
    const found = lookUp(account, file);
    if (typeof found === "string") return found;
    throw new DatabaseError(
      "authentication",
      `the server asks for the password of ${account.user}, and none was given`,
      { hint: found.why },
    );
  };
}

const waysToGiveOne = "Give it in passwordEnv, PGPASSWORD, the URL or";

function lookUp(account: Account, file: string): string | { readonly why: string } {
  try {
    const stat = statSync(file);
    if (process.platform !== "win32" && (stat.mode & 0o077) !== 0) {
      return { why: `${file} is not used, as others may read it: chmod 600 ${file}` };
    }
    const password = readFileSync(file, "utf8")
      .split(/\r?\n/)
      .filter((line) => !line.startsWith("#"))
      .map(fieldsOf)
      .find((fields) => fits(fields, account))?.[4];
    return password || { why: `${waysToGiveOne} ${file}, which has no line that fits.` };
  } catch (error) {
    const why = Object(error).code === "ENOENT" ? "" : ` (cannot be read: ${Object(error).code})`;
    return { why: `${waysToGiveOne} ${file}${why}.` };
  }
}

const field = String.raw`((?:\\.|[^:\\])*)`;
const line = new RegExp(`^${[field, field, field, field, "(.*)"].join(":")}$`);

/** host:port:database:user:password; a backslash escapes a colon and itself. */
const fieldsOf = (text: string): readonly string[] =>
  line
    .exec(text)
    ?.slice(1)
    .map((value) => value.replace(/\\(.)/g, "$1")) ?? [];

const fits = (fields: readonly string[], { host, port, database, user }: Account): boolean =>
  [host, String(port), database, user].every(
    (value, index) => fields[index] === "*" || fields[index] === value,
  );

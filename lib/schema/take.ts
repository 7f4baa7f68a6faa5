import type { Session } from "../core/ports.ts";
import type { Server } from "../core/server.ts";
import { ask } from "./ask.ts";
import { readSchema } from "./reading.ts";
import { seenAs } from "./seen.ts";
import type { Snapshot } from "./snapshot.ts";
import { sameToken, schemaToken, type Token } from "./token.ts";

/** The schema did not hold still for as long as it takes to read it. */
export class SchemaChanging extends Error {
  override readonly name = "SchemaChanging";
  constructor() {
    super(`the schema is changing: it was read ${tries} times, and was another one each time`);
  }
}

const tries = 3;

/** TRUNCATE, REINDEX and REFRESH write into the first two; the others are of all databases. */
const busy = new Set([
  "pg_class",
  "pg_index",
  "pg_roles",
  "pg_db_role_setting",
  "pg_parameter_acl",
  "pg_tablespace",
  "pg_stat_subscription",
]);

/**
 * Did only such catalogs move? Two equal readings prove nothing where definitions came and went:
 * what is changed there and back while we look may look the same twice, half of it each time.
 */
function isBusyOnly(before: Token, after: Token): boolean {
  const hashes = new Map(before.map(({ catalog, hash }) => [catalog, hash]));
  return after.every(({ catalog, hash }) => hashes.get(catalog) === hash || busy.has(catalog));
}

export interface TakeContext {
  readonly session: Session;
  readonly server: Server;
  /** A snapshot that was taken when the catalogs stood so; asked before any is read. */
  readonly known?: (token: string) => Promise<Snapshot | undefined>;
}

/**
 * Reads the schema. What pg_get_*() print is the newest catalog, not a snapshot of it, and no
 * transaction is held over the statements; so a token taken before and after decides whether they
 * saw one schema. A reading that moved counts if the next one is equal to it: a job that truncates
 * a table all day changes its catalog row, but no fact.
 *
 * @throws SchemaChanging, DatabaseError
 */
export async function takeSnapshot({ session, server, known }: TakeContext): Promise<Snapshot> {
  let before = await ask(session, schemaToken);
  const token = seenAs(before, server);
  const unchanged = token === undefined ? undefined : await known?.(token);
  if (unchanged !== undefined) return unchanged;
  let last: Snapshot | undefined;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const { snapshot, after } = await readSchema(session, server);
    if (sameToken(before, after)) return withSeen(snapshot, seenAs(after, server));
    const isSame = last?.tree.checksum === snapshot.tree.checksum;
    if (isSame && isBusyOnly(before, after)) return snapshot;
    before = after;
    last = snapshot;
  }
  throw new SchemaChanging();
}

/** What is incomplete is read again next time, whatever the catalogs say. */
const withSeen = (snapshot: Snapshot, token: string | undefined): Snapshot =>
  token === undefined || !snapshot.complete
    ? snapshot
    : Object.defineProperty(snapshot, "seen", {
        value: { token, at: snapshot.takenAt, unmodelled: snapshot.unmodelled },
      });

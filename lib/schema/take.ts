import type { Session } from "../core/ports.ts";
import type { Server } from "../core/server.ts";
import { ask } from "./ask.ts";
import { readSchema } from "./reading.ts";
import type { Snapshot } from "./snapshot.ts";
import { sameToken, schemaToken } from "./token.ts";

/** The schema did not hold still for as long as it takes to read it. */
export class SchemaChanging extends Error {
  override readonly name = "SchemaChanging";
  constructor() {
    super(`the schema is changing: it was read ${tries} times, and was another one each time`);
  }
}

const tries = 3;

export interface TakeContext {
  readonly session: Session;
  readonly server: Server;
}

/**
 * Reads the schema. What pg_get_*() print is the newest catalog, not a snapshot of it, and no
 * transaction is held over the statements; so a token taken before and after decides whether they
 * saw one schema. A reading that moved counts if the next one is equal to it: a job that truncates
 * a table all day changes its catalog row, but no fact.
 *
 * @throws SchemaChanging, DatabaseError
 */
export async function takeSnapshot({ session, server }: TakeContext): Promise<Snapshot> {
  let before = await ask(session, schemaToken);
  let last: Snapshot | undefined;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const { snapshot, after } = await readSchema(session, server);
    if (sameToken(before, after)) return snapshot;
    if (last?.tree.checksum === snapshot.tree.checksum) return snapshot;
    before = after;
    last = snapshot;
  }
  throw new SchemaChanging();
}

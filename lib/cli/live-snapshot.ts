import { DatabaseError, UsageError } from "../core/errors.ts";
import type { Session } from "../core/ports.ts";
import { sayTarget } from "../core/target.ts";
import type { Snapshot } from "../schema/snapshot.ts";
import { SchemaChanging, takeSnapshot } from "../schema/take.ts";
import type { Fleet, FleetTarget } from "./fleet.ts";
import type { Io } from "./io.ts";

/** Reads the schema of a target as it is now; without its objects where that is a seal. */
export async function liveSnapshot(
  { open, limits }: FleetTarget,
  io: Io,
  { isSeal = false } = {},
): Promise<Snapshot> {
  await using session = await open(limits, io.signal);
  return await snapshotOver(session, { isSeal });
}

/** Over a session that somebody has. */
export async function snapshotOver(session: Session, { isSeal = false } = {}): Promise<Snapshot> {
  try {
    return await takeSnapshot({ session, server: session.server, isSeal });
  } catch (error) {
    if (!(error instanceof SchemaChanging)) throw error;
    const hint = "Again, when the migration is through.";
    throw new DatabaseError("changed-underneath", error.message, { hint, cause: error });
  }
}

/** @throws UsageError where there are several */
export function onlyTarget({ targets }: Fleet): FleetTarget {
  const [first, second] = targets;
  if (first !== undefined && second === undefined) return first;
  throw new UsageError(
    `which of ${targets.length} targets?`,
    `--target ${first === undefined ? "ENV/NAME" : sayTarget(first.target)}`,
  );
}

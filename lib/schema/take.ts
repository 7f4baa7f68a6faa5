import { DatabaseError } from "../core/errors.ts";
import type { Session } from "../core/ports.ts";
import type { Server } from "../core/server.ts";
import { ask } from "./ask.ts";
import { dependents } from "./dependents.ts";
import { SnapshotError } from "./file.ts";
import { momentNow } from "./moment.ts";
import { type LastReading, movedSince, type Standing, standingOf, standsStill } from "./moved.ts";
import { owners } from "./owners.ts";
import { type Reused, readSchema } from "./reading.ts";
import { boundTo, seenAs } from "./seen.ts";
import type { Snapshot } from "./snapshot.ts";
import { sameToken, type Token } from "./token.ts";

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

/** `cache lookup failed for relation 4711`: what the statement saw is gone from the newest catalog. */
const isMissing = (error: unknown): boolean =>
  error instanceof DatabaseError && error.sqlstate === "XX000";

export interface TakeContext {
  readonly session: Session;
  readonly server: Server;
  /** A snapshot that was taken when the catalogs stood so; asked before any is read. */
  readonly known?: (token: string) => Promise<Snapshot | undefined>;
  /** What was read last; where this is there, it is noted how all stands, for the next reading. */
  readonly last?: () => Promise<LastReading | undefined>;
  /** Its checksums are all that is wanted: it throws where somebody asks for its objects. */
  readonly isSeal?: boolean;
}

/**
 * Reads the schema. What pg_get_*() print is the newest catalog, not a snapshot of it, and no
 * transaction is held over the statements; so a token taken before and after decides whether they
 * saw one schema. A reading that moved counts if the next one is equal to it: a job that truncates
 * a table all day changes its catalog row, but no fact.
 *
 * @throws SchemaChanging, DatabaseError
 */
export async function takeSnapshot(context: TakeContext): Promise<Snapshot> {
  const { session, server, known, isSeal } = context;
  let before = await momentNow(session);
  const token = seenAs(before.token, server);
  const unchanged = token === undefined ? undefined : await known?.(token);
  if (unchanged !== undefined) return unchanged;
  const begin = await beginningOf(before.token, context);
  let last: Snapshot | undefined;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    // A part is read once: how all stood is known of that moment alone.
    const { standing, reused, since } = attempt === 1 ? begin : {};
    const moment = before;
    const reading = await readSchema(session, server, moment, { reused, isSeal })
      .catch((error) => {
        if (reused === undefined || !(error instanceof SnapshotError)) throw error;
        return readSchema(session, server, moment, { isSeal }); // the last snapshot is damaged
      })
      .catch(async (error) => {
        const now = isMissing(error) ? await momentNow(session) : moment;
        if (sameToken(moment.token, now.token)) throw error;
        before = now;
        return undefined;
      });
    if (reading === undefined) continue;
    const { snapshot, after, kinds } = reading;
    if (sameToken(before.token, after.token)) {
      const about = { since: since ?? snapshot.takenAt, kinds, standing };
      return withSeen(snapshot, after.token, server, about);
    }
    const isSame = last?.tree.checksum === snapshot.tree.checksum;
    if (isSame && isBusyOnly(before.token, after.token)) return snapshot;
    before = after;
    last = snapshot;
  }
  throw new SchemaChanging();
}

interface Beginning {
  readonly standing?: Standing;
  readonly reused?: Reused;
  readonly since?: string;
}

/** How many objects are read as a part: of more than a third of them, all are as soon read. */
const mostOf = ({ owners }: Standing): number => Math.max(1000, owners.size / 3);

/** How all stands, and what therefore need not be read. */
async function beginningOf(
  token: Token,
  { session, server, last }: TakeContext,
): Promise<Beginning> {
  if (last === undefined || boundTo(server) === undefined) return {};
  const earlier = await last();
  const newest = earlier?.standing.newest;
  const stands = earlier === undefined ? undefined : standsStill(earlier.standing, token);
  const standing = stands ?? standingOf(token, await ask(session, owners(newest)));
  const moved = earlier === undefined ? undefined : movedSince(earlier.standing, standing);
  if (earlier === undefined || moved === undefined) return { standing };
  const most = mostOf(standing);
  if (moved.length > most) return { standing };
  const touched = moved.length === 0 ? [] : await ask(session, dependents(moved));
  if (touched.length > most) return { standing };
  const objects = await earlier.objects();
  if (objects === undefined) return { standing };
  const all = new Set([...moved, ...touched.map(({ oid }) => oid)]);
  const { kinds, since } = earlier;
  return { standing, since, reused: { owners: all, kinds: new Set(kinds), objects } };
}

/** What is incomplete is read again next time, whatever the catalogs say. */
function withSeen(
  snapshot: Snapshot,
  after: Token,
  server: Server,
  { since, kinds, standing }: About,
): Snapshot {
  const [bound, token] = [boundTo(server), seenAs(after, server)];
  if (bound === undefined || token === undefined || !snapshot.complete) return snapshot;
  const { takenAt: at, unmodelled } = snapshot;
  Object.defineProperty(snapshot, "seen", { value: { token, at, since, unmodelled } });
  if (standing === undefined || kinds === undefined) return snapshot;
  return Object.defineProperty(snapshot, "standing", {
    value: { ...standing, bound, since, kinds },
  });
}

interface About {
  readonly since: string;
  readonly standing: Standing | undefined;
  readonly kinds: ReadonlySet<string> | undefined;
}

import * as z from "zod";

const appliedSchema = z.object({
  version: z.string(),
  /** As the tool recorded it; null where it records no time. */
  since: z.string().nullable(),
});
type Applied = z.infer<typeof appliedSchema>;

/**
 * Where a migration tool stands: small, however long its history is, and enough to say later what
 * it did since. Kept in seals and in the memory of checks.
 */
export const trackerHeadSchema = z.object({
  tool: z.string(),
  /** Quoted: `public.flyway_schema_history`. */
  table: z.string(),
  /** False where the tool keeps its newest version alone. */
  keepsHistory: z.boolean(),
  /** How many are applied. */
  applied: z.int(),
  /** Of all that are applied, whatever their order. */
  digest: z.string().nullable(),
  /** The last that were applied, oldest first. */
  newest: z.array(appliedSchema),
  /** Begun and not ended, or failed; running while somebody holds the tool's lock. */
  inFlight: z.array(z.object({ version: z.string(), isRunning: z.boolean() })),
});
export type TrackerHead = z.infer<typeof trackerHeadSchema>;

/** What the trackers of a database say, as far as they could be read. */
export const trackersLookSchema = z.object({
  heads: z.array(trackerHeadSchema),
  /** Why the others could not be. */
  unread: z.string().optional(),
});
export type TrackersLook = z.infer<typeof trackersLookSchema>;

/** What the tools did between two looks. */
export const movementSchema = z.object({
  /** By name, as far as the names are known: `43`, or `41 -> 43` where only the newest is kept. */
  migrations: z.array(z.string()),
  /** Begun, and somebody works on it now. */
  inFlight: z.array(z.string()),
  /** Dirty since: it died or failed, or its tool takes no lock that would tell that it runs. */
  dirty: z.array(z.string()),
  /** Rows of its history went, or changed, and none came. */
  isRewritten: z.boolean(),
});
export type Movement = z.infer<typeof movementSchema>;

/** Of every tool, from what it said then to what it says now. */
export function movementBetween(
  then: readonly TrackerHead[],
  now: readonly TrackerHead[],
): Movement {
  const moved = now.map((head) => moveOf(then.find(isOf(head)), head));
  const isGone = then.some((head) => !now.some(isOf(head)));
  const migrations = moved.flatMap((each) => each.migrations);
  return {
    migrations,
    inFlight: moved.flatMap(({ inFlight }) => inFlight),
    dirty: moved.flatMap(({ dirty }) => dirty),
    isRewritten: migrations.length === 0 && (isGone || moved.some((each) => each.isRewritten)),
  };
}

const isOf =
  ({ tool, table }: TrackerHead) =>
  (other: TrackerHead): boolean =>
    other.tool === tool && other.table === table;

function moveOf(then: TrackerHead | undefined, now: TrackerHead): Movement {
  const known = new Set(then?.inFlight.map(({ version }) => version));
  const of = (isMeant: (one: TrackerHead["inFlight"][number]) => boolean) =>
    now.inFlight.filter(isMeant).map(({ version }) => version);
  const unfinished = {
    inFlight: of(({ isRunning }) => isRunning),
    // One that was dirty at the earlier look did nothing since.
    dirty: of(({ isRunning, version }) => !isRunning && !known.has(version)),
  };
  if (then?.digest === now.digest && then.applied === now.applied) {
    return { ...unfinished, migrations: [], isRewritten: false };
  }
  const migrations = now.keepsHistory ? added(then, now) : stepOf(then, now);
  const isRewritten = migrations.length === 0 && now.inFlight.length === 0;
  return { ...unfinished, migrations: [...migrations], isRewritten };
}

/** `41 -> 43`: which migrations lie between is known to the files alone. */
function stepOf(then: TrackerHead | undefined, now: TrackerHead): readonly string[] {
  const old = then?.newest.at(-1)?.version ?? then?.inFlight.at(-1)?.version;
  const version = now.newest.at(-1)?.version;
  // While the next one is dirty, the tool does not say which one came before it.
  if (version === undefined) return [];
  return old === undefined || old === version ? [version] : [`${old} -> ${version}`];
}

function added(then: TrackerHead | undefined, now: TrackerHead): readonly string[] {
  const known = new Set((then?.newest ?? []).map(keyOf));
  const [oldest] = then?.newest ?? [];
  // Before the oldest that was kept, nobody can say what was there.
  const isKept = then === undefined || then.applied === then.newest.length;
  const fresh = now.newest.filter(
    (each) => !known.has(keyOf(each)) && (isKept || oldest === undefined || isAfter(each, oldest)),
  );
  const more = now.applied - (then?.applied ?? 0) - fresh.length;
  return [...(more > 0 ? [`${more} more`] : []), ...fresh.map(({ version }) => version)];
}

const isLater = (a: string, b: string): boolean => a.localeCompare(b, "en", { numeric: true }) > 0;

const keyOf = ({ version, since }: Applied): string => JSON.stringify([version, since]);

const isAfter = (a: Applied, b: Applied): boolean =>
  a.since === b.since ? a.version > b.version : (a.since ?? "") > (b.since ?? "");

/**
 * Versions that are applied here and not there. When is no question: two databases apply the same
 * migration at different times.
 */
export function notIn(here: readonly TrackerHead[], there: readonly TrackerHead[]): string[] {
  return here.flatMap((head) => {
    const other = there.find(({ tool }) => tool === head.tool);
    const known = new Set((other?.newest ?? []).map(({ version }) => version));
    const versions = head.newest.map(({ version }) => version);
    const newest = other?.newest.at(-1)?.version;
    // A tool that keeps its newest alone has all that came before it applied.
    if (!head.keepsHistory && newest !== undefined) {
      return versions.filter((version) => isLater(version, newest));
    }
    // What is older than all that was kept there may be applied there as well.
    const first = versions.findIndex((version) => known.has(version));
    const isWhole = other === undefined || other.applied === other.newest.length;
    const from = isWhole || first < 0 ? 0 : first;
    return [...new Set(versions.slice(from).filter((version) => !known.has(version)))];
  });
}

import type { Backend, Picture } from "./picture.ts";

/**
 * Does this session hold back what VACUUM may remove from this database's tables? A VACUUM's own
 * snapshot is ignored by others, and a walsender's counts through its slot or its standby
 * (src/backend/storage/ipc/procarray.c, ComputeXidHorizons). A parallel worker has its leader's.
 */
export const holdsHorizon = (backend: Backend): boolean =>
  backend.isHere &&
  !backend.isOurs &&
  backend.leader === null &&
  backend.backendType !== "walsender" &&
  !isVacuum(backend);

/** How many transactions ago the oldest began that it may still see: null where it sees none. */
export function horizonOf({ xmin, xminAge, xid, xidAge }: Backend): {
  readonly xid: string;
  readonly age: number;
} | null {
  if (xid !== null && xidAge !== null && xidAge >= (xminAge ?? -1)) return { xid, age: xidAge };
  return xmin !== null && xminAge !== null ? { xid: xmin, age: xminAge } : null;
}

/**
 * Seconds for which it has held its horizon, at least. With a transaction number of its own, or
 * idle with a snapshot kept (REPEATABLE READ, a cursor), since it began; pg_dump keeps one too.
 * Otherwise the snapshot may be that of its present statement (READ COMMITTED takes a new one each
 * time), and only that is certain.
 */
export function heldHorizonFor(backend: Backend): number {
  const { xactAge, queryAge, xidAge, xminAge, state, application } = backend;
  const isWhole =
    (xidAge !== null && xidAge >= (xminAge ?? -1)) ||
    state !== "active" ||
    application === "pg_dump";
  return (isWhole ? xactAge : queryAge) ?? 0;
}

/** The session whose horizon is the oldest of this database, if no prepared transaction's is. */
export function oldestHolder({ backends, prepared }: Picture): Backend | undefined {
  const ages = backends.filter(holdsHorizon).map((backend) => ({
    backend,
    age: horizonOf(backend)?.age ?? -1,
  }));
  const [oldest] = ages.sort(
    (a, b) => b.age - a.age || (b.backend.xactAge ?? 0) - (a.backend.xactAge ?? 0),
  );
  if (oldest === undefined || oldest.age < 0) return undefined;
  return prepared.some(({ xidAge }) => xidAge > oldest.age) ? undefined : oldest.backend;
}

/** It runs in transactions of its own and never within another's: its first word is all of it. */
export const isVacuum = ({ statement }: Backend): boolean =>
  /^(autovacuum: )?VACUUM\b/i.test(statement ?? "");

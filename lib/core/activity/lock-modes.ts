/**
 * Lock modes as pg_locks names them, from weakest to strongest, and what each conflicts with.
 * https://www.postgresql.org/docs/current/explicit-locking.html#TABLE-LOCK-COMPATIBILITY
 */
const conflicts: Readonly<Record<string, readonly number[]>> = {
  AccessShareLock: [8],
  RowShareLock: [7, 8],
  RowExclusiveLock: [5, 6, 7, 8],
  ShareUpdateExclusiveLock: [4, 5, 6, 7, 8],
  ShareLock: [3, 4, 6, 7, 8],
  ShareRowExclusiveLock: [3, 4, 5, 6, 7, 8],
  ExclusiveLock: [2, 3, 4, 5, 6, 7, 8],
  AccessExclusiveLock: [1, 2, 3, 4, 5, 6, 7, 8],
};
const order = Object.keys(conflicts);

/** 1 for ACCESS SHARE to 8 for ACCESS EXCLUSIVE; 0 for a mode that is none of a table. */
export const strength = (mode: string): number => order.indexOf(mode) + 1;

export const conflict = (one: string, other: string): boolean =>
  conflicts[one]?.includes(strength(other)) ?? false;

/** `ShareRowExclusiveLock` as people type it: `SHARE ROW EXCLUSIVE`. */
export const sayMode = (mode: string): string =>
  mode
    .replace(/Lock$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();

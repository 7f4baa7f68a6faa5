import { count, sayDuration } from "../units.ts";
import { heldHorizonFor, horizonOf, oldestHolder } from "./horizon.ts";
import { sayMode, strength } from "./lock-modes.ts";
import type { Backend, Picture } from "./picture.ts";
import { waitsIn } from "./waits.ts";
import { isIdleInTransaction } from "./who.ts";

/** What a transaction does to others, beyond being open. */
export interface Harm {
  readonly kind: "blocks" | "strong-lock" | "horizon";
  readonly says: string;
}

/** Seconds after which each is harm. */
export interface Patience {
  readonly waiter: number;
  readonly strongLock: number;
  readonly horizon: number;
}

export const harmsOf = (
  backend: Backend,
  picture: Picture,
  patience: Patience,
): readonly Harm[] => [
  ...blocks(backend, picture, patience.waiter),
  ...strongLock(backend, picture, patience.strongLock),
  ...horizon(backend, picture, patience.horizon),
];

function blocks(backend: Backend, picture: Picture, patience: number): readonly Harm[] {
  // Who waits itself passes on what another does to it.
  if (backend.blockedBy.length > 0) return [];
  const waiters = waitsIn(picture).filter(({ blockers }) =>
    blockers.some(({ party }) => party.key === String(backend.pid)),
  );
  const longest = Math.max(0, ...waiters.map(({ waited }) => waited ?? 0));
  if (waiters.length === 0 || longest < patience) return [];
  const tables = [...new Set(waiters.flatMap(({ table }) => table ?? []))].sort();
  const on = tables.length === 0 ? "" : ` on ${tables.slice(0, 3).join(", ")}`;
  return [
    {
      kind: "blocks",
      says: `${count(waiters.length, "session waits", "sessions wait")} for it${on}, the longest for ${sayDuration(longest)}.`,
    },
  ];
}

/**
 * Nobody tells since when a lock is held. A statement takes its table locks when it begins, so that
 * those of an idle session are older than its idleness, and those of a busy one as old as its
 * statement; one that waits itself may have taken none yet.
 *
 * SHARE UPDATE EXCLUSIVE is what ANALYZE and VALIDATE CONSTRAINT take so that reads and writes go
 * on: while such a statement works it harms nobody, left idle it keeps VACUUM out. Nor does a load
 * that emptied its own table: while a statement works, its lock harms as soon as somebody waits.
 */
function strongLock(backend: Backend, picture: Picture, patience: number): readonly Harm[] {
  const isIdle = isIdleInTransaction(backend);
  const isInTheWay = picture.backends.some(({ blockedBy }) => blockedBy.includes(backend.pid));
  if (!isIdle && !isInTheWay) return [];
  const floor = strength(isIdle ? "ShareUpdateExclusiveLock" : "ShareLock");
  const [strongest] = backend.held; // the strongest comes first
  if (strongest === undefined || strength(strongest.mode) < floor) return [];
  const held = isIdle ? backend.stateAge : backend.blockedBy.length > 0 ? 0 : backend.queryAge;
  if (held === null || held < patience) return [];
  return [
    {
      kind: "strong-lock",
      says: `It holds ${sayMode(strongest.mode)} on ${strongest.table} for at least ${sayDuration(held)}: ${meaning(strongest.mode)}.`,
    },
  ];
}

const meaning = (mode: string): string => {
  if (mode === "AccessExclusiveLock") return "nobody can read or write it meanwhile";
  return mode === "ShareUpdateExclusiveLock"
    ? "no VACUUM and no ALTER meanwhile"
    : "nobody can write to it meanwhile";
};

function horizon(backend: Backend, picture: Picture, patience: number): readonly Harm[] {
  const held = heldHorizonFor(backend);
  const age = horizonOf(backend)?.age;
  if (held < patience || age === undefined || oldestHolder(picture) !== backend) return [];
  return [
    {
      kind: "horizon",
      says: `No row that died in the last ${sayDuration(held)} can be vacuumed away: it holds the oldest horizon of all sessions, ${count(age, "transaction")} behind.`,
    },
  ];
}

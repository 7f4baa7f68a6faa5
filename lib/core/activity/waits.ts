import { conflict } from "./lock-modes.ts";
import type { Backend, Contended, Picture, Prepared } from "./picture.ts";

/** Who blocks: a session, a prepared transaction, or a session that was gone when we looked. */
export type Party =
  | { readonly kind: "session"; readonly key: string; readonly backend: Backend }
  | { readonly kind: "prepared"; readonly key: string; readonly prepared: Prepared | undefined }
  | { readonly kind: "gone"; readonly key: string };

/** One session that waits, and everybody it waits for. */
export interface Wait {
  readonly key: string;
  readonly backend: Backend;
  /** What it asks for, and on what: `relation`, `tuple`, `transactionid` (a row's owner), … */
  readonly mode: string;
  readonly type: string;
  readonly table: string | null;
  /** Seconds; null where nobody tells. On PostgreSQL 13 an upper bound. */
  readonly waited: number | null;
  readonly isUpperBound: boolean;
  readonly blockers: readonly Edge[];
}

export interface Edge {
  readonly party: Party;
  /** The lock it holds in the waiter's way; null where it only stands in front in the queue. */
  readonly holds: string | null;
  readonly isQueue: boolean;
}

const keyOf = (pid: number): string => String(pid);

/** A parallel worker's locks and waits are its leader's: that is the session one can end. */
function leaders({ backends }: Picture): (pid: number) => number {
  const known = new Map(backends.map(({ pid, leader }) => [pid, leader ?? pid]));
  return (pid) => known.get(pid) ?? pid;
}

/** Every session that waits for a lock, with what it waits for and for whom. */
export function waitsIn(picture: Picture): readonly Wait[] {
  const leaderOf = leaders(picture);
  const backends = new Map(picture.backends.map((backend) => [backend.pid, backend]));
  const prepared = new Map(picture.prepared.map((each) => [each.gid, each]));
  const onTag = new Map(
    [...Map.groupBy(picture.contended, (lock) => lock.tag)].map(([tag, locks]) => [
      tag,
      Map.groupBy(locks, (lock) => leaderOf(lock.pid)),
    ]),
  );
  const asked = new Map(
    picture.contended.filter((lock) => !lock.isGranted).map((lock) => [lock.pid, lock]),
  );
  const rows = Map.groupBy(
    picture.contended.filter((lock) => lock.type === "tuple"),
    (lock) => leaderOf(lock.pid),
  );

  const party = (pid: number, gid: string | null): Party => {
    const backend = backends.get(pid);
    if (pid === 0) {
      return { kind: "prepared", key: `prepared ${gid}`, prepared: prepared.get(gid ?? "") };
    }
    return backend === undefined
      ? { kind: "gone", key: keyOf(pid) }
      : { kind: "session", key: keyOf(pid), backend };
  };

  const rowTable = (backend: Backend, blockers: readonly Edge[]) =>
    rows.get(backend.pid)?.[0]?.table ?? commonTable(backend, blockers);

  const edges = (lock: Contended, blockedBy: readonly number[]): Edge[] => {
    const others = onTag.get(lock.tag);
    return [...new Set(blockedBy.map(leaderOf))].flatMap((pid) => {
      const theirs = others?.get(pid) ?? [];
      const gids = theirs.length === 0 ? [null] : [...new Set(theirs.map(({ gid }) => gid))];
      return gids.map((gid) => {
        const held = theirs.filter((other) => other.isGranted && other.gid === gid);
        const hard = held.find((other) => conflict(lock.mode, other.mode)) ?? held[0];
        const isQueue =
          !held.some((other) => conflict(lock.mode, other.mode)) &&
          theirs.some((other) => !other.isGranted);
        return { party: party(pid, gid), holds: hard?.mode ?? null, isQueue };
      });
    });
  };

  /** pg_blocking_pids() knows nothing of a standby's replay: whoever holds what it wants. */
  const aheadOf = ({ blockedBy, backendType }: Backend, { tag, mode }: Contended) =>
    backendType !== "startup" || blockedBy.length > 0
      ? blockedBy
      : picture.contended
          .filter((other) => other.tag === tag && other.isGranted && conflict(mode, other.mode))
          .map(({ pid }) => pid);

  const waits = new Map<number, Wait>();
  for (const waiting of picture.backends) {
    const lock = asked.get(waiting.pid);
    const pid = leaderOf(waiting.pid);
    const backend = backends.get(pid) ?? waiting;
    if (lock === undefined || waits.has(pid)) continue;
    const blockers = edges(
      lock,
      aheadOf(waiting, lock).filter((other) => leaderOf(other) !== pid),
    );
    if (blockers.length === 0) continue; // granted between one view and the next
    const atMost = bound(waiting, blockers);
    waits.set(pid, {
      key: keyOf(pid),
      backend,
      mode: lock.mode,
      type: lock.type,
      table: lock.table ?? (lock.type === "transactionid" ? rowTable(backend, blockers) : null),
      waited: lock.waited ?? atMost,
      isUpperBound: lock.waited === null && atMost !== null,
      blockers,
    });
  }
  return [...waits.values()];
}

/**
 * PostgreSQL 13 does not say since when: not longer than the statement runs, and not longer than
 * the oldest of those in front lives.
 */
function bound(waiting: Backend, blockers: readonly Edge[]): number | null {
  if (!waiting.isVisible) return null;
  const ages = blockers.map(({ party }) => ageOf(party) ?? Number.POSITIVE_INFINITY);
  const longest = Math.min(waiting.queryAge ?? Number.POSITIVE_INFINITY, Math.max(...ages));
  return Number.isFinite(longest) ? longest : null;
}

/** Seconds since its transaction began; null where it cannot be seen. */
export function ageOf(party: Party): number | null {
  if (party.kind === "session") return party.backend.xactAge;
  if (party.kind === "prepared") return party.prepared?.age ?? null;
  return null;
}

/** A duplicate key waits for a row's owner without a lock on the row: the table both write to. */
function commonTable(backend: Backend, blockers: readonly Edge[]): string | null {
  const theirs = new Set(blockers.flatMap(({ party }) => heldBy(party).map(({ table }) => table)));
  const common = backend.held.filter(
    ({ table, mode }) => mode !== "AccessShareLock" && theirs.has(table),
  );
  const [only, second] = common;
  return second === undefined ? (only?.table ?? null) : null;
}

export function heldBy(party: Party): Backend["held"] {
  if (party.kind === "session") return party.backend.held;
  return party.kind === "prepared" ? (party.prepared?.held ?? []) : [];
}

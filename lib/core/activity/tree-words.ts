import { count, sayDuration } from "../units.ts";
import { sayMode, strength } from "./lock-modes.ts";
import { type BlockingTree, type Branch, branchesOf } from "./trees.ts";
import { heldBy, type Party } from "./waits.ts";
import { isIdleInTransaction, sessionName } from "./who.ts";

/** Whoever stands at the root, by the name that a finding keeps over time. */
export function rootName(tree: BlockingTree): string {
  if (tree.kind === "root") return partyName(tree.root);
  const names = new Set(tree.members.map(({ backend }) => sessionName(backend)));
  return [...names].sort().join(" and ");
}

function partyName(party: Party): string {
  if (party.kind === "session") return sessionName(party.backend);
  if (party.kind === "gone") return "a session that has just ended";
  return `prepared transactions of ${party.prepared?.owner ?? "another database"}`;
}

/** What is fought over: the table that most of the first row wait for, or the kind of lock. */
export function foughtOver(tree: BlockingTree): string {
  const first = tree.kind === "root" ? tree.waiters : tree.members;
  const tables = Map.groupBy(first, ({ table, type }) => table ?? typeNames[type] ?? `a ${type}`);
  const [most] = [...tables].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  return most?.[0] ?? "a lock";
}

const typeNames: Readonly<Record<string, string>> = {
  advisory: "an advisory lock",
  transactionid: "a row",
  tuple: "a row",
  virtualxid: "its end",
};

/** `billing (web), pid 4711, idle in transaction for 6 min, holds SHARE on public.orders` */
export function sayParty(party: Party): string {
  if (party.kind === "gone") return `${partyName(party)} (pid ${party.key})`;
  const [strongest] = heldBy(party);
  const holds =
    strongest === undefined ? [] : [`holds ${sayMode(strongest.mode)} on ${strongest.table}`];
  if (party.kind === "prepared") {
    const { prepared } = party;
    if (prepared === undefined) return "A prepared transaction of another database";
    return [
      `Prepared transaction ${prepared.gid} of ${prepared.owner}`,
      `${sayDuration(prepared.age)} old`,
      ...holds,
    ].join(", ");
  }
  const { backend } = party;
  const elsewhere = backend.isHere ? [] : [`in ${backend.database ?? "no database"}`];
  const state = sayState(party);
  return [sessionName(backend), `pid ${backend.pid}`, ...elsewhere, ...state, ...holds].join(", ");
}

function sayState({ backend }: Extract<Party, { kind: "session" }>): readonly string[] {
  if (backend.state === null) return backend.backendType === null ? [] : [backend.backendType];
  if (isIdleInTransaction(backend)) {
    return [`${backend.state} for ${sayDuration(backend.stateAge ?? 0)}`];
  }
  const runs = backend.statement === null ? "" : `: ${backend.statement.slice(0, 80)}`;
  return [`${backend.state} for ${sayDuration(backend.queryAge ?? 0)}${runs}`];
}

/** `pid 48240, billing (web), waits 5 min 58 s for ACCESS SHARE on public.invoices` */
export function sayBranch({
  backend,
  mode,
  type,
  table,
  waited,
  isUpperBound,
  above,
}: Branch): string {
  const what = type === "relation" ? sayMode(mode) : (rowWords[type] ?? `a ${type} lock`);
  const since = waited === null ? "" : ` ${isUpperBound ? "at most " : ""}${sayDuration(waited)}`;
  const queue = above.isQueue ? `, queued behind pid ${above.party.key}` : "";
  const on = table === null ? "" : ` on ${table}`;
  return `pid ${backend.pid}, ${sessionName(backend)}, waits${since} for ${what}${on}${queue}`;
}

const rowWords: Readonly<Record<string, string>> = {
  transactionid: "a row",
  tuple: "a row",
  virtualxid: "older transactions to end",
  advisory: "an advisory lock",
};

/**
 * Asks for a lock that ordinary reads or writes cannot pass, and others queue behind the request:
 * one that waits for a minute stops a table for a minute, though nobody holds anything strong.
 */
export const isInTheWay = ({ type, mode, waiters }: Branch): boolean =>
  type === "relation" &&
  strength(mode) >= strength("ShareUpdateExclusiveLock") &&
  waiters.some(({ above }) => above.isQueue);

/** How many wait below it, at any depth. */
export const countBelow = (branch: Branch): number =>
  branch.waiters.reduce((sum, each) => sum + 1 + countBelow(each), 0);

export const sayWaiting = (tree: BlockingTree): string =>
  count(branchesOf(tree).length, "session waits", "sessions wait");

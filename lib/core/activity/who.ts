import type { Blindness } from "../outcome.ts";
import { quoteIdentifier } from "../sql.ts";
import { count } from "../units.ts";
import { sayMode } from "./lock-modes.ts";
import type { Backend, Held, Picture } from "./picture.ts";

/**
 * A session's name over time: role and application. A worker's number, a host's port or a job's id
 * in the application's name would make a new finding of each session, so that digits become `*`.
 */
export function sessionName({
  role,
  application,
  backendType,
}: Pick<Backend, "role" | "application" | "backendType">): string {
  if (role === null) {
    return backendType === "startup"
      ? "the replay of WAL"
      : `the server's ${backendType ?? "own work"}`;
  }
  const name = application
    .replace(/\b(?=[0-9a-f-]*\d)[0-9a-f]{4,}(?:-?[0-9a-f]{4,})+\b/gi, "*")
    .replace(/\d+/g, "*");
  return `${role} (${name === "" ? "no application name" : name})`;
}

/** It holds one snapshot until the end, and is meant to take long. */
export const isBackup = ({ application }: Pick<Backend, "application">): boolean =>
  application === "pg_dump";

/** Sessions of one name are one finding: by name, the oldest first. */
export function byName<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  age: (item: T) => number,
): readonly { readonly name: string; readonly oldest: T; readonly all: readonly T[] }[] {
  return [...Map.groupBy(items, nameOf)].flatMap(([name, group]) => {
    const all = group.toSorted((a, b) => age(b) - age(a));
    const [oldest] = all;
    return oldest === undefined ? [] : [{ name, oldest, all }];
  });
}

/** What a finding keeps of a session: enough to know it again, and nothing of its literals. */
export const sessionEvidence = (backend: Backend) => ({
  pid: backend.pid,
  client: backend.client,
  state: backend.state,
  statement: backend.statement,
  backendStart: backend.backendStart,
  xactStart: backend.xactStart,
  seconds: backend.xactAge === null ? null : Math.round(backend.xactAge),
});

/** What tells a live session from the next one that gets its pid; none where its start is hidden. */
export const sessionHandles = (
  backends: readonly Pick<Backend, "pid" | "backendStart">[],
): string[] =>
  backends
    .slice(0, mostShown)
    .flatMap(({ pid, backendStart }) => (backendStart === null ? [] : [`${pid}@${backendStart}`]));

/** A fingerprint covers them all, a report need not. */
export const mostShown = 10;

/** Other roles' sessions, where this role may not look into them. */
export function hiddenSessions(
  { sessions, hidden }: Pick<Picture, "sessions" | "hidden">,
  role = "pgvigil",
): Blindness | undefined {
  if (hidden === 0) return undefined;
  return {
    cause: "privilege",
    reason: `${hidden} of ${count(sessions, "session")} belong to roles that ${role} may not look into`,
    cure: grantMonitor(role),
  };
}

export const grantMonitor = (role = "pgvigil"): string =>
  `GRANT pg_monitor TO ${/^[a-z_][a-z0-9_]*$/.test(role) ? role : quoteIdentifier(role)};`;

/** `41 sessions`, or how many of them could be looked into. */
export const sessionScope = ({ sessions, hidden }: Pick<Picture, "sessions" | "hidden">): string =>
  hidden === 0
    ? count(sessions, "session")
    : `${sessions - hidden} of ${count(sessions, "session")}`;

export const isIdleInTransaction = ({ state }: Pick<Backend, "state">): boolean =>
  state?.startsWith("idle in transaction") ?? false;

/** `It holds ACCESS EXCLUSIVE on public.invoices.`: the three strongest locks, or no sentence. */
export function sayHeld(held: readonly Held[]): readonly string[] {
  const shown = held.slice(0, 3).map(({ table, mode }) => `${sayMode(mode)} on ${table}`);
  if (shown.length === 0) return [];
  const more = held.length > shown.length ? " and more" : "";
  return [`It holds ${shown.join(", ")}${more}.`];
}

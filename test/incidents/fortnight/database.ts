import type { Server } from "../../../lib/core/server.ts";
import { chance, day, hour, isoAt, sunday, timeOfDay, weekdayOf } from "./time.ts";

/** One database of the fleet, and when its jobs run. Times are minutes after midnight. */
export interface Database {
  readonly name: string;
  readonly number: number;
  readonly server: Server;
  readonly etl: { readonly at: number; readonly for: number; readonly isOneTransaction: boolean };
  /** pg_dump. */
  readonly backup: { readonly at: number; readonly for: number };
  readonly isPartitioned: boolean;
  /** Statistics of indexes say when they were last used (16 and newer). */
  readonly tool: "Flyway" | "golang-migrate";
  readonly sessions: { readonly limit: number; readonly night: number; readonly day: number };
  readonly hasConsumer: boolean;
  /** Of a Tuesday: when the deployment is prepared. */
  readonly release: number;
}

const majors = [130_021, 140_018, 150_013, 160_009, 170_005, 180_004];

export function databaseOf(number: number): Database {
  const versionNum = majors[number % majors.length] ?? 180_004;
  const of = (what: string, from: number, to: number) =>
    Math.floor(from + chance(number, what) * (to - from));
  const name = `db-${String(number).padStart(2, "0")}`;
  const limit = 97 + 100 * (number % 3);
  return {
    name,
    number,
    server: {
      version: `${Math.floor(versionNum / 10_000)}.${versionNum % 10_000}`,
      ...{ versionNum, database: "shop", databaseOid: 16_384 + number, role: "pgvigil" },
      ...{ inRecovery: false, systemIdentifier: `73011223344556${1000 + number}`, timeline: 1 },
      startedAt: "2026-09-06T04:10:00.000000Z",
      ...{ now: isoAt(0), backendPid: 4711, isSuperuser: false, bypassesRls: false },
      ...{ readsAllStats: true, readsAllSettings: true, readsAllData: true },
      extensions: { pg_stat_statements: versionNum >= 170_000 ? "1.11" : "1.9" },
    },
    etl: { at: of("etl", hour, 3 * hour), for: 40, isOneTransaction: number % 4 !== 0 },
    backup: { at: of("backup", 3 * hour + 30, 4 * hour + 30), for: of("dump", 15, 150) },
    isPartitioned: number % 2 === 0,
    tool: number % 2 === 0 ? "Flyway" : "golang-migrate",
    sessions: { limit, night: Math.round(limit * 0.12), day: Math.round(limit * 0.66) },
    hasConsumer: number % 3 === 0,
    release: 9 * hour + 5 * (number % 40),
  };
}

interface Job {
  readonly at: number;
  readonly for: number;
}

/** Minutes that a nightly job has run so far; undefined while it does not. */
export function runningFor(job: Job, minute: number): number | undefined {
  const since = timeOfDay(minute) - job.at;
  return since >= 0 && since < job.for ? since : undefined;
}

/** Does any of its jobs run, or did a quarter of an hour ago? */
export function isAtWork(database: Database, minute: number): boolean {
  const jobs = [database.etl, database.backup];
  const ofSunday = weekdayOf(minute) === sunday ? [fullVacuum, reindex] : [];
  return [...jobs, ...ofSunday].some(
    (job) => runningFor({ at: job.at, for: job.for + 15 }, minute) !== undefined,
  );
}

/** How many nights it has ended so far, counted from the Monday. */
export const endedBy = ({ at, for: length }: Job, minute: number): number =>
  Math.floor((minute - at - length) / day) + 1;

/** Sunday's upkeep, in the window that the configuration has for it. */
export const fullVacuum: Job = { at: 4 * hour + 5, for: 15 };
export const reindex: Job = { at: 4 * hour + 25, for: 30 };

export const onSunday = (job: Job, minute: number): number | undefined =>
  weekdayOf(minute) === sunday ? runningFor(job, minute) : undefined;

/** Autovacuum against wraparound: three hours, of every sixth night. */
export const freezing = (database: Database, minute: number): number | undefined =>
  (Math.floor(minute / day) + database.number) % 6 === 0
    ? runningFor({ at: 22 * hour - 3 * hour, for: 3 * hour }, minute)
    : undefined;

/** Tuesday of the first week or, of every second database, of the second. */
export const preparedAt = ({ number, release }: Database): number =>
  day + release + (number % 2 === 0 ? 7 * day : 0);

/** Minutes since its deployment was prepared; below zero before. */
export const sinceRelease = (database: Database, minute: number): number =>
  minute - preparedAt(database);

/** No keys; the release makes one. */
export const indexesOf = (database: Database, minute: number) =>
  sinceRelease(database, minute) > 15
    ? (["orders_customer", "facts_day", "audit_week", "orders_day"] as const)
    : (["orders_customer", "facts_day", "audit_week"] as const);

import { exampleBackend } from "../../../lib/checks/reads/example-activity.ts";
import type { Backend, Contended, Picture } from "../../../lib/core/activity/picture.ts";
import {
  type Database,
  freezing,
  fullVacuum,
  onSunday,
  reindex,
  runningFor,
  sinceRelease,
} from "./database.ts";
import { chance, stampAt } from "./time.ts";

/** Of a fault: who is there besides. */
export type Visitor = (database: Database, minute: number) => Backend | undefined;

/** Transactions that the application makes in a minute. */
export const perMinute = (database: Database): number => 300 + 50 * (database.number % 7);

/** What pg_stat_activity shows at one moment: the application, and whoever works by night. */
export function pictureAt(database: Database, minute: number, visitor?: Visitor): Picture {
  const contended: Contended[] = [];
  const backends = [
    ...applicationAt(database, minute),
    ...etlAt(database, minute),
    ...backupAt(database, minute),
    ...upkeepAt(database, minute, contended),
    ...buildAt(database, minute, contended),
    ...[visitor?.(database, minute) ?? []],
  ].flat();
  return { sessions: 30 + backends.length, hidden: 0, backends, prepared: [], contended };
}

/** Short transactions, of which one is between two statements. */
function applicationAt(database: Database, minute: number): readonly Backend[] {
  const open = 1 + Math.floor(chance(database.number, minute, "open") * 4);
  return Array.from({ length: open }, (_, i) => {
    const age = 0.01 + chance(database.number, minute, i) * 1.5;
    const state = i === 0 ? "idle in transaction" : "active";
    return since(minute, age / 60, {
      ...{ pid: 1000 + i, role: "web", application: "shop", state },
      ...{ stateAge: age / 2, queryAge: age / 2, xidAge: 1, xid: String(9_000_000 + minute) },
      held: [{ table: "public.orders", mode: "RowExclusiveLock" }],
    });
  });
}

const since = (minute: number, minutes: number, more: Partial<Backend>): Backend =>
  exampleBackend({
    ...{ database: "shop", backendStart: stampAt(Math.floor(minute - minutes - 1)) },
    ...{ xactStart: stampAt(minute - minutes), stateChange: stampAt(minute - minutes) },
    ...{ xactAge: minutes * 60, queryAge: minutes * 60, stateAge: minutes * 60, blockedBy: [] },
    ...more,
  });

/** One transaction of forty minutes that empties and fills what it loads into. */
function etlAt(database: Database, minute: number): readonly Backend[] {
  const running = runningFor(database.etl, minute);
  if (running === undefined) return [];
  const { isOneTransaction } = database.etl;
  const minutes = isOneTransaction ? running + 0.1 : 0.05;
  // Statements of ten minutes, and between two of them it is idle for a moment.
  const statement = (running % 10) * 60 + 3;
  const isBetween = running % 10 === 0;
  return [
    since(minute, minutes, {
      ...{ pid: 2000, role: "etl", application: "airflow" },
      state: isBetween ? "idle in transaction" : "active",
      statement: "INSERT INTO staging.load SELECT $1",
      queryAge: Math.min(statement, minutes * 60),
      stateAge: Math.min(statement, minutes * 60),
      ...{ xid: "800000", xidAge: Math.round(perMinute(database) * minutes) },
      held: [
        ...(isOneTransaction ? [{ table: "staging.load", mode: "AccessExclusiveLock" }] : []),
        { table: "public.facts", mode: "RowExclusiveLock" },
      ],
    }),
  ];
}

/** pg_dump -j 2: a leader with the snapshot, and two that copy. */
function backupAt(database: Database, minute: number): readonly Backend[] {
  const running = runningFor(database.backup, minute);
  if (running === undefined) return [];
  const xminAge = Math.round(perMinute(database) * (running + 0.1));
  return [0, 1, 2].map((i) =>
    since(minute, running + 0.1, {
      ...{ pid: 3000 + i, role: "backup", application: "pg_dump", xid: null, xidAge: null },
      ...{ xmin: "700000", xminAge, state: i === 0 ? "idle in transaction" : "active" },
      statement: "COPY public.orders (id, customer, note) TO stdout;",
      held: [{ table: "public.orders", mode: "AccessShareLock" }],
    }),
  );
}

/** Sunday's VACUUM FULL, at which the application waits, and a REINDEX that nobody feels. */
function upkeepAt(database: Database, minute: number, contended: Contended[]): readonly Backend[] {
  const freeze = freezing(database, minute);
  const full = onSunday(fullVacuum, minute);
  const rebuild = onSunday(reindex, minute);
  const sessions: Backend[] = [];
  if (freeze !== undefined) {
    sessions.push(
      since(minute, freeze + 0.1, {
        ...{ pid: 4000, role: null, application: "", client: null, state: "active" },
        ...{ backendType: "autovacuum worker", xid: null, xidAge: null, xmin: "600000" },
        xminAge: Math.round(perMinute(database) * (freeze + 0.1)),
        statement: "autovacuum: VACUUM public.orders (to prevent wraparound)",
        held: [{ table: "public.orders", mode: "ShareUpdateExclusiveLock" }],
      }),
    );
  }
  if (full !== undefined) {
    sessions.push(
      since(minute, full + 0.1, {
        ...{ pid: 5000, role: "maintenance", application: "psql", state: "active" },
        ...{ statement: "VACUUM FULL public.audit", xidAge: 1 },
        held: [{ table: "public.audit", mode: "AccessExclusiveLock" }],
      }),
      since(minute, 0.5, {
        ...{ pid: 5001, role: "web", application: "shop", state: "active", blockedBy: [5000] },
        ...{ waitEvent: "Lock/relation", held: [] },
      }),
    );
    contended.push(...lock("relation", "public.audit", 5000, 5001, "AccessExclusiveLock", 30));
  }
  if (rebuild !== undefined)
    sessions.push(build(minute, rebuild, "REINDEX TABLE CONCURRENTLY public.orders"));
  return sessions;
}

const build = (minute: number, minutes: number, statement: string): Backend =>
  since(minute, minutes + 0.1, {
    ...{ pid: 6000, role: "deploy", application: "psql", state: "active", statement },
    ...{ xid: null, xidAge: null, xmin: "500000", xminAge: 10 },
    held: [{ table: "public.orders", mode: "ShareUpdateExclusiveLock" }],
  });

/** A release's index: it waits for whoever was there before it, as it should. */
function buildAt(database: Database, minute: number, contended: Contended[]): readonly Backend[] {
  const running = sinceRelease(database, minute) - indexBuild.from;
  if (!(running >= 0 && running < indexBuild.for)) return [];
  const builder = build(minute, running, "CREATE INDEX CONCURRENTLY orders_day ON orders (day)");
  if (running > 1) return [builder];
  contended.push(...lock("virtualxid", null, 1000, 6000, "ExclusiveLock", 1));
  return [{ ...builder, blockedBy: [1000] }];
}

/** Minutes after the deployment was prepared. */
export const indexBuild = { from: 2, for: 12 };

const lock = (
  type: string,
  table: string | null,
  holder: number,
  waiter: number,
  mode: string,
  waited: number,
): Contended[] =>
  [holder, waiter].map((pid) => ({
    ...{ tag: `${type} ${table}`, type, table, pid, gid: null, isGranted: pid === holder },
    mode: pid === holder ? mode : type === "virtualxid" ? "ShareLock" : "RowExclusiveLock",
    waited: pid === holder ? null : waited,
  }));

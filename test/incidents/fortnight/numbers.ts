import type { ConnectionLimit } from "../../../lib/checks/reads/connection-limits.ts";
import type { FreezeAge } from "../../../lib/checks/reads/freeze-ages.ts";
import type { IndexUseLook } from "../../../lib/checks/reads/index-use.ts";
import { keySetOf } from "../../../lib/checks/reads/key-set.ts";
import type { StatementLook } from "../../../lib/checks/reads/statement-counters.ts";
import type { TableGrowth } from "../../../lib/checks/reads/table-growth.ts";
import type { Vitals } from "../../../lib/core/vitals.ts";
import { perMinute } from "./activity.ts";
import { type Database, endedBy, freezing, indexesOf, sinceRelease } from "./database.ts";
import { chance, day, hour, isoAt, minuteOf, sunday, timeOfDay, weekdayOf } from "./time.ts";

/** Statistics were reset in August, and nobody did since. */
const countedSince = "2026-08-01T00:00:00.000Z";
const counted = (minute: number): number => minute - minuteOf(countedSince);

/** A share of the day's work: little by night, rising from seven, a plateau, falling from six. */
function bustle(minute: number): number {
  const time = timeOfDay(minute) / hour;
  const ofDay =
    time < 7 || time >= 20 ? 0 : time < 11 ? (time - 7) / 4 : time < 17 ? 1 : (20 - time) / 3;
  return weekdayOf(minute) < 5 ? ofDay : ofDay * 0.4;
}

export function limitsAt(database: Database, minute: number): readonly ConnectionLimit[] {
  const { limit, night, day: most } = database.sessions;
  // A pool fills and empties: a sawtooth upon the day's rise.
  const tooth = ((minute % 45) / 45) * 0.06 * limit * (0.3 + bustle(minute));
  const used = Math.round(night + (most - night) * bustle(minute) + tooth);
  const active = Math.round(used / 5);
  return [
    {
      ...{ kind: "server", identity: "server", name: null, limit, maxConnections: limit + 3 },
      ...{ superuserReserved: 3, reserved: 0, rdsReserved: 0, workers: 8, hidden: 0 },
      ...{ used, active, idle: used - active - 1, idleInTransaction: 1 },
      top: [{ role: "web", application: "shop", sessions: used }],
    },
  ];
}

/** Frozen by night, in turn. */
export function agesAt(database: Database, minute: number): readonly FreezeAge[] {
  const isFreezing = freezing(database, minute) !== undefined;
  const xidAge = 150_000_000 + ((minute * perMinute(database)) % 50_000_000) + (isFreezing ? 9 : 0);
  return [{ name: "shop", identity: "shop", isHere: true, xidAge, mxidAge: 3_000_000, tables: [] }];
}

export const vitalsAt = (database: Database, minute: number): Vitals => {
  const commits = Math.round(counted(minute) * perMinute(database));
  const share = 0.008 + 0.002 * chance(database.number, Math.floor(minute / hour));
  return {
    ...{ at: isoAt(minute), sessions: 30, waiting: 0, longestTransactionSeconds: 2 },
    ...{ deadRows: 50_000, liveRows: 9_000_000, sizeBytes: 4e9 + counted(minute) * 1000 },
    counters: {
      ...{
        commits,
        rollbacks:
          Math.round(counted(minute) * perMinute(database) * 0.008) + Math.round(share * 100),
      },
      deadlocks: Math.floor(counted(minute) / (3 * day)),
      ...{ tempBytes: commits * 10, blocksHit: commits * 50, blocksRead: commits },
    },
    countedSince,
  };
};

/** Calls a minute and milliseconds a call; what a release changes gets another query id. */
const statements = [
  ...[0.4, 1, 2.5, 4, 8, 12, 30, 55].map((ms, i) => ({
    name: `web ${i}`,
    perMinute: 40 - 4 * i,
    ms,
  })),
  { name: "report", perMinute: 0.5, ms: 900 },
] as const;
const etlBatches = { calls: 200, ms: 700 };

export function statementsAt(database: Database, minute: number): StatementLook {
  const at = isoAt(minute);
  const { version = "1.11" } = { version: database.server.extensions.pg_stat_statements };
  const says = (name: string, calls: number, ms: number, from: string | null) => ({
    ...{ key: `10/${name}`, queryid: name, role: "web", isTopLevel: true, calls, ms },
    ...{ maxMs: 20_000, since: version === "1.11" ? (from ?? countedSince) : null },
    ...{ text: `SELECT ${name}`, print: name.replace(" of the release", "") },
  });
  const since = sinceRelease(database, minute);
  const all = statements.flatMap((one, i) => {
    const calls = Math.floor(counted(minute) * one.perMinute);
    // A cache that is colder by night: a fifth slower then, a fifth quicker by day.
    const turn = (2 * Math.PI * minute) / day;
    const swing = ((0.2 * day) / (2 * Math.PI)) * (1 - Math.cos(turn)) * one.perMinute;
    const ms = (calls + swing) * one.ms;
    if (i % 3 !== 0 || since < 0) return [says(one.name, calls, ms, null)];
    const fresh = Math.floor(since * one.perMinute);
    const began = isoAt(minute - since);
    return [says(`${one.name} of the release`, fresh, fresh * one.ms * 1.1, began)];
  });
  const nights = endedBy(database.etl, minute) + 93;
  const etl = says(
    "etl",
    nights * etlBatches.calls,
    nights * etlBatches.calls * etlBatches.ms,
    null,
  );
  const own = [...all, etl];
  return {
    ...{ state: "counted", version, schema: "public", at, seen: own.length, hidden: 0 },
    ...{ resetAt: countedSince, evicted: 0, statements: own },
    known: keySetOf(own.map(({ key }) => key)),
  };
}

/** An index that Sunday's job alone scans rests; one of the ETL's is scanned by night. */
export function indexUseAt(database: Database, minute: number): IndexUseLook {
  const at = isoAt(minute);
  const sundays = Math.floor((minute - sunday * day - 4 * hour) / (7 * day)) + 14;
  const lastSunday = sunday * day + 4 * hour + (sundays - 14) * 7 * day;
  const nights = endedBy(database.etl, minute);
  const uses = {
    orders_customer: [counted(minute) * 40, minute - 1],
    facts_day: [(nights + 93) * 400, (nights - 1) * day + database.etl.at + 30],
    audit_week: [sundays * 300, lastSunday],
    orders_day: [counted(minute) * 2, minute - 2],
  } as const;
  const indexes = indexesOf(database, minute).map((name, i) => {
    const [scans, last] = uses[name] ?? [0, 0];
    return {
      ...{ oid: 17_000 + i, schema: "public", name, table: "orders", identity: `public.${name}` },
      ...{ sqlTable: "public.orders", isPartitioned: false, servesForeignKey: false },
      ...{ scans: Math.floor(scans), reads: Math.floor(counted(minute) * 90), bytes: 4e7 },
      last: database.server.versionNum >= 160_000 ? isoAt(Math.floor(last)) : null,
      ...{ at, countedSince },
    };
  });
  return {
    total: indexes.length,
    indexes,
    known: keySetOf(indexes.map(({ identity }) => identity)),
  };
}

/** What is loaded by night, and what comes by day. */
export function growthAt(database: Database, minute: number): readonly TableGrowth[] {
  const nights = endedBy(database.etl, minute) + 93;
  const of = (name: string, oid: number, inserted: number, deleted = 0) => ({
    ...{ schema: "public", name, identity: `public.${name}`, oid, bytes: 6e9 + inserted * 200 },
    ...{ width: 200, inserted: Math.round(inserted), deleted: Math.round(deleted), tables: 20 },
    ...{ at: isoAt(minute), countedSince },
  });
  return [
    of("orders", 16_400, counted(minute) * 120),
    of("facts", 16_401, nights * 8_000_000),
    of("load", 16_402, nights * 8_000_000),
    of("queue", 16_403, counted(minute) * 900, counted(minute) * 900 - 40),
  ];
}
export { counted, countedSince };

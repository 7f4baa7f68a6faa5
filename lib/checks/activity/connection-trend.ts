import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft } from "../../core/finding.ts";
import { firstLook, pastsOf, secondsBetween } from "../../core/past.ts";
import { countingServerSchema } from "../../core/server.ts";
import { count, duration, sayDuration, sayTime, share } from "../../core/units.ts";
import { type ConnectionLimit, connectionLimits } from "../reads/connection-limits.ts";
import { connectionTrendExamples } from "./connection-trend/examples.ts";
import { type Line, risingLine } from "./connection-trend/line.ts";

const group = z.object({ name: z.string(), sessions: z.int() });

const remembered = z.object({
  server: countingServerSchema,
  /** Time and connections, oldest first: at most 60, of the last day. */
  points: z.array(z.tuple([z.string(), z.int()])),
  /** Who had most of them at the oldest. */
  top: z.array(group),
  topAt: z.string(),
});
type Remembered = z.infer<typeof remembered>;

const options = z.object({
  within: duration.prefault("4h").describe("It would reach the limit in so long"),
  from: share.prefault("50%").describe("Below this share of the limit nothing is told"),
  alone: share
    .prefault("75%")
    .describe("The same while a day before is not known: each morning they rise"),
  span: duration.prefault("1h").describe("It has risen for at least so long"),
});

const mostPoints = 60;
const longest = 24 * 3600;
/** Looked at in turn: a leak of this hour, of this morning, since yesterday. */
const spans = [2 * 3600, 6 * 3600, longest];

export const activityConnectionTrend = defineCheck({
  id: "activity/connection-trend",
  title: "Connections do not rise towards their limit",
  failureTitle: "Connections rise, and reach their limit soon",
  why: "A pool that leaks is seen hours before the server is full, and every new session is refused.",
  source:
    "https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS",
  options,
  profiles: ["watch"],
  needs: { store: true, privilege: "pg_monitor" },
  live: true,
  counters: true,
  reads: { limits: connectionLimits },

  judge({ limits }, options, context) {
    const { server, now } = context;
    const limit = limits.find(({ kind }) => kind === "server");
    if (limit === undefined || server === undefined) return { scope: "no answer", findings: [] };
    const { last, isAnother } = pastsOf(remembered, context, "counters");
    const at = now.toISOString();
    const points = thinned(
      [...(last?.memory.points ?? []), [at, limit.used] as [string, number]].filter(
        ([then]) => secondsBetween(then, at) <= longest,
      ),
    );
    const isAnew = last === undefined || secondsBetween(last.memory.topAt, at) > longest;
    const who = isAnew ? { top: groupsOf(limit), topAt: at } : last.memory;
    const memory: Remembered = {
      server: countingServerSchema.parse(server),
      points,
      top: who.top,
      topAt: who.topAt,
    };
    const scope = `${limit.used} of ${limit.limit} connections, ${count(points.length, "look")}`;
    if (last === undefined) return { ...firstLook(scope, { isAnother }), memory };
    const [first] = points;
    const span = first === undefined ? 0 : secondsBetween(first[0], at);
    if (span < options.span || points.length < fewest) {
      const reason = `too early to say: told after ${sayDuration(options.span)} and ${fewest} looks`;
      return { scope, findings: [], blind: { cause: "not-applicable", reason }, memory };
    }
    const lines = spans.flatMap((seconds) => lineWithin(points, at, seconds, options.span));
    const [line] = lines.toSorted((a, b) => b.perSecond - a.perSecond);
    const left = line === undefined ? Number.POSITIVE_INFINITY : timeLeft(line, limit);
    const isFull = limit.used >= limit.limit * options.from && !isDaily(points, limit, at, options);
    return {
      scope,
      findings:
        line !== undefined && isFull && left <= options.within
          ? [rising(limit, line, left, memory)]
          : [],
      ...(line !== undefined && isFull && left > options.within && left <= options.within * 2
        ? { still: [object] }
        : {}),
      memory,
    };
  },

  examples: connectionTrendExamples,
});

/** Fewer say nothing of a line. */
const fewest = 6;

const object = { kind: "server", identity: "server" };

/** At most 60: of the older ones every second, the newest as they are. */
function thinned(points: readonly [string, number][]): [string, number][] {
  if (points.length <= mostPoints) return [...points];
  const half = points.length / 2;
  return points.filter((_, index) => index >= half || index % 2 === 0);
}

function lineWithin(
  points: readonly [string, number][],
  now: string,
  seconds: number,
  least: number,
): readonly Line[] {
  const within = points.filter(([at]) => secondsBetween(at, now) <= seconds);
  const [first] = within;
  if (first === undefined || within.length < fewest) return [];
  if (secondsBetween(first[0], now) < least) return [];
  const line = risingLine(within.map(([at, used]) => [Date.parse(at) / 1000, used]));
  return line === undefined ? [] : [line];
}

/**
 * Is this what each day brings? Connections rise while people come to work, and reach what they
 * reached the day before; a leak goes on from there. Who knows no day before waits longer.
 */
function isDaily(
  points: readonly [string, number][],
  { used, limit }: ConnectionLimit,
  now: string,
  { alone }: z.output<typeof options>,
): boolean {
  const ageOf = ([at]: readonly [string, number]) => secondsBetween(at, now);
  if (Math.max(0, ...points.map(ageOf)) < almostADay) return used < limit * alone;
  const dayBefore = points.filter((point) => ageOf(point) > longest / 2);
  return used <= Math.max(...dayBefore.map(([, then]) => then)) * 1.1;
}

/** Looks are up to two hours apart. */
const almostADay = 20 * 3600;

const timeLeft = ({ perSecond }: Line, { limit, used }: ConnectionLimit): number =>
  Math.max(0, limit - used) / perSecond;

const groupsOf = ({ top }: ConnectionLimit) =>
  top.map(({ role, application, sessions }) => ({
    name: `${role ?? "a role that is not shown"} (${application || "no application name"})`,
    sessions,
  }));

function rising(
  limit: ConnectionLimit,
  { perSecond }: Line,
  left: number,
  { points, top, topAt }: Remembered,
): FindingDraft {
  const [first] = points;
  const before = new Map(top.map(({ name, sessions }) => [name, sessions]));
  const grown = groupsOf(limit)
    .map(({ name, sessions }) => ({ name, sessions, more: sessions - (before.get(name) ?? 0) }))
    .filter(({ more }) => more > 0)
    .toSorted((a, b) => b.more - a.more);
  return {
    object,
    severity: "warning",
    summary: `Connections rise by ${Math.round(perSecond * 36_000) / 10} an hour: ${limit.used} of ${limit.limit} now, all of them in ${sayDuration(left)}`,
    detail: [
      ...(first === undefined ? [] : [`They were ${first[1]} at ${sayTime(first[0])}.`]),
      ...(grown.length === 0
        ? []
        : [
            `More than at ${sayTime(topAt)}: ${grown.map(({ name, sessions, more }) => `${name} has ${sessions}, ${more} more`).join("; ")}.`,
          ]),
      "At the limit every new session is refused.",
    ],
    evidence: {
      ...{ used: limit.used, limit: limit.limit, idle: limit.idle, active: limit.active },
      perHour: Math.round(perSecond * 36_000) / 10,
      secondsLeft: Math.round(left),
      grown,
    },
    remedy: {
      summary:
        "A pool that opens and never closes, or one more copy of an application? See who holds idle sessions, and since when:",
      sql: `SELECT usename, application_name, client_addr, pg_catalog.count(*) AS sessions,
       pg_catalog.min(backend_start) AS oldest, pg_catalog.max(backend_start) AS newest
  FROM pg_catalog.pg_stat_activity
 WHERE backend_type = 'client backend' AND state = 'idle'
 GROUP BY usename, application_name, client_addr
 ORDER BY sessions DESC;`,
    },
    measure: { value: limit.used / limit.limit, unit: "share", of: "connections" },
  };
}

import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft } from "../../core/finding.ts";
import { firstLook, pastsOf, secondsBetween } from "../../core/past.ts";
import { countingServerSchema } from "../../core/server.ts";
import { quoteLiteral } from "../../core/sql.ts";
import { count, duration, sayDuration, saySize, sayTime, size } from "../../core/units.ts";
import { type TableGrowth, tableGrowth } from "../reads/table-growth.ts";
import { growthExamples } from "./growth/examples.ts";

const options = z.object({
  least: size.prefault("1GB").describe("Less than this within `over` is nothing to tell"),
  times: z
    .number()
    .min(1)
    .default(5)
    .describe(
      "And it is what comes in so many usual days (or half of the table, if none is known)",
    ),
  over: duration.prefault("1h").describe("Looks back at least so far, at most twice as far"),
});
type Options = z.output<typeof options>;

/** Rows that there are more than when the counters began, by identity. */
const point = z.object({
  at: z.string(),
  countedSince: z.string().nullable(),
  tables: z.record(z.string(), z.object({ oid: z.int(), inserted: z.number(), net: z.number() })),
});
type Point = z.infer<typeof point>;

const remembered = z.object({
  server: countingServerSchema,
  newest: point,
  /** What is looked back at. */
  older: point.nullable(),
  /** Bytes that came in a day, before anybody looked. */
  usual: z.record(z.string(), z.number()),
});

export const capacityGrowth = defineCheck({
  id: "capacity/growth",
  title: "No table grows much faster than before",
  failureTitle: "Table that grows much faster than before",
  why: "A job that runs wild, or a retention that stopped, fills the disk in hours; then nobody can write.",
  source:
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW (n_tup_ins)",
  options,
  profiles: ["watch"],
  needs: { on: "primary", store: true },
  counters: true,
  expectedInDeployment: true,
  reads: { tables: tableGrowth },

  judge({ tables }, options, context) {
    const { server } = context;
    const [any] = tables;
    if (any === undefined || server === undefined) return { scope: "no table", findings: [] };
    const now = pointOf(tables, any);
    const { before, last, isAnother } = pastsOf(remembered, context, "counters");
    const usual = before?.isBaseline ? before.memory.usual : usualOf(tables);
    const own = { server: countingServerSchema.parse(server), usual };
    const scope = count(any.tables, "table");
    const isReset = last !== undefined && last.memory.newest.countedSince !== any.countedSince;
    if (last === undefined || isReset) {
      const why = isReset ? `${scope}; the statistics were reset` : scope;
      return { ...firstLook(why, { isAnother }), memory: { ...own, newest: now, older: null } };
    }
    const { newest, older } = last.memory;
    const isDue = secondsBetween(newest.at, any.at) >= options.over;
    const from = isDue ? newest : older;
    const memory = isDue ? { ...own, newest: now, older: newest } : { ...own, newest, older };
    if (from === null) {
      const reason = `too early to say: told ${sayDuration(options.over)} after the first look`;
      return { scope, findings: [], blind: { cause: "not-applicable", reason }, memory };
    }
    const seconds = secondsBetween(from.at, any.at);
    return {
      scope: `${scope}, since ${sayTime(from.at)}`,
      findings: tables.flatMap((table): FindingDraft[] => {
        const grown = grownBy(table, from);
        if (grown === undefined || !isMuch(grown, table, usual[table.identity], options)) return [];
        return [found(table, grown, seconds, usual[table.identity])];
      }),
      still: tables
        .filter((table) => {
          const grown = grownBy(table, from) ?? 0;
          const half = { ...options, least: options.least / 2, times: options.times / 2 };
          const perDay = usual[table.identity];
          return isMuch(grown, table, perDay, half) && !isMuch(grown, table, perDay, options);
        })
        .map(objectOf),
      series: Object.fromEntries(
        tables.slice(0, 5).map(({ identity, bytes }) => [`bytes of ${identity}`, bytes]),
      ),
      memory,
    };
  },

  examples: growthExamples,
});

const objectOf = ({ schema, name, identity }: TableGrowth) => ({
  kind: "table",
  schema,
  name,
  identity,
});

const pointOf = (
  tables: readonly TableGrowth[],
  { at, countedSince }: Pick<TableGrowth, "at" | "countedSince">,
): Point => ({
  at,
  countedSince,
  tables: Object.fromEntries(
    tables.map(({ identity, oid, inserted, deleted }) => [
      identity,
      { oid, inserted, net: inserted - deleted },
    ]),
  ),
});

const day = 86_400;

/** Where the server says since when it counts, and that is a day at least. */
const usualOf = (tables: readonly TableGrowth[]): Record<string, number> =>
  Object.fromEntries(
    tables.flatMap(({ identity, inserted, deleted, width, at, countedSince }) => {
      const seconds = countedSince === null ? 0 : secondsBetween(countedSince, at);
      if (seconds < day || width === null) return [];
      return [[identity, (Math.max(0, inserted - deleted) * width * day) / seconds] as const];
    }),
  );

/** Bytes of the rows that came and did not go. A table made anew begins at nothing. */
function grownBy(table: TableGrowth, from: Point): number | undefined {
  const { width, inserted, deleted, oid } = table;
  const then = from.tables[table.identity];
  if (then === undefined || width === null) return undefined;
  const goesOn = then.oid === oid && inserted >= then.inserted;
  return (inserted - deleted - (goesOn ? then.net : 0)) * width;
}

/** A night's load is part of a usual day; a table of which nothing is known is held against itself. */
function isMuch(
  grown: number,
  { bytes }: TableGrowth,
  usualPerDay: number | undefined,
  { least, times }: Options,
): boolean {
  if (grown < least) return false;
  return usualPerDay === undefined ? grown >= bytes / 2 : grown >= usualPerDay * times;
}

function found(
  table: TableGrowth,
  grown: number,
  seconds: number,
  usual: number | undefined,
): FindingDraft {
  const { identity, bytes } = table;
  const perDay = (grown / seconds) * day;
  return {
    object: objectOf(table),
    severity: "warning",
    summary: `${identity} grew by about ${saySize(grown)} in ${sayDuration(seconds)}`,
    detail: [
      usual === undefined
        ? "How fast it grew before is not known: the server does not say since when it counts."
        : `Before, it grew by ${saySize(usual)} a day.`,
      `At this pace it grows by ${saySize(perDay)} a day; at the last VACUUM or ANALYZE it took ${saySize(bytes)}.`,
    ],
    evidence: {
      ...{ grownBytes: Math.round(grown), seconds: Math.round(seconds), bytes },
      usualBytesPerDay: usual === undefined ? null : Math.round(usual),
    },
    remedy: {
      summary: "See what writes to it, and whether what used to delete old rows still runs.",
      sql: writers(identity),
    },
    measure: { value: Math.round(grown), unit: "bytes", of: "grown" },
  };
}

/** How much came and went, a line a partition, and who is at it now. */
const writers = (identity: string): string => {
  const table = `${quoteLiteral(identity).trim()}::regclass`;
  return [
    "SELECT relid::regclass, n_tup_ins, n_tup_del, last_autovacuum",
    "  FROM pg_catalog.pg_stat_user_tables",
    ` WHERE relid = ${table} OR relid IN (SELECT relid FROM pg_catalog.pg_partition_tree(${table}))`,
    " ORDER BY n_tup_ins DESC LIMIT 10;",
    "SELECT a.pid, a.usename, a.application_name, a.xact_start, a.query",
    "  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)",
    ` WHERE l.relation = ${table} AND l.mode = 'RowExclusiveLock';`,
  ].join("\n");
};

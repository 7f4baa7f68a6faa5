import * as z from "zod";
import { DatabaseError, type ErrorClass } from "../core/errors.ts";
import { callAmong, plannerCalls } from "../core/planner-calls.ts";
import { procedure, type ReadContext, type ResultOf } from "../core/read.ts";
import { rowsAs } from "../core/typed.ts";
import { trackers } from "./index.ts";
import { tablesOf } from "./recognise.ts";
import { stateOf } from "./state-sql.ts";
import { trackerTables } from "./tables.ts";
import { migrationSchema, type Tracker, type TrackerTable, trackerTableSchema } from "./tracker.ts";

/** Who holds the tool's advisory lock; what it is called where this role may know. */
const holderSchema = z.object({
  pid: z.int(),
  role: z.string().nullable(),
  application: z.string().nullable(),
});

const stateSchema = z.object({
  rows: z.int(),
  applied: z.int(),
  /** The newest version where only one is kept. */
  version: z.string().nullable(),
  /** Oldest first. */
  unresolved: z.array(migrationSchema),
  holders: z.array(holderSchema),
  /** Of all that are applied, whatever their order. */
  digest: z.string().nullable().default(null),
  /** The last that were applied, newest first; null where none is. */
  newest: z
    .array(z.object({ version: z.string(), since: z.string().nullable() }))
    .nullable()
    .default(null),
});
const rowSchema = stateSchema.extend({ tracker: z.int() });

const obstacles = [
  "privilege",
  "row-security",
  "untrusted",
  "foreign-table",
  "locked",
  "slow",
  "failed",
] as const;

const readSchema = z.array(
  z.object({
    table: trackerTableSchema,
    state: stateSchema.optional(),
    obstacle: z.enum(obstacles).optional(),
    why: z.string().optional(),
  }),
);
export type TrackerRead = z.infer<typeof readSchema>[number];

interface Known {
  readonly tracker: Tracker;
  readonly table: TrackerTable;
}

/** What every tracker of the database says: one statement finds them, one reads them all. */
export const trackerStates = procedure({
  id: "tracker-states",
  result: readSchema,
  run: readTrackers,
});

/** The same, asked anew: a migration may run while a snapshot is taken. */
export async function readTrackers(context: ReadContext): Promise<TrackerRead[]> {
  const known = tablesOf(trackers, await context.read(trackerTables));
  if (known.length === 0) return [];
  const calls = await context.read(plannerCalls);
  const barred = known.flatMap((each) => barredBy(each, calls) ?? []);
  const open = known.filter((each) => barredBy(each, calls) === undefined);
  const first = await readAll(context, open);
  const reads = first.some(looksDead) ? await readAll(context, open) : first;
  return [...barred, ...reads.filter(isTheTools)].toSorted((a, b) =>
    a.table.sqlTable < b.table.sqlTable ? -1 : 1,
  );
}

/** A run may have ended between our look at the rows and our look at its lock: then look again. */
const looksDead = ({ state }: TrackerRead): boolean =>
  state !== undefined && state.unresolved.length > 0 && state.holders.length === 0;

const isTheTools = ({ table, state }: TrackerRead): boolean => {
  const { mostRows } = trackers.find(({ tool }) => tool === table.tool) ?? {};
  return mostRows === undefined || state === undefined || state.rows <= mostRows;
};

function barredBy({ table }: Known, calls: ResultOf<typeof plannerCalls>): TrackerRead | undefined {
  const call = callAmong(calls, table.relations);
  if (call !== undefined) return { table, obstacle: "untrusted", why: call };
  if (table.hasForeignTable) return { table, obstacle: "foreign-table" };
  if (table.lacksUsage || table.lacks.length > 0) return { table, obstacle: "privilege" };
  if (table.hidesRows) return { table, obstacle: "row-security" };
  if (table.isLocked) return { table, obstacle: "locked" };
  return undefined;
}

/** All at once; one at a time where that failed, so that one locked tracker hides no other. */
async function readAll(
  context: ReadContext,
  known: readonly Known[],
): Promise<readonly TrackerRead[]> {
  if (known.length === 0) return [];
  const { session, server } = context;
  try {
    const sql = stateOf(known, server.database);
    const rows = await session.rows({ id: "tracker-states", sql, timeout: 0.25 });
    return rowsAs(rowSchema, rows, "tracker-states").flatMap(({ tracker, ...state }) => {
      const table = known[tracker]?.table;
      return table === undefined ? [] : [{ table, state }];
    });
  } catch (error) {
    const [only, ...others] = known;
    if (others.length > 0) {
      const reads: TrackerRead[] = [];
      for (const each of known) reads.push(...(await readAll(context, [each])));
      return reads;
    }
    if (only === undefined || !(error instanceof DatabaseError)) throw error;
    const obstacle = obstacleByClass[error.errorClass];
    if (obstacle === undefined) throw error;
    return [
      { table: only.table, obstacle, ...(obstacle === "failed" ? { why: error.message } : {}) },
    ];
  }
}

const obstacleByClass: Partial<Record<ErrorClass, (typeof obstacles)[number]>> = {
  lock: "locked",
  conflict: "locked",
  timeout: "slow",
  privilege: "privilege",
  "changed-underneath": "failed",
  "unexpected-answer": "failed",
  other: "failed",
};

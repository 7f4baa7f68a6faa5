import * as z from "zod";
import { DatabaseError, type ErrorClass } from "../core/errors.ts";
import { callAmong, plannerCalls } from "../core/planner-calls.ts";
import { procedure, type ReadContext } from "../core/read.ts";
import { rowsAs } from "../core/typed.ts";
import { countOf, type Tally, tallySchema } from "./count.ts";
import {
  type ForeignKey,
  foreignKeySchema,
  isSuspect,
  missingGrantSchema,
  missingGrants,
  pagesOf,
} from "./foreign-key.ts";
import { foreignKeys } from "./foreign-keys.ts";
import { lockedTables } from "./locks.ts";
import { type Obstacle, obstacleSchema, obstacleTo } from "./obstacle.ts";
import { Queue } from "./queue.ts";

const scanSchema = z.object({
  total: z.int(),
  counted: z.int(),
  broken: z.array(foreignKeySchema.extend({ orphans: z.number(), partlyNull: z.number() })),
  unseen: z.array(
    z.object({
      identity: z.string(),
      obstacle: obstacleSchema,
      /** What the server said, or which operator. */
      why: z.string().optional(),
      missing: z.array(missingGrantSchema),
    }),
  ),
});
export type OrphanScan = z.infer<typeof scanSchema>;
type Unseen = OrphanScan["unseen"][number];

/** `budget` in seconds, `largest` in bytes: the check's own options. */
const limitsSchema = z.object({ budget: z.number(), largest: z.number() });

/**
 * Seconds a count may take. The law is 250 ms; the rest is for what a busy server adds until the
 * cancelled transaction has let go of its locks (an application waited 320 ms behind 250).
 */
const timeout = 0.2;

/**
 * Counts the orphans of every foreign key that can be counted in a moment. Each statement is a
 * transaction of its own, so that an ALTER TABLE which arrives meanwhile, and the application
 * behind it, wait no longer than it may take.
 */
export const orphanScan = procedure({
  id: "foreign-key-orphans",
  result: scanSchema,
  async run(context) {
    const { budget, largest } = limitsSchema.parse(context.options);
    const keys = await context.read(foreignKeys);
    const first = await countAll(context, keys, largest, context.remaining() - budget * 1000);
    const changed = new Set(first.unseen.flatMap((u) => (u.obstacle === "changed" ? u.oid : [])));
    const { counts, unseen } =
      changed.size === 0 ? first : await again(context, first, changed, largest);
    return {
      total: counts.length + unseen.length,
      counted: counts.length,
      broken: counts.filter(({ orphans, partlyNull }) => orphans + partlyNull > 0),
      unseen: unseen.map(({ oid: _, ...rest }) => rest),
    };
  },
});

interface Progress {
  readonly counts: (ForeignKey & Tally)[];
  readonly unseen: (Unseen & { readonly oid: number })[];
}

/** What was dropped or altered under our hands is looked up anew: dropped is no longer a question. */
async function again(
  context: ReadContext,
  { counts, unseen }: Progress,
  changed: ReadonlySet<number>,
  largest: number,
): Promise<Progress> {
  const { session, server } = context;
  const sql = typeof foreignKeys.sql === "string" ? foreignKeys.sql : foreignKeys.sql(server);
  const rows = await session.rows({ id: foreignKeys.id, sql });
  const keys = rowsAs(foreignKeys.row, rows, foreignKeys.id).filter(({ oid }) => changed.has(oid));
  const second = await countAll(context, keys, largest, 0);
  return {
    counts: [...counts, ...second.counts],
    unseen: [...unseen.filter(({ oid }) => !changed.has(oid)), ...second.unseen],
  };
}

/** @param end what is left of the target's time, in ms, when this must be over */
async function countAll(
  context: ReadContext,
  keys: readonly ForeignKey[],
  largest: number,
  end: number,
): Promise<Progress> {
  const { session, server } = context;
  const progress: Progress = { counts: [], unseen: [] };
  const skip = (key: ForeignKey, obstacle: Obstacle, said?: string) => {
    const why = said ?? key.untrusted ?? undefined;
    const { oid, identity } = key;
    const missing = missingGrants(key);
    progress.unseen.push({
      oid,
      identity,
      obstacle,
      missing,
      ...(why === undefined ? {} : { why }),
    });
  };
  const countable: ForeignKey[] = [];
  const calls = await context.read(plannerCalls);
  for (const key of keys) {
    const call = callAmong(calls, relationsOf(key));
    const obstacle = obstacleTo(key, server, largest, call);
    if (obstacle === undefined) countable.push(key);
    else skip(key, obstacle, call);
  }
  const queue = new Queue(countable.toSorted(worstFirst));
  const locks = lockWatch(context);
  for (let batch = queue.take(); batch.length > 0; batch = queue.take()) {
    if (context.remaining() <= Math.max(end, 0)) {
      for (const key of [...batch, ...queue.rest()]) skip(key, "out-of-time");
      break;
    }
    const locked = await locks.now();
    const free = batch.filter((key) => !relationsOf(key).some((oid) => locked.has(oid)));
    for (const key of batch) if (!free.includes(key)) skip(key, "locked");
    if (free.length === 0) continue;
    const before = context.remaining();
    try {
      const rows = await session.rows({ id: "orphan-count", sql: countOf(free), timeout });
      const tallies = new Map(rowsAs(tallySchema, rows, "orphan-count").map((t) => [t.oid, t]));
      for (const key of free) {
        const tally = tallies.get(key.oid);
        if (tally === undefined) skip(key, "failed", "the count did not come back");
        else progress.counts.push({ ...key, ...tally });
      }
      queue.took(before - context.remaining());
    } catch (error) {
      locks.forget();
      if (free.length > 1 && isAboutTables(error)) queue.split(free);
      else for (const key of free) skip(key, ...obstacleOf(error, context));
    }
  }
  return progress;
}

const relationsOf = ({ child, parent }: ForeignKey) => [...child.relations, ...parent.relations];

const worstFirst = (a: ForeignKey, b: ForeignKey): number =>
  Number(isSuspect(b)) - Number(isSuspect(a)) || pagesOf(a) - pagesOf(b);

/** Which tables are locked, as of at most a second ago. */
function lockWatch({ session, remaining }: ReadContext) {
  let seen: { readonly at: number; readonly oids: ReadonlySet<number> } | undefined;
  return {
    forget: () => {
      seen = undefined;
    },
    async now(): Promise<ReadonlySet<number>> {
      if (seen !== undefined && seen.at - remaining() < 1000) return seen.oids;
      const rows = await session.rows({ id: lockedTables.id, sql: String(lockedTables.sql) });
      const oids = new Set(rowsAs(lockedTables.row, rows, lockedTables.id).map(({ oid }) => oid));
      seen = { at: remaining(), oids };
      return oids;
    },
  };
}

const obstacleByClass: Partial<Record<ErrorClass, Obstacle>> = {
  lock: "locked",
  conflict: "locked",
  timeout: "slow",
  privilege: "privilege",
  "changed-underneath": "changed",
  "unexpected-answer": "failed",
  other: "failed",
};

const isAboutTables = (error: unknown): boolean =>
  error instanceof DatabaseError && obstacleByClass[error.errorClass] !== undefined;

/** @throws the error itself where the server is gone: that is no affair of one constraint */
function obstacleOf(error: unknown, { remaining }: ReadContext): [Obstacle, string?] {
  if (remaining() <= 0) return ["out-of-time"];
  if (!(error instanceof DatabaseError)) throw error;
  const obstacle = obstacleByClass[error.errorClass];
  if (obstacle === undefined) throw error;
  return obstacle === "failed" ? [obstacle, error.message] : [obstacle];
}

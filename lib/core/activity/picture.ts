import * as z from "zod";
import { withoutLiterals } from "../statement-text.ts";

/** The strongest lock that somebody holds on a table, as PostgreSQL names it: `ShareLock`. */
const heldSchema = z.object({ table: z.string(), mode: z.string() });
export type Held = z.infer<typeof heldSchema>;

/** Times are text with microseconds in UTC, as a guarded terminate compares them. */
const time = z.string().nullable();
const seconds = z.number().nullable();

/**
 * A session as pg_stat_activity shows it. Of another role's, a role without pg_read_all_stats sees
 * pid, database, role and application alone: `isVisible` is false, and the rest is null.
 */
const backendSchema = z.object({
  pid: z.int(),
  isVisible: z.boolean(),
  /** In the database that was asked. Others are here where they block one of it. */
  isHere: z.boolean(),
  /** pgvigil itself: a session of our role that calls itself so. */
  isOurs: z.boolean(),
  database: z.string().nullable(),
  role: z.string().nullable(),
  application: z.string(),
  client: z.string().nullable(),
  backendType: z.string().nullable(),
  /** The session that a parallel worker works for. */
  leader: z.int().nullable(),
  state: z.string().nullable(),
  waitEvent: z.string().nullable(),
  statement: z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : withoutLiterals(text))),
  backendStart: time,
  /** Null too where the transaction has failed and waits for its ROLLBACK. */
  xactStart: time,
  stateChange: time,
  xactAge: seconds,
  queryAge: seconds,
  stateAge: seconds,
  /** Transactions since its snapshot, and since its own number was given out. */
  xmin: z.string().nullable(),
  xminAge: z.int().nullable(),
  xid: z.string().nullable(),
  xidAge: z.int().nullable(),
  /** Lock waits: whom pg_blocking_pids() names. 0 is a prepared transaction. Else empty. */
  blockedBy: z.array(z.int()),
  /** At most ten, the strongest first. */
  held: z.array(heldSchema),
});
export type Backend = z.infer<typeof backendSchema>;

/** A transaction that waits for COMMIT PREPARED or ROLLBACK PREPARED, in this database. */
const preparedSchema = z.object({
  gid: z.string(),
  owner: z.string(),
  preparedAt: z.string(),
  age: z.number(),
  xid: z.string(),
  xidAge: z.int(),
  held: z.array(heldSchema),
});
export type Prepared = z.infer<typeof preparedSchema>;

/** One lock, held or asked for, on something that somebody waits for. */
const contendedSchema = z.object({
  /** What is locked; equal for all locks on the same thing. */
  tag: z.string(),
  /** As pg_locks has it: relation, tuple, transactionid, virtualxid, advisory, … */
  type: z.string(),
  /** The table (of an index: its table), where the lock or the row is one of this database. */
  table: z.string().nullable(),
  /** 0 for a prepared transaction. */
  pid: z.int(),
  gid: z.string().nullable(),
  mode: z.string(),
  isGranted: z.boolean(),
  /** Seconds since the wait began, where the server tells (14+). */
  waited: seconds,
});
export type Contended = z.infer<typeof contendedSchema>;

/** Sessions, prepared transactions and locks at one moment, seen from one database. */
export const pictureSchema = z.object({
  /** Client sessions of this database, and how many of them this role cannot look into. */
  sessions: z.int(),
  hidden: z.int(),
  /** In a transaction, waiting, or waited for. */
  backends: z.array(backendSchema),
  prepared: z.array(preparedSchema),
  contended: z.array(contendedSchema),
});
export type Picture = z.infer<typeof pictureSchema>;

export const emptyPicture: Picture = {
  sessions: 0,
  hidden: 0,
  backends: [],
  prepared: [],
  contended: [],
};

import * as z from "zod";

/** What PostgreSQL counts since its statistics were reset: a rate is the difference of two looks. */
const countersSchema = z.object({
  commits: z.number(),
  rollbacks: z.number(),
  deadlocks: z.number(),
  tempBytes: z.number(),
  blocksHit: z.number(),
  blocksRead: z.number(),
});
export type Counters = z.infer<typeof countersSchema>;

/**
 * How a database is at one look, in numbers worth drawing; nobody judges them. Null is what this
 * role may not see. Of this database alone, but for the lag.
 */
export const vitalsSchema = z.object({
  /** The server's clock, ISO 8601 in UTC. */
  at: z.string(),
  sessions: z.int(),
  waiting: z.int().nullable(),
  longestTransactionSeconds: z.number().nullable(),
  deadRows: z.number(),
  liveRows: z.number(),
  /** Of all relations, as the last VACUUM or ANALYZE of each saw them. */
  sizeBytes: z.number(),
  counters: countersSchema,
  /** Where counters begin anew; null where they never were reset. */
  countedSince: z.string().nullable(),
  /** Absent where the server does not say (Aurora). */
  wal: z.object({ lsn: z.string(), lagBytes: z.number().nullable() }).optional(),
});
export type Vitals = z.infer<typeof vitalsSchema>;

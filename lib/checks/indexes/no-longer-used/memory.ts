import * as z from "zod";
import { countingServerSchema } from "../../../core/server.ts";

const counters = z.object({
  oid: z.int(),
  scans: z.number(),
  reads: z.number(),
  /** When it was last scanned before; null where the server does not say, or never. */
  last: z.string().nullable(),
});
export type KeptIndex = z.infer<typeof counters>;

/** How indexes were used when the watch began (or a day ago at most), kept as it was. */
export const remembered = z.object({
  server: countingServerSchema,
  watch: z.string().nullable(),
  at: z.string(),
  countedSince: z.string().nullable(),
  known: z.string(),
  /** By identity: the 300 most scanned. */
  indexes: z.record(z.string(), counters),
  /** Indexes that came since, and when they were first seen. */
  fresh: z.record(z.string(), z.object({ at: z.string(), reads: z.number() })),
});
export type Remembered = z.infer<typeof remembered>;

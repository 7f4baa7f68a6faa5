import * as z from "zod";
import { countingServerSchema } from "../../../core/server.ts";

/** A table as it was when it is held against: at the last look, or fullest under a watch. */
const keptTable = z.object({
  oid: z.int(),
  file: z.int(),
  rows: z.number(),
  exact: z.number().nullable(),
  inserted: z.number(),
  updated: z.number(),
  deleted: z.number(),
  /** How often it was seen to lose its rows and to have them again. */
  refilled: z.int(),
  /** It has lost rows, and does not have them again. */
  isLow: z.boolean(),
});
export type KeptTable = z.infer<typeof keptTable>;

export const remembered = z.object({
  server: countingServerSchema,
  at: z.string(),
  /** The watch that began with it; null at rest. */
  watch: z.string().nullable(),
  countedSince: z.string().nullable(),
  /** By identity, at most 300. */
  tables: z.record(z.string(), keptTable),
});
export type Remembered = z.infer<typeof remembered>;

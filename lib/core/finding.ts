import * as z from "zod";
import { severitySchema } from "./severity.ts";

/** What a finding is about. `identity` is quoted as PostgreSQL quotes it (pg_identify_object). */
export const objectSchema = z.object({
  kind: z.string(),
  schema: z.string().optional(),
  name: z.string().optional(),
  table: z.string().optional(),
  identity: z.string(),
});
export type FoundObject = z.infer<typeof objectSchema>;

/**
 * Data, worded by the renderers, never executed by pgvigil. `sql` works as pasted.
 * `otherwise` is the harsher way, for when the first did not help (terminate after cancel).
 */
const remedySchema = z.object({
  summary: z.string(),
  sql: z.string().optional(),
  lock: z.string().optional(),
  undo: z.string().optional(),
  otherwise: z.object({ summary: z.string(), sql: z.string() }).optional(),
});
export type Remedy = z.infer<typeof remedySchema>;

/**
 * The number that says how bad it is, so that people see whether it grows: 14 sessions waiting.
 * Seconds, bytes, a share of 1, or things counted.
 */
const measureSchema = z.object({
  value: z.number(),
  unit: z.enum(["count", "seconds", "bytes", "share"]),
  of: z.string(),
});
export type Measure = z.infer<typeof measureSchema>;

/** What a check says about one object, before it has a fingerprint. */
const draftSchema = z.object({
  object: objectSchema,
  severity: severitySchema,
  /** One sentence that names the object and what is wrong with it. */
  summary: z.string(),
  /** What it means, a sentence an entry. */
  detail: z.array(z.string()).optional(),
  evidence: z.record(z.string(), z.json()),
  remedy: remedySchema.optional(),
  measure: measureSchema.optional(),
  /**
   * `pid@backend start` of the live sessions it is about, so that findings of one run about one
   * session are told once: the transaction that heads a blocking chain.
   */
  sessions: z.array(z.string()).optional(),
});
export type FindingDraft = z.infer<typeof draftSchema>;

export const findingSchema = draftSchema.extend({ fingerprint: z.string() });
export type Finding = z.infer<typeof findingSchema>;

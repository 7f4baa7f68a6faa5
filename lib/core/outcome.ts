import * as z from "zod";
import { findingSchema } from "./finding.ts";
import { watchBaselineSchema } from "./watch-baseline.ts";

/** Why something was not looked at. Only `not-applicable` leaves a run healthy. */
const causes = [
  "not-applicable",
  "privilege",
  "lock",
  "timeout",
  "out-of-time",
  "unreachable",
  "error",
] as const;
const causeSchema = z.enum(causes);
export type Cause = z.infer<typeof causeSchema>;

/** What could not be seen, why, and the words to type that cure it. */
const blindnessSchema = z.object({
  cause: causeSchema,
  reason: z.string(),
  cure: z.string().optional(),
});
export type Blindness = z.infer<typeof blindnessSchema>;

/**
 * How a check ended. A `found` outcome may carry a cause too: findings, and not all was seen.
 * `evidence` (what the reads returned), `past` and `baseline` (what was remembered) make it
 * replayable; `memory` is what it wants to remember next time.
 */
export const outcomeSchema = z.object({
  check: z.string(),
  status: z.enum(["passed", "found", "skipped", "failed"]),
  scope: z.string(),
  cause: causeSchema.optional(),
  reason: z.string().optional(),
  cure: z.string().optional(),
  /** The class of the error that ended a `failed` outcome. */
  errorClass: z.string().optional(),
  findings: z.array(findingSchema),
  /** Findings that an ignore rule hides. */
  ignored: z.int().optional(),
  /** The same a rule, by its name. */
  ignoredBy: z.record(z.string(), z.int()).optional(),
  /** Fingerprints of what is below its threshold, and not yet below the one that clears it. */
  still: z.array(z.string()).optional(),
  /** Numbers worth drawing over time: connections, waiters, dead rows. */
  series: z.record(z.string(), z.number()).optional(),
  memory: z.json().optional(),
  /** Since when the store says the same as `memory`, but for times that each look refreshes. */
  stands: z.string().optional(),
  past: z.object({ at: z.string(), memory: z.json().optional() }).optional(),
  /** What the check remembered when the watch over the target began. */
  baseline: watchBaselineSchema.optional(),
  evidence: z.record(z.string(), z.json()).optional(),
});
export type Outcome = z.infer<typeof outcomeSchema>;

/** Was all of it seen that there was to see? */
export const isBlind = (outcome: Pick<Outcome, "cause">): boolean =>
  outcome.cause !== undefined && outcome.cause !== "not-applicable";

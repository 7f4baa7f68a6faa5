import * as z from "zod";
import { procedure } from "./read.ts";

const ruleInUseSchema = z.object({
  /** Where it is written: `ignore[2]`. */
  place: z.string(),
  /** `check schema/*, kind table`. */
  says: z.string(),
  reason: z.string(),
  until: z.string().nullable(),
  /** Findings that it hides of this target, and in the whole run. */
  hidden: z.int(),
  inRun: z.int(),
  /** Did the run look at all that it could hide? */
  isLooked: z.boolean(),
  /** A rule for several targets is told with the first of them. */
  isToldHere: z.boolean(),
});
export type RuleInUse = z.infer<typeof ruleInUseSchema>;

/** What ignore rules did in this run. The engine knows, when all else was judged. */
export const rulesInUse = procedure({
  id: "ignore-rules",
  result: z.array(ruleInUseSchema),
  run: () => {
    throw new Error("the engine answers this read after all checks were judged");
  },
});

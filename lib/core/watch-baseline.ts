import * as z from "zod";

/** How a target was before a deployment, as one check remembers it. */
export const watchBaselineSchema = z.object({
  /** The watch's id. */
  watch: z.string(),
  at: z.string(),
  memory: z.json().optional(),
});
export type WatchBaseline = z.infer<typeof watchBaselineSchema>;

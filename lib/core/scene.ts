import * as z from "zod";
import { pictureSchema } from "./activity/picture.ts";

/** A statement by what it cost between two looks. */
const busySchema = z.object({
  queryid: z.string(),
  role: z.string(),
  calls: z.number(),
  /** Milliseconds in all. */
  ms: z.number(),
  /** Without literals; null where this role may not see it. */
  text: z.string().nullable(),
});
export type Busy = z.infer<typeof busySchema>;

/** A row of a progress view, as the server says it. */
export const progressSchema = z.object({
  command: z.string(),
  pid: z.int(),
  table: z.string().nullable(),
  phase: z.string().nullable(),
  done: z.number().nullable(),
  total: z.number().nullable(),
});

/** What will be gone in minutes, taken down while it happens. Bounded; no literal is in it. */
export const sceneSchema = z.looseObject({
  /** ISO 8601 in UTC. */
  at: z.string(),
  /** Who waits for whom is in it: `blockingTrees(activity)`. */
  activity: pictureSchema.optional(),
  /** Since the look before, the busiest first; absent in the first. */
  statements: z.array(busySchema).optional(),
  progress: z.array(progressSchema).optional(),
  /** What could not be seen, and why. */
  blind: z.array(z.string()).optional(),
});
export type Scene = z.infer<typeof sceneSchema>;

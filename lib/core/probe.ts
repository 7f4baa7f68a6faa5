import * as z from "zod";
import { errorClasses } from "./errors.ts";

/** Asks a function that examines to try the way to these targets: `environment/name`. */
export const probeEventSchema = z.object({ probe: z.object({ targets: z.array(z.string()) }) });
export type ProbeEvent = z.infer<typeof probeEventSchema>;

/** One step on the way, in order; what lies behind a closed door is not tried. */
const stepSchema = z.object({
  name: z.enum(["DNS", "TCP", "TLS", "login", "S3"]),
  ok: z.boolean(),
  milliseconds: z.number(),
  detail: z.string(),
  errorClass: z.enum(errorClasses).optional(),
  hint: z.string().optional(),
});
export type ProbeStep = z.infer<typeof stepSchema>;

/** What it found from where it stands. */
export const probeReplySchema = z.object({
  probed: z.array(z.object({ target: z.string(), steps: z.array(stepSchema) })),
});
export type ProbeReply = z.infer<typeof probeReplySchema>;

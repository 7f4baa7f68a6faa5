import * as z from "zod";
import { type DatabaseError, errorClasses } from "./errors.ts";
import { procedure } from "./read.ts";
import { serverSchema } from "./server.ts";

/** What became of the attempt to connect. The engine makes it; no check can ask it of a server. */
export const connectionSchema = z.discriminatedUnion("reached", [
  z.object({
    reached: z.literal(true),
    server: serverSchema,
    /** Another target of this run that is the same database. */
    sameAs: z.string().optional(),
  }),
  z.object({
    reached: z.literal(false),
    errorClass: z.enum(errorClasses),
    message: z.string(),
    hint: z.string(),
    sqlstate: z.string().optional(),
  }),
]);
export type ConnectionAttempt = z.infer<typeof connectionSchema>;

export const connection = procedure({
  id: "connection",
  result: connectionSchema,
  run: () => {
    throw new Error("the engine answers this read before any check asks");
  },
});

export const failedAttempt = (error: DatabaseError): ConnectionAttempt => ({
  reached: false,
  errorClass: error.errorClass,
  message: error.message,
  hint: error.hint,
  ...(error.sqlstate === undefined ? {} : { sqlstate: error.sqlstate }),
});

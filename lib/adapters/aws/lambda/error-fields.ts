import { messageOf } from "../../../core/errors.ts";

/** An error as a line of the log has it. A message of ours names no secret; a cause may. */
export const errorFields = (error: unknown): Record<string, unknown> => ({
  errorClass: error instanceof Error ? error.name : typeof error,
  errorMessage: messageOf(error),
  ...(error instanceof AggregateError ? { errors: error.errors.map(messageOf) } : {}),
  ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
});

import { messageOf } from "../../../core/errors.ts";
import { nameOf, statusOf } from "../errors.ts";
import type { Log } from "./world.ts";

/**
 * Writes an error down, with its class. What passes by itself (AWS was busy, a connection broke) is
 * a warning, since it comes again; all else is an error that somebody has to mend.
 */
export function logError(log: Log, error: unknown, more: Readonly<Record<string, unknown>> = {}) {
  const say = isPassing(error) ? log.warn : log.error;
  say("failed", { ...more, ...fieldsOf(error) });
}

/** A message of ours names no secret; a cause may. */
const fieldsOf = (error: unknown): Record<string, unknown> => ({
  errorClass: nameOf(error) || typeof error,
  errorMessage: messageOf(error),
  ...(error instanceof AggregateError ? { errors: error.errors.map(messageOf) } : {}),
  ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
});

const passing =
  /^(Throttl|TooManyRequests|SlowDown|RequestTimeout|Timeout|NetworkingError|NotTaken)/;
const broken = new Set(["ECONNRESET", "ECONNREFUSED", "ETIMEDOUT", "EPIPE", "EAI_AGAIN"]);

function isPassing(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isPassing);
  const status = statusOf(error) ?? 0;
  return status >= 500 || passing.test(nameOf(error)) || broken.has(String(Object(error).code));
}

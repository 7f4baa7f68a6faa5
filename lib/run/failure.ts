import { DatabaseError, type ErrorClass, messageOf } from "../core/errors.ts";
import type { Cause, Outcome } from "../core/outcome.ts";
import { OutOfTime } from "./reader.ts";

const causeOf: Readonly<Record<ErrorClass, Cause>> = {
  unreachable: "unreachable",
  tls: "unreachable",
  authentication: "unreachable",
  "too-many-connections": "unreachable",
  "going-away": "unreachable",
  privilege: "privilege",
  lock: "lock",
  timeout: "timeout",
  conflict: "lock",
  "changed-underneath": "error",
  "unexpected-answer": "error",
  other: "error",
};

/** A check whose reads did not come back: not looked at, and why. `failed` is what is our affair. */
export function failedOutcome(check: string, error: unknown): Outcome {
  const base = { check, scope: "not looked at", findings: [] };
  if (error instanceof OutOfTime) {
    return { ...base, status: "skipped", cause: "out-of-time", reason: error.message };
  }
  if (error instanceof DatabaseError) {
    const cause = causeOf[error.errorClass];
    return {
      ...base,
      status: cause === "error" ? "failed" : "skipped",
      cause,
      reason: error.message,
      cure: error.hint,
      errorClass: error.errorClass,
    };
  }
  return { ...base, status: "failed", cause: "error", reason: messageOf(error) };
}

export const skipped = (check: string, cause: Cause, reason: string, cure?: string): Outcome => ({
  check,
  status: "skipped",
  cause,
  scope: "not looked at",
  reason,
  ...(cure === undefined ? {} : { cure }),
  findings: [],
});

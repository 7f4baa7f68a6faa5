import type { Alert } from "../core/alert.ts";
import type { Target } from "../core/target.ts";
import type { Policy } from "./policy.ts";

/** When something is decided, and by which rules. */
export interface Moment {
  /** ISO 8601 in UTC: of the report, or of the clock where none is behind it. */
  readonly at: string;
  readonly target: Target;
  readonly policy: Policy;
  /** False where nobody takes alerts away: what is open waits for somebody who does. */
  readonly tells: boolean;
}

/** What is to be said of one incident, and how. */
export interface Telling {
  readonly alert: Alert;
  readonly how: "now" | "digest";
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Milliseconds from one time to the other; negative where the clock was put back. */
export const between = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

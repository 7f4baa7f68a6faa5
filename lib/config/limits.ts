import * as z from "zod";
import { milliseconds } from "./values.ts";

/** A longer wait for a lock would be an outage of ours: whoever comes after us waits behind us. */
const longestLockWait = 200;

const ofTarget = {
  connect: milliseconds.optional(),
  statement: milliseconds.optional(),
  lock: milliseconds
    .refine((ms) => ms <= longestLockWait, "is above 200ms: the monitor would stand in the way")
    .optional(),
  target: milliseconds.optional(),
};

export const targetLimits = z.strictObject(ofTarget);

export const runLimits = z.strictObject({
  ...ofTarget,
  run: milliseconds.optional(),
  concurrency: z.int().min(1).max(100).optional().meta({ description: "Servers at once" }),
});

/** All times in milliseconds. */
export interface TargetLimits {
  readonly connect: number;
  readonly statement: number;
  readonly lock: number;
  readonly target: number;
}

export interface Limits extends TargetLimits {
  readonly run: number;
  /** Servers at once. */
  readonly concurrency: number;
}

export const defaultLimits: Limits = {
  connect: 5000,
  statement: 5000,
  lock: 200,
  target: 60_000,
  run: 600_000,
  concurrency: 8,
};

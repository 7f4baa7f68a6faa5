import { randomBytes } from "node:crypto";
import type { ProfileName } from "../core/profile.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { stampOf } from "../core/stamp.ts";

export type RunHead = Omit<RunDocument["run"], "finishedAt">;

/** Begins a run: `20261120T030000Z-nightly-5f2c`. */
export const beginRun = (
  profile: ProfileName,
  now: Date,
  pgvigil: string,
  trigger: RunHead["trigger"] = "manual",
): RunHead => ({
  id: `${stampOf(now)}-${profile}-${randomBytes(2).toString("hex")}`,
  profile,
  trigger,
  startedAt: now.toISOString(),
  pgvigil,
});

export const endRun = (head: RunHead, reports: readonly Report[], now: Date): RunDocument => ({
  schemaVersion: 1,
  run: { ...head, finishedAt: now.toISOString() },
  reports: [...reports],
});

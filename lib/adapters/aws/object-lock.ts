import * as z from "zod";
import type { Clock } from "../../core/ports.ts";

/** `aws.objectLock` of the configuration. */
export const objectLockSchema = z.object({
  mode: z.enum(["governance", "compliance"]),
  days: z.int().min(1),
});
export type ObjectLock = z.infer<typeof objectLockSchema>;

const day = 86_400_000;

/** What is evidence, or was approved. Incidents and cursors are written over and over. */
const evidence = ["runs/", "snapshots/", "baselines/"];

/**
 * What each object is written with, so that nobody deletes it for so long. A default of the bucket
 * would lock the rest of it too.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export const locking =
  (lock: ObjectLock | undefined, clock: Clock) =>
  (key: string): object => {
    if (lock === undefined || !evidence.some((folder) => key.startsWith(folder))) return {};
    return {
      ObjectLockMode: lock.mode === "governance" ? "GOVERNANCE" : "COMPLIANCE",
      ObjectLockRetainUntilDate: new Date(clock().getTime() + lock.days * day),
    };
  };

import * as z from "zod";
import type { Server } from "../core/server.ts";
import { type ForeignKey, missingGrants, pagesOf } from "./foreign-key.ts";

/** Why the orphans of a constraint were not counted. */
const obstacles = [
  "failed",
  "changed",
  "privilege",
  "row-security",
  "untrusted",
  "locked",
  "slow",
  "large",
  "partitions",
  "out-of-time",
  "temporal",
  "foreign-table",
  "unlogged",
] as const;
export const obstacleSchema = z.enum(obstacles);
export type Obstacle = z.infer<typeof obstacleSchema>;

/**
 * A count takes a lock on every partition and on every index of each. Thousands in one transaction
 * could use up the lock table that all sessions share.
 */
const mostRelations = 1000;

/** What is known before trying. The rest is learnt by trying, within 200 ms. */
export function obstacleTo(
  key: ForeignKey,
  { inRecovery }: Pick<Server, "inRecovery">,
  /** Bytes of both tables. 5 million rows of 80 bytes take over a second. */
  largest: number,
  /** The function of a user's that a look at its tables would call. */
  call: string | undefined,
): Obstacle | undefined {
  const { child, parent } = key;
  if (key.isTemporal) return "temporal";
  if (child.hasForeignTable || parent.hasForeignTable) return "foreign-table";
  if (inRecovery && (child.isUnlogged || parent.isUnlogged)) return "unlogged";
  if (key.untrusted !== null || call !== undefined) return "untrusted";
  if (missingGrants(key).length > 0) return "privilege";
  if (child.hidesRows || parent.hidesRows) return "row-security";
  if (child.relations.length + parent.relations.length > mostRelations) return "partitions";
  if (pagesOf(key) * 8192 > largest) return "large";
  return undefined;
}

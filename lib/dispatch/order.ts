import { createHash } from "node:crypto";
import * as z from "zod";
import { profileSchema } from "../core/profile.ts";
import { stampOf } from "../core/stamp.ts";

/** As many databases as one invocation may look at: the PUTs are the bill. */
export const largestPack = 25;

/**
 * What a message asks for: a pack of databases, one profile, one tick. Delivery is at least once;
 * the same order makes the same run, and the second is refused by the store.
 */
export const orderSchema = z.looseObject({
  schemaVersion: z.literal(1),
  profile: profileSchema,
  /** The time of the tick, not of its delivery. ISO 8601 in UTC. */
  scheduledAt: z.string(),
  /** `environment=1a2b3c4d`. */
  pack: z.string().regex(/^[^/=]+=[0-9a-f]{8}$/),
  /** From 1 on where a deadline cut the pack in two. */
  part: z.int().min(0),
  network: z.string(),
  /** As `environment/name`, all of one environment. */
  targets: z.array(z.string()).min(1).max(largestPack),
  /** The look of a watch that it is. */
  watch: z
    .object({ id: z.string(), place: z.enum(["before", "first", "between", "last"]) })
    .optional(),
});
export type Order = z.infer<typeof orderSchema>;

/** The same for the same databases, in whatever order they come. */
export function packName(environment: string, targets: readonly string[]): string {
  const hash = createHash("sha256").update(targets.toSorted().join("\n")).digest("hex");
  return `${environment}=${hash.slice(0, 8)}`;
}

/**
 * `20261120T030000Z-production=5f2c9a01-nightly-0`: the environment at a fixed place, behind a sign
 * that no name holds, so that a bucket's policy can let a principal write its own environment's
 * runs and no others.
 */
export const runIdOf = ({ scheduledAt, pack, profile, part }: Order): string =>
  `${stampOf(new Date(scheduledAt))}-${pack}-${profile}-${part}`;

const idPattern = /^(?<at>\d{8}T\d{6}Z)-(?<environment>[^/=]+)=[0-9a-f]{8}-(?<profile>[a-z]+)-\d+$/;

/** What a run's id says of it; nothing for one that was started by hand. */
export function saidBy(
  runId: string,
): { readonly environment: string; readonly profile: string } | undefined {
  const { environment, profile } = idPattern.exec(runId)?.groups ?? {};
  return environment === undefined || profile === undefined ? undefined : { environment, profile };
}

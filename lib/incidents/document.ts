import * as z from "zod";
import { alertSchema, bulletinSchema, changeSchema } from "../core/alert.ts";
import { profileSchema } from "../core/profile.ts";
import { countingServerSchema } from "../core/server.ts";
import { type Target, targetKey, targetSchema } from "../core/target.ts";
import { acceptanceSchema, type Incident, isIncident } from "./incident.ts";

/** What a check cannot say of a target, while it cannot. */
const unknownSchema = z.looseObject({
  check: z.string(),
  /** The same over the fleet, so that one acceptance may cover it. */
  fingerprint: z.string(),
  /** A Cause. */
  cause: z.string(),
  reason: z.string(),
  cure: z.string().optional(),
  since: z.string(),
  seenAt: z.string(),
  looks: z.int(),
  told: z.looseObject({ at: z.string(), how: z.enum(["now", "digest"]) }).optional(),
  ack: acceptanceSchema.optional(),
});
export type Unknown = z.infer<typeof unknownSchema>;

const lookSchema = z.looseObject({
  at: z.string(),
  run: z.string(),
  /** Which server it looked at: see `server.generation`. */
  generation: z.int(),
});
export type Look = z.infer<typeof lookSchema>;

const asleepSchema = z.looseObject({
  /** JSON, deflated, in base64. */
  packed: z.string(),
  /** How many of them are open. */
  open: z.object({ critical: z.int(), warning: z.int(), notice: z.int() }),
  /** When something is to be said of one of them. */
  due: z.string().optional(),
});

const queuedSchema = z.looseObject({
  kind: z.enum(["began", "ended"]),
  alert: alertSchema,
});

const outgoingSchema = z.looseObject({
  bulletin: bulletinSchema,
  /** `<outlet> <message id>` of what was taken already. */
  taken: z.array(z.string()),
});

/**
 * `incidents/v1/E/T.json`: all that is known of a target over time, and what is still to be said.
 * Loose at every level: what a newer release wrote is kept, and written back as it was.
 */
export const documentSchema = z.looseObject({
  schemaVersion: z.literal(1),
  /** Of its writer, so that no two versions are the same bytes. */
  nonce: z.string(),
  target: targetSchema,
  /** When it was first heard of. */
  since: z.string(),
  /** The last runs that were taken in, so that one that comes again is known. */
  runs: z.array(z.string()),
  /** The newest look of each check. */
  looks: z.record(z.string(), lookSchema),
  /** The newest report of each profile. */
  profiles: z.partialRecord(profileSchema, z.string()),
  /** Who answered last; its generation grows whenever another server does, or the same anew. */
  server: countingServerSchema
    .extend({
      at: z.string(),
      generation: z.int(),
      changedAt: z.string().optional(),
      /** What became of the one before. */
      note: z.string().optional(),
    })
    .loose()
    .optional(),
  incidents: z.record(z.string(), z.custom<Incident>(isIncident)),
  /** By check, the incidents of which nothing is to be said for now: see `asleep.ts`. */
  asleep: z.record(z.string(), asleepSchema),
  unknown: z.record(z.string(), unknownSchema),
  changes: z.array(changeSchema),
  /** Findings that were there before us, and in no digest yet. */
  firstSeen: z.int(),
  /** For the next digest. */
  queue: z.array(queuedSchema),
  outbox: z.array(outgoingSchema),
  /** When it was found to have left the configuration. */
  retired: z.string().optional(),
});
export type IncidentDocument = z.infer<typeof documentSchema>;

export const incidentsPrefix = "incidents/v1/";

export const keyOf = (target: Target): string => `${incidentsPrefix}${targetKey(target)}.json`;

export const emptyDocument = (target: Target, since: string): IncidentDocument => ({
  schemaVersion: 1,
  nonce: "",
  target,
  since,
  runs: [],
  looks: {},
  profiles: {},
  incidents: {},
  asleep: {},
  unknown: {},
  changes: [],
  firstSeen: 0,
  queue: [],
  outbox: [],
});

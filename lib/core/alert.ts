import * as z from "zod";
import { findingSchema } from "./finding.ts";
import { profileSchema } from "./profile.ts";
import { severitySchema } from "./severity.ts";
import { targetSchema } from "./target.ts";

/** What may happen to an incident, and what is told beside incidents. */
export const alertStatuses = [
  "opened",
  "worsened",
  "eased",
  "reminded",
  "resolved",
  "flapping",
  /** Nobody looked at the target for two rhythms. */
  "unseen",
  /** A check cannot say: it has begun, once. */
  "unknown",
  /** The target itself became another: failover, restore, upgrade, clone. */
  "event",
  /** A watch has ended. */
  "verdict",
  /** `pgvigil alert-test`. */
  "test",
  /** A document that cannot be read. */
  "unreadable",
] as const;
const alertStatusSchema = z.enum(alertStatuses);
export type AlertStatus = z.infer<typeof alertStatusSchema>;

export const sampleSchema = z.object({ at: z.string(), value: z.number() });
export type Sample = z.infer<typeof sampleSchema>;

const ownerSchema = z.object({ name: z.string(), contact: z.string().optional() });
export type Owner = z.infer<typeof ownerSchema>;

/** A message about an incident: one transition of one fingerprint. All times are ISO 8601 in UTC. */
export const alertSchema = z.looseObject({
  /** The same however often it is made: what a repeat is dropped by. */
  id: z.string(),
  status: alertStatusSchema,
  at: z.string(),
  check: z.string(),
  /** True while it lasts, from the check: "A session blocks others". */
  title: z.string(),
  why: z.string(),
  severity: severitySchema,
  /** The severity it had when last told. */
  before: severitySchema.optional(),
  /** The newest finding of it, without what only a replay needs. */
  finding: findingSchema,
  openedAt: z.string(),
  /** Where it has ended. */
  resolvedAt: z.string().optional(),
  /** The worst it was: severity, and the summary of then. */
  peak: z.object({ severity: severitySchema, at: z.string(), summary: z.string() }).optional(),
  /** The last values of the finding's measure, oldest first. */
  samples: z.array(sampleSchema),
  /** What is folded under it: findings that it causes. */
  consequences: z.array(z.object({ check: z.string(), summary: z.string() })),
  owner: ownerSchema.optional(),
  /** What ended it, or eased it, where that is known. */
  note: z.string().optional(),
});
export type Alert = z.infer<typeof alertSchema>;

/** What changed on a target lately: newest first. */
export const changeSchema = z.object({
  at: z.string(),
  kind: z.enum(["migration", "drift", "setting", "event", "deployment"]),
  text: z.string(),
});
export type Change = z.infer<typeof changeSchema>;

const unseenSchema = z.object({
  check: z.string(),
  reason: z.string(),
  cure: z.string().optional(),
});

/** All that one look at a target has to tell: one mail, a card or a page an alert. */
export const bulletinSchema = z.looseObject({
  id: z.string(),
  at: z.string(),
  /** Of several targets its name is `*`. */
  target: targetSchema,
  /** What is the same on several targets of one environment is told once. */
  targets: z.array(targetSchema).optional(),
  /** Absent where no look is behind it (a reminder, an unseen target). */
  run: z
    .object({ id: z.string(), profile: profileSchema, at: z.string(), pgvigil: z.string() })
    .optional(),
  /** Worst first; never empty. */
  alerts: z.array(alertSchema).min(1),
  changes: z.array(changeSchema),
  /** Open incidents that this bulletin does not repeat. */
  alsoHere: z.object({ critical: z.int(), warning: z.int(), notice: z.int() }),
  notChecked: z.array(unseenSchema),
  /** The deployment under watch. */
  watch: z.object({ id: z.string(), deploy: z.string(), since: z.string() }).optional(),
  links: z.object({ report: z.string().optional(), runbook: z.string().optional() }),
  /** Alerts that were not critical, and went while nobody took messages away. */
  leftOut: z.int().optional(),
});
export type Bulletin = z.infer<typeof bulletinSchema>;

/** One target in the digest. */
const digestTargetSchema = z.object({
  target: targetSchema,
  /** The newest look; absent where nobody ever looked. */
  lookedAt: z.string().optional(),
  isUnseen: z.boolean(),
  blindChecks: z.int(),
  critical: z.int(),
  warning: z.int(),
  notice: z.int(),
  /** Known since `adopt`, or acknowledged: counted, not told. */
  known: z.int(),
  /** Findings that were there when it was first looked at, in this digest alone. */
  firstSeen: z.int().optional(),
});

/** What the morning mail is made of: the state of the fleet, and what changed since the last. */
export const digestSchema = z.looseObject({
  id: z.string(),
  at: z.string(),
  /** The last digest; absent for the first. */
  since: z.string().optional(),
  targets: z.array(digestTargetSchema),
  /** Open critical and warning incidents, and those that opened or ended since the last digest. */
  open: z.array(z.object({ target: targetSchema, alert: alertSchema })),
  began: z.array(z.object({ target: targetSchema, alert: alertSchema })),
  ended: z.array(z.object({ target: targetSchema, alert: alertSchema })),
  /** Blind spots, grouped by their cause over the fleet. */
  unknown: z.array(
    z.object({
      check: z.string(),
      reason: z.string(),
      cure: z.string().optional(),
      targets: z.array(targetSchema),
    }),
  ),
  watches: z.array(
    z.object({ id: z.string(), target: targetSchema, deploy: z.string(), until: z.string() }),
  ),
});
export type Digest = z.infer<typeof digestSchema>;

export const topics = ["alerts", "chat", "page", "events"] as const;
const topicSchema = z.enum(topics);
export type Topic = z.infer<typeof topicSchema>;

/** What goes out, ready for a channel. `attributes` are what subscriptions filter by. */
export interface Message {
  readonly id: string;
  readonly topic: Topic;
  /** ASCII, under 100 characters, no line break; mail and page only. */
  readonly subject?: string | undefined;
  readonly body: string;
  /** Of a page, the same as an event in JSON, for outlets with a shape of their own. */
  readonly event?: string | undefined;
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

/** Takes a message away: an SNS topic, a webhook, a folder. */
export interface Outlet {
  readonly name: string;
  /** @throws Refused where this message will never be taken; anything else is worth another try */
  send(message: Message): Promise<void>;
}

/**
 * Makes messages of what is to be told. Handed to whoever sends (`lib/incidents`), which knows
 * nothing of layout; made by `lib/render/alerts`.
 */
export interface Renderers {
  bulletin(bulletin: Bulletin): readonly Message[];
  digest(digest: Digest): readonly Message[];
  /** The same said plainly, of the same id, for an outlet that refused it. */
  plain(message: Message): Message;
}

/** This message, as it is, will never be taken: too large, malformed. */
export class Refused extends Error {
  override readonly name = "Refused";
}

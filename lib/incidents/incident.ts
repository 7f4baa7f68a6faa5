import * as z from "zod";
import { sampleSchema } from "../core/alert.ts";
import { findingSchema } from "../core/finding.ts";
import { profileSchema } from "../core/profile.ts";
import { severitySchema } from "../core/severity.ts";

/** What somebody knows of an incident, and until when nobody needs to be told. */
export const acceptanceSchema = z.looseObject({
  by: z.string(),
  why: z.string(),
  at: z.string(),
  /** Absent: until it worsens. */
  until: z.string().optional(),
  /** What it covers: worse than that is told all the same. */
  severity: severitySchema,
});

const timelineEntry = z.looseObject({
  at: z.string(),
  /** An alert's status, `found`, `acknowledged`, `known` … */
  what: z.string(),
  severity: severitySchema.optional(),
  text: z.string().optional(),
  by: z.string().optional(),
});

/** A finding over time. All times are ISO 8601 in UTC, and come from reports. */
const incidentSchema = z.looseObject({
  fingerprint: z.string(),
  check: z.string(),
  /** Pending: found, and not often enough in a row. */
  state: z.enum(["pending", "open", "resolved"]),
  /** Of the finding, or of the worst that is folded under it. */
  severity: severitySchema,
  finding: findingSchema,
  /** Of the newest look that found it. */
  profile: profileSchema,
  /** Looks in a row that found it, as long as it is pending. */
  looks: z.int(),
  /** Alerts so far: two may bear the same time, where a clock was put back, and are two. */
  tellings: z.int(),
  openedAt: z.string(),
  seenAt: z.string(),
  resolvedAt: z.string().optional(),
  /** Where it is not there any more because of something else: why. */
  note: z.string().optional(),
  /** It was there before us. */
  isDayOne: z.boolean().optional(),
  /** What people were told of it last, and how: what comes next goes the same way. */
  told: z
    .looseObject({ severity: severitySchema, at: z.string(), how: z.enum(["now", "digest"]) })
    .optional(),
  /** Reminders since it was told. */
  reminded: z.int(),
  peak: z.object({ severity: severitySchema, at: z.string(), summary: z.string() }),
  samples: z.array(sampleSchema),
  /** When it was told as opened or worsened lately. */
  opens: z.array(z.string()),
  /** Since when it comes and goes, and is told no more. */
  flapping: z.string().optional(),
  ack: acceptanceSchema.optional(),
  known: acceptanceSchema.optional(),
  /** The fingerprint of what causes it. */
  under: z.string().optional(),
  consequences: z.array(z.object({ check: z.string(), summary: z.string() })),
  timeline: z.array(timelineEntry),
});
export type Incident = z.infer<typeof incidentSchema>;
type TimelineEntry = z.infer<typeof timelineEntry>;

const longestTimeline = 60;

/** The beginning is what a post-mortem asks for, so that it is kept, and what lies between goes. */
export function withEntry(incident: Incident, entry: TimelineEntry): Incident {
  const all = [...incident.timeline, entry];
  const timeline =
    all.length <= longestTimeline ? all : [...all.slice(0, 10), ...all.slice(11 - longestTimeline)];
  return { ...incident, timeline };
}

const states: readonly unknown[] = incidentSchema.shape.state.options;
const ranks: readonly unknown[] = severitySchema.options;

/**
 * Is this an incident, as far as anything is read of it? Said by hand: a document may hold ten
 * thousand, and a schema takes longer over them than all that is decided about them.
 */
export function isIncident(value: unknown): value is Incident {
  if (typeof value !== "object" || value === null) return false;
  const it: Partial<Incident> = value;
  return (
    [it.fingerprint, it.check, it.profile, it.openedAt, it.seenAt].every(isText) &&
    [it.looks, it.tellings, it.reminded].every(Number.isInteger) &&
    [it.samples, it.opens, it.consequences, it.timeline].every(Array.isArray) &&
    states.includes(it.state) &&
    [it.severity, it.finding?.severity, it.peak?.severity].every((one) => ranks.includes(one)) &&
    (it.told === undefined || (ranks.includes(it.told.severity) && isText(it.told.at))) &&
    [it.finding?.summary, it.finding?.fingerprint, it.finding?.object?.identity].every(isText)
  );
}

const isText = (value: unknown): boolean => typeof value === "string";

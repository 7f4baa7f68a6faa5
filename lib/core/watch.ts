import * as z from "zod";
import { objectSchema } from "./finding.ts";
import { reportedServerSchema } from "./server.ts";
import { severitySchema } from "./severity.ts";
import { targetSchema } from "./target.ts";
import { vitalsSchema } from "./vitals.ts";

/** A look every so many seconds, until so many seconds after the watch was opened. */
export const phaseSchema = z.object({ every: z.number().positive(), until: z.number().positive() });
export type Phase = z.infer<typeof phaseSchema>;

/** How a check ended at one look, a letter each. */
export const lookStates = {
  passed: "p",
  found: "f",
  /** Found something, and did not see all. */
  partly: "F",
  blind: "b",
  notApplicable: "n",
  notAsked: ".",
} as const;

/** One look: what a verdict, a picture and a story need of its run, which is kept in whole beside. */
const lookSchema = z.looseObject({
  /** Its place in the phases; the first is 0. */
  slot: z.int().min(0),
  at: z.string(),
  run: z.string(),
  /** A letter of `lookStates` for each of the watch's `checks`, in their order. */
  states: z.string(),
  /** Fingerprints of what was found. */
  found: z.array(z.string()),
  /** Absent where nobody answered. */
  server: reportedServerSchema.omit({ database: true, role: true }).optional(),
  checksum: z.string().optional(),
  vitals: vitalsSchema.optional(),
});
export type Look = z.infer<typeof lookSchema>;

/** A finding of the watch, whenever it was; when it came and went is told by the looks. */
const seenSchema = z.looseObject({
  check: z.string(),
  object: objectSchema,
  /** As it was last. */
  at: z.string(),
  severity: severitySchema,
  summary: z.string(),
  peak: z.object({ at: z.string(), severity: severitySchema, summary: z.string() }),
});
export type Seen = z.infer<typeof seenSchema>;

/** First slot, last slot, least and most: where several looks are drawn as one, both are kept. */
const pointSchema = z.tuple([z.int(), z.int(), z.number(), z.number()]);
export type Point = z.infer<typeof pointSchema>;

const passMarks = ["PASS", "FAIL", "????"] as const;
const lineSchema = z.object({ mark: z.enum(passMarks), area: z.string(), text: z.string() });
export type PassLine = z.infer<typeof lineSchema>;

/**
 * `unknown`: something was not seen when it was last looked for, so that nobody can call it healthy.
 * `healthy-with-notes`: well at the end, and not all the time.
 */
const watchVerdicts = ["healthy", "healthy-with-notes", "unknown", "not-healthy"] as const;
const watchVerdictSchema = z.enum(watchVerdicts);
export type WatchVerdict = z.infer<typeof watchVerdictSchema>;

/** For people. */
export const sayVerdict: Readonly<Record<WatchVerdict, string>> = {
  healthy: "healthy",
  "healthy-with-notes": "healthy, with notes",
  unknown: "unknown",
  "not-healthy": "not healthy",
};

/** A finding with its times. */
const storySchema = z.object({
  fingerprint: z.string(),
  check: z.string(),
  identity: z.string(),
  /** As it is while it lasts; as it was at its worst when it is over. */
  severity: severitySchema,
  summary: z.string(),
  foundAt: z.string(),
  lastAt: z.string(),
  /** The first look after the last that found it, which saw all and did not. */
  endedAt: z.string().optional(),
  /** Looks that found it. */
  looks: z.int(),
  /** How often it ended and came again. */
  returns: z.int(),
});
export type Story = z.infer<typeof storySchema>;

/** A check that was not wholly seen. */
const unseenSchema = z.object({
  check: z.string(),
  reason: z.string(),
  cure: z.string().optional(),
  /** Looks at which it was blind, of those that asked it. */
  blind: z.int(),
  asked: z.int(),
  /** The last that saw all; absent where none did. */
  seenAt: z.string().optional(),
});
export type Unseen = z.infer<typeof unseenSchema>;

/** Looks that were due and not taken, side by side. */
const gapSchema = z.object({ from: z.string(), until: z.string(), looks: z.int() });
export type Gap = z.infer<typeof gapSchema>;

export const missedIn = (gaps: readonly Gap[]): number =>
  gaps.reduce((sum, gap) => sum + gap.looks, 0);

const changeSchema = z.object({ at: z.string(), text: z.string() });

/** What the migration tools and the schema did since the baseline, as far as both were read. */
const watchOutcomeSchema = z.looseObject({
  migrations: z.array(z.string()).optional(),
  /** A line a difference; at most five, the last of which counts the rest. */
  schema: z.array(z.string()).optional(),
});
export type WatchOutcome = z.infer<typeof watchOutcomeSchema>;

const closingSchema = z.looseObject({
  at: z.string(),
  /** `over` after the last look, `stopped` by somebody, `superseded` by the next, `never-started`. */
  because: z.enum(["over", "stopped", "superseded", "never-started"]),
  by: z.string().optional(),
  why: z.string().optional(),
  verdict: watchVerdictSchema,
  lines: z.array(lineSchema),
  found: z.array(storySchema),
  unseen: z.array(unseenSchema),
  gaps: z.array(gapSchema),
  /** Failovers, restarts, resets. */
  events: z.array(changeSchema),
  outcome: watchOutcomeSchema.optional(),
});
export type Closing = z.infer<typeof closingSchema>;

/** `watches/v1/<id>.json`. All times are ISO 8601 in UTC, durations seconds. */
export const watchSchema = z.looseObject({
  schemaVersion: z.literal(1),
  /** Of whoever wrote it last, so that a write is told from its repetition. */
  nonce: z.string(),
  id: z.string(),
  target: targetSchema,
  state: z.enum(["prepared", "open", "closed"]),
  /** Absent while it is prepared, where nobody has said it yet. */
  deploy: z.string().optional(),
  preparedAt: z.string().optional(),
  openedAt: z.string().optional(),
  by: z.string(),
  phases: z.array(phaseSchema).min(1),
  /** What was there when it began; the memories of checks are in a document beside. */
  baseline: z
    .looseObject({
      at: z.string(),
      run: z.string(),
      checksum: z.string().optional(),
      vitals: vitalsSchema.optional(),
    })
    .optional(),
  /** Ids, in the order of the letters in `looks`. */
  checks: z.array(z.string()),
  looks: z.array(lookSchema),
  /** By fingerprint. */
  seen: z.record(z.string(), seenSchema),
  /** Findings beyond those that are kept: of one look the most, as who they were is not kept. */
  untold: z.int(),
  /** Why a check was blind, last. */
  blind: z.record(
    z.string(),
    z.object({ at: z.string(), reason: z.string(), cure: z.string().optional() }),
  ),
  /** What checks say in numbers, by name: oldest first, thinned. */
  series: z.record(z.string(), z.array(pointSchema)),
  closing: closingSchema.optional(),
});
export type Watch = z.infer<typeof watchSchema>;

/** A line to draw, a value a slot: null is a gap, or what could not be seen. */
export interface Curve {
  readonly name: string;
  readonly unit: "count" | "per second" | "bytes per second" | "seconds" | "bytes" | "share";
  readonly points: readonly (readonly [least: number, most: number] | null)[];
}

/** A watch at one moment, for whoever draws it. */
export interface WatchPicture {
  readonly watch: Watch;
  readonly now: string;
  readonly looks: { readonly taken: number; readonly due: number; readonly planned: number };
  /** The next look; absent after the last. */
  readonly nextAt?: string | undefined;
  readonly until?: string | undefined;
  readonly curves: readonly Curve[];
  /** As it would end now, or did. */
  readonly closing: Closing;
}

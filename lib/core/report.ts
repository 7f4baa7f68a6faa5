import * as z from "zod";
import { isBlind, type Outcome, outcomeSchema } from "./outcome.ts";
import { profileSchema } from "./profile.ts";
import { sceneSchema } from "./scene.ts";
import { reportedServerSchema } from "./server.ts";
import { isAtLeast } from "./severity.ts";
import { targetSchema } from "./target.ts";
import { vitalsSchema } from "./vitals.ts";

const verdicts = ["healthy", "findings", "unknown"] as const;
export const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

const countsSchema = z.object({
  passed: z.int(),
  found: z.int(),
  skipped: z.int(),
  failed: z.int(),
  critical: z.int(),
  warning: z.int(),
  notice: z.int(),
  ignored: z.int(),
});
export type Counts = z.infer<typeof countsSchema>;

/** All outcomes of one run on one target. */
const reportSchema = z.object({
  target: targetSchema,
  /** Absent where nobody answered. */
  server: reportedServerSchema.optional(),
  startedAt: z.string(),
  finishedAt: z.string(),
  verdict: verdictSchema,
  counts: countsSchema,
  schema: z.object({ checksum: z.string(), canonical: z.int(), complete: z.boolean() }).optional(),
  outcomes: z.array(outcomeSchema),
  /** What the reads of several checks returned, by the id of the read; an outcome has its own. */
  evidence: z.record(z.string(), z.json()).optional(),
  /** What happened around something critical: when it was found, and a little later. */
  scenes: z.array(sceneSchema).optional(),
  /** Numbers that a watch draws; in its profile alone. */
  vitals: vitalsSchema.optional(),
});
export type Report = z.infer<typeof reportSchema>;

/** One run over one or more targets: what `--format json` prints and the store keeps. */
export const runSchema = z.object({
  $schema: z.string().optional(),
  schemaVersion: z.literal(1),
  run: z.object({
    id: z.string(),
    profile: profileSchema,
    trigger: z.enum(["manual", "schedule", "deploy"]),
    startedAt: z.string(),
    finishedAt: z.string(),
    pgvigil: z.string(),
  }),
  reports: z.array(reportSchema),
});
export type RunDocument = z.infer<typeof runSchema>;

export function countOutcomes(outcomes: readonly Outcome[]): Counts {
  const findings = outcomes.flatMap((outcome) => outcome.findings);
  const having = (status: Outcome["status"]) =>
    outcomes.filter((outcome) => outcome.status === status).length;
  const of = (severity: string) => findings.filter((f) => f.severity === severity).length;
  return {
    passed: having("passed"),
    found: having("found"),
    skipped: having("skipped"),
    failed: having("failed"),
    critical: of("critical"),
    warning: of("warning"),
    notice: of("notice"),
    ignored: outcomes.reduce((sum, outcome) => sum + (outcome.ignored ?? 0), 0),
  };
}

/** Findings of warning or worse come first; then what was not seen; only then is it healthy. */
export function verdictOf(outcomes: readonly Outcome[]): Verdict {
  const findings = outcomes.flatMap((outcome) => outcome.findings);
  if (findings.some((finding) => isAtLeast(finding.severity, "warning"))) return "findings";
  return outcomes.some(isBlind) ? "unknown" : "healthy";
}

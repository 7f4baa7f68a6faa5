import { createHash } from "node:crypto";
import { exampleServer } from "../../lib/core/example-server.ts";
import type { Finding } from "../../lib/core/finding.ts";
import type { Outcome } from "../../lib/core/outcome.ts";
import { countOutcomes, type Report, type RunDocument, verdictOf } from "../../lib/core/report.ts";
import { reportedServerSchema } from "../../lib/core/server.ts";
import type { Severity } from "../../lib/core/severity.ts";
import type { Phase, Watch } from "../../lib/core/watch.ts";
import { defaultPhases, phasesFor } from "../../lib/watch/phases.ts";

export const target = { environment: "production", name: "orders" };
const openedAt = "2026-11-20T12:00:00.000Z";

/** A moment of the watch: so many seconds after it was opened. */
export const after = (seconds: number): Date => new Date(Date.parse(openedAt) + seconds * 1000);

const twoDays: readonly Phase[] = phasesFor(defaultPhases, 48 * 3600);

export const openWatch = (more: Partial<Watch> = {}): Watch => ({
  schemaVersion: 1,
  nonce: "",
  id: "production/orders/20261120T120000Z-5f2c",
  target,
  state: "open",
  deploy: "release-41",
  openedAt,
  by: "anna@example.com",
  phases: [...twoDays],
  checks: [],
  looks: [],
  seen: {},
  untold: 0,
  blind: {},
  series: {},
  ...more,
});

export const passed = (check: string, more: Partial<Outcome> = {}): Outcome => ({
  check,
  status: "passed",
  scope: "all of it",
  findings: [],
  ...more,
});

export const blind = (check: string, reason = "no SELECT on billing.payouts"): Outcome => ({
  ...passed(check),
  status: "skipped",
  cause: "privilege",
  reason,
  cure: "GRANT SELECT ON billing.payouts TO pgvigil;",
});

export const found = (check: string, ...findings: readonly Finding[]): Outcome => ({
  ...passed(check),
  status: "found",
  findings: [...findings],
});

export const finding = (name: string, severity: Severity = "warning"): Finding => ({
  fingerprint: createHash("sha256").update(name).digest("hex").slice(0, 16),
  object: { kind: "index", identity: name },
  severity,
  summary: `${name} is ill`,
  evidence: {},
});

/** A run of the watch with one report. */
export function looked(
  seconds: number,
  outcomes: readonly Outcome[],
  more: Partial<Report> = {},
): { run: RunDocument["run"]; report: Report } {
  const startedAt = after(seconds).toISOString();
  return {
    run: {
      id: `run-${seconds}`,
      profile: "watch",
      trigger: "schedule",
      startedAt,
      finishedAt: startedAt,
      pgvigil: "1.0.0",
    },
    report: {
      target,
      server: reportedServerSchema.parse(exampleServer),
      startedAt,
      finishedAt: startedAt,
      verdict: verdictOf(outcomes),
      counts: countOutcomes(outcomes),
      outcomes: [...outcomes],
      ...more,
    },
  };
}

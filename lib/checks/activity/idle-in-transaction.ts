import * as z from "zod";
import { endSession } from "../../core/activity/end-session.ts";
import { type Backend, emptyPicture } from "../../core/activity/picture.ts";
import {
  byName,
  hiddenSessions,
  isBackup,
  isIdleInTransaction,
  mostShown,
  sessionEvidence,
  sessionHandles,
  sessionName,
  sessionScope,
} from "../../core/activity/who.ts";
import { defineCheck } from "../../core/check.ts";
import { severityOf } from "../../core/severity.ts";
import { count, duration, sayDuration } from "../../core/units.ts";
import { activity } from "../reads/activity.ts";
import { exampleBackend, examplePicture } from "../reads/example-activity.ts";

export const activityIdleInTransaction = defineCheck({
  id: "activity/idle-in-transaction",
  title: "No session sits idle in a transaction",
  failureTitle: "Session that sits idle in a transaction",
  why: "It does nothing and gives nothing back: its locks, its snapshot and its connection stay taken.",
  source:
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW (state_change)",
  options: z.object({
    warning: duration.prefault("30s").describe("Idle for so long, by state_change"),
    critical: duration.prefault("5min"),
    backup: duration
      .prefault("4h")
      .describe("Of pg_dump: with several jobs its first session waits idle while the others copy"),
  }),
  profiles: ["pulse", "nightly", "watch"],
  presets: { pulse: { warning: "5min", critical: "15min" } },
  live: true,
  needs: { privilege: "pg_monitor" },
  reads: { activity },

  judge({ activity: [picture = emptyPicture] }, options, { server }) {
    const idle = picture.backends.filter(
      (backend) =>
        backend.isHere &&
        !backend.isOurs &&
        isIdleInTransaction(backend) &&
        (!isBackup(backend) || idleFor(backend) >= options.backup),
    );
    return {
      scope: sessionScope(picture),
      findings: byName(idle, sessionName, idleFor).flatMap(({ name, oldest, all }) => {
        const severity = severityOf(idleFor(oldest), options);
        if (severity === undefined) return [];
        const late = all.filter((backend) => idleFor(backend) >= options.warning);
        return [finding(name, oldest, late, severity)];
      }),
      blind: hiddenSessions(picture, server?.role),
    };
  },

  examples: [
    {
      name: "sessions that come and go",
      evidence: { activity: [examplePicture(exampleBackend({ stateAge: 2 }))] },
      finds: [],
    },
    {
      name: "a session forgot its transaction a minute ago",
      evidence: { activity: [examplePicture(exampleBackend({ stateAge: 61 }))] },
      finds: ["warning billing (billing-worker)"],
    },
    {
      name: "a failed transaction that nobody ended, six minutes ago",
      evidence: {
        activity: [
          examplePicture(
            exampleBackend({ stateAge: 360, state: "idle in transaction (aborted)" }),
            exampleBackend({ pid: 48_212, stateAge: 40 }),
          ),
        ],
      },
      finds: ["critical billing (billing-worker)"],
    },
    {
      name: "a minute is no alarm for the pulse",
      profile: "pulse",
      evidence: { activity: [examplePicture(exampleBackend({ stateAge: 61 }))] },
      finds: [],
    },
    {
      name: "pg_dump -j: its leader holds the snapshot for those that copy",
      evidence: {
        activity: [examplePicture(exampleBackend({ stateAge: 7200, application: "pg_dump" }))],
      },
      finds: [],
    },
    {
      name: "other roles' sessions cannot be seen",
      evidence: { activity: [{ ...examplePicture(), sessions: 12, hidden: 11 }] },
      finds: [],
      blind: "privilege",
    },
  ],
});

const idleFor = ({ stateAge }: Backend): number => stateAge ?? 0;

const finding = (
  name: string,
  oldest: Backend,
  all: readonly Backend[],
  severity: "notice" | "warning" | "critical",
) => ({
  object: { kind: "session", name, identity: name },
  severity,
  summary:
    all.length === 1
      ? `${name} sits idle in a transaction for ${sayDuration(idleFor(oldest))} (pid ${oldest.pid})`
      : `${count(all.length, "session")} of ${name} sit idle in a transaction, the longest for ${sayDuration(idleFor(oldest))} (pid ${oldest.pid})`,
  detail: [
    oldest.state === "idle in transaction (aborted)"
      ? "Its transaction has failed and holds no lock any more: nothing but ROLLBACK can follow, and nobody sends it."
      : `Its last statement: ${oldest.statement ?? "not known"}`,
  ],
  evidence: {
    role: oldest.role,
    application: oldest.application,
    seconds: Math.round(idleFor(oldest)),
    count: all.length,
    sessions: all.slice(0, mostShown).map((backend) => ({
      ...sessionEvidence(backend),
      idleSeconds: Math.round(idleFor(backend)),
    })),
  },
  remedy: endSession(oldest),
  measure: { value: Math.round(idleFor(oldest)), unit: "seconds" as const, of: "idle" },
  sessions: sessionHandles(all),
});

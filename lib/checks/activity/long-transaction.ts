import * as z from "zod";
import { endSession } from "../../core/activity/end-session.ts";
import { type Harm, harmsOf } from "../../core/activity/harm.ts";
import { isVacuum } from "../../core/activity/horizon.ts";
import { type Backend, emptyPicture } from "../../core/activity/picture.ts";
import { waitsIn } from "../../core/activity/waits.ts";
import {
  byName,
  hiddenSessions,
  isBackup,
  isIdleInTransaction,
  mostShown,
  sayHeld,
  sessionEvidence,
  sessionHandles,
  sessionName,
  sessionScope,
} from "../../core/activity/who.ts";
import { defineCheck } from "../../core/check.ts";
import { asksToBeIgnored } from "../../core/statement-text.ts";
import { count, duration, sayDuration } from "../../core/units.ts";
import { activity } from "../reads/activity.ts";
import { longTransactionExamples } from "./long-transaction/examples.ts";

export const activityLongTransaction = defineCheck({
  id: "activity/long-transaction",
  title: "No transaction is open for long",
  failureTitle: "Transaction that is open for long",
  why: "It keeps its locks and its view of the data until it ends: others wait for it, and VACUUM cannot remove what it may still see. Critical only where it does harm now.",
  source:
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW (xact_start)",
  options: z.object({
    warning: duration.prefault("30s").describe("Open for so long"),
    backup: duration.prefault("4h").describe("The same for pg_dump, which is meant to take long"),
    waiter: duration.prefault("10s").describe("Critical where a session waits so long for it"),
    strongLock: duration
      .prefault("1min")
      .describe(
        "Critical where it holds more than ROW EXCLUSIVE on a table for so long, and is idle or somebody waits",
      ),
    horizon: duration
      .prefault("1h")
      .describe("Critical where it holds back VACUUM, as the oldest of all, for so long"),
  }),
  profiles: ["pulse", "nightly", "watch"],
  presets: { pulse: { warning: "5min" } },
  live: true,
  needs: { privilege: "pg_monitor" },
  reads: { activity },

  judge({ activity: [picture = emptyPicture] }, options, { server }) {
    const waits = new Map(waitsIn(picture).map((wait) => [wait.backend.pid, wait.waited ?? 0]));
    // While it waits for a lock its time is that of whoever holds the lock.
    const ownTime = (backend: Backend) => openFor(backend) - (waits.get(backend.pid) ?? 0);
    const open = picture.backends.filter(isSomebodys);
    const silenced = open.filter(({ statement }) => asksToBeIgnored(statement));
    const late = open.filter(
      (backend) =>
        !asksToBeIgnored(backend.statement) &&
        ownTime(backend) >= (isBackup(backend) ? options.backup : options.warning),
    );
    const harms = new Map(late.map((each) => [each, harmsOf(each, picture, options)]));
    return {
      scope: [
        sessionScope(picture),
        ...(silenced.length === 0 ? [] : [`${silenced.length} silenced by a comment`]),
      ].join(", "),
      findings: byName(late, sessionName, openFor).map(({ name, oldest, all }) => {
        // The one that harms is the one to end, and it need not be the oldest.
        const worst = all.find((backend) => harms.get(backend)?.length) ?? oldest;
        return finding(name, worst, all, harms.get(worst) ?? []);
      }),
      blind: hiddenSessions(picture, server?.role),
      series: { "longest-transaction": Math.round(Math.max(0, ...open.map(openFor))) },
    };
  },

  examples: longTransactionExamples,
});

const openFor = ({ xactAge }: Backend): number => xactAge ?? 0;

/** What belongs to the server itself, or is meant to take long, is nobody's forgotten transaction. */
const isSomebodys = (backend: Backend): boolean =>
  backend.isHere &&
  !backend.isOurs &&
  backend.xactAge !== null &&
  backend.leader === null &&
  !/^(walsender|autovacuum|logical replication|parallel worker)/.test(backend.backendType ?? "") &&
  !isVacuum(backend) &&
  !isConcurrentBuild(backend);

/** CREATE INDEX or REINDEX, CONCURRENTLY: none may run inside a transaction of the user's. */
const isConcurrentBuild = ({ statement }: Backend): boolean =>
  /^(CREATE (UNIQUE )?INDEX CONCURRENTLY|REINDEX\b.*\bCONCURRENTLY)\b/i.test(statement ?? "");

function finding(name: string, worst: Backend, all: readonly Backend[], harms: readonly Harm[]) {
  const seconds = openFor(worst);
  const what = isBackup(worst) ? "Backup (pg_dump)" : "Transaction";
  const others = all.length === 1 ? "" : `, with ${count(all.length - 1, "other")} of that name`;
  return {
    object: { kind: "session", name, identity: name },
    severity: harms.length > 0 ? ("critical" as const) : ("warning" as const),
    summary: `${what} of ${name} is open for ${sayDuration(seconds)} (pid ${worst.pid})${others}`,
    detail: [
      ...harms.map(({ says }) => says),
      ...sayHeld(worst.held),
      ...(worst.blockedBy.length === 0
        ? []
        : ["It waits for a lock itself: locks/blocking-chain tells whose."]),
      isIdleInTransaction(worst)
        ? `It is ${worst.state} for ${sayDuration(worst.stateAge ?? 0)}.`
        : `It runs: ${worst.statement ?? "not known"}`,
    ],
    evidence: {
      role: worst.role,
      application: worst.application,
      seconds: Math.round(seconds),
      count: all.length,
      harms: harms.map(({ kind }) => kind),
      held: worst.held,
      sessions: all.slice(0, mostShown).map(sessionEvidence),
    },
    remedy: endSession(worst),
    measure: { value: Math.round(seconds), unit: "seconds" as const, of: "open" },
    sessions: sessionHandles([worst, ...all.filter((backend) => backend !== worst)]),
  };
}

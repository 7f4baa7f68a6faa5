import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft } from "../../core/finding.ts";
import { firstLook, type Past, pastsOf, saySince, secondsBetween } from "../../core/past.ts";
import { countingServerSchema } from "../../core/server.ts";
import type { Severity } from "../../core/severity.ts";
import { count, duration, sayDuration, sayShare, share } from "../../core/units.ts";
import type { Vitals } from "../../core/vitals.ts";
import { vitals } from "../reads/vitals.ts";
import { errorRateExamples } from "./error-rate/examples.ts";

const tally = z.object({ commits: z.number(), rollbacks: z.number(), deadlocks: z.number() });
type Tally = z.infer<typeof tally>;

/** Counters as they stood; those of the rollbacks when enough transactions had last been seen. */
const remembered = z.object({
  server: countingServerSchema,
  at: z.string(),
  countedSince: z.string().nullable(),
  now: tally,
  window: z.object({ at: z.string(), counters: tally }),
  /** How it was when nobody had complained yet: carried along where there is no watch. */
  usual: z.object({ at: z.string(), share: z.number(), deadlocksPerHour: z.number().nullable() }),
});
type Remembered = z.infer<typeof remembered>;

const options = z.object({
  warning: share
    .prefault("5%")
    .describe("The share of transactions that roll back rose by so much, and at least doubled"),
  critical: share.prefault("30%").describe("The same, when it cannot wait"),
  transactions: z.int().min(1).default(100).describe("Judged when so many have ended"),
  deadlocks: z
    .int()
    .min(1)
    .default(5)
    .describe("So many since the last look, and twice as often as before; 5 a minute are critical"),
  renew: duration.prefault("7d").describe("Without a watch: how old what is usual may be"),
});
type Options = z.output<typeof options>;

export const statementsErrorRate = defineCheck({
  id: "statements/error-rate",
  title: "No more transactions fail than before",
  failureTitle: "More transactions roll back, or deadlock, than before",
  why: "The application meets errors that it did not meet before the deployment.",
  source:
    "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-DATABASE-VIEW",
  options,
  profiles: ["watch"],
  needs: { store: true },
  counters: true,
  reads: { vitals },

  judge({ vitals: now }, options, context) {
    const { server } = context;
    if (now === undefined || server === undefined) return firstLook("no answer", noOther);
    const { before, last, isAnother } = pastsOf(remembered, context, "counters");
    // A reset sets the counters to zero: what they say now came since.
    const isCounting = (then: Remembered) =>
      then.countedSince === now.countedSince && !fell(then.now, tallyOf(now));
    const start =
      last === undefined
        ? { at: now.at, counters: tallyOf(now) }
        : isCounting(last.memory)
          ? last.memory.window
          : { at: now.countedSince ?? last.memory.at, counters: zero };
    const window = minus(tallyOf(now), start.counters);
    const ended = window.commits + window.rollbacks;
    const isFull = ended >= options.transactions;
    const isOld =
      before !== undefined &&
      !before.isBaseline &&
      secondsBetween(before.memory.usual.at, now.at) >= options.renew;
    const usual = before === undefined || isOld ? usualOf(now) : before.memory.usual;
    const memory: Remembered = {
      server: countingServerSchema.parse(server),
      at: now.at,
      countedSince: now.countedSince,
      now: tallyOf(now),
      window: isFull || last === undefined ? { at: now.at, counters: tallyOf(now) } : start,
      usual,
    };
    if (before === undefined || last === undefined) {
      return { ...firstLook("no counters before these", { isAnother }), memory };
    }
    const looked = isCounting(last.memory) ? last.memory.now : zero;
    const seconds = secondsBetween(last.memory.at, now.at);
    const rolled = shareOf(window);
    const database = server.database;
    const isHigh = (rise: number) =>
      window.rollbacks > 0 && rolled >= usual.share + rise && rolled >= usual.share * 2;
    const severity: Severity | undefined = !isFull
      ? undefined
      : isHigh(options.critical)
        ? "critical"
        : isHigh(options.warning)
          ? "warning"
          : undefined;
    const isUndecided = !isFull || isHigh(options.warning / 2);
    return {
      scope: `${count(ended, "transaction")} ${saySince({ at: start.at, isBaseline: false })}, ${sayShare(rolled)} rolled back`,
      findings: [
        ...(severity === undefined
          ? []
          : [rollbacks({ database, window, usual, before, severity })]),
        ...deadlocks({ database, looked, now, seconds, usual, options }),
      ],
      ...(severity === undefined && isUndecided ? { still: [rollbacksOf(database)] } : {}),
      memory,
    };
  },

  examples: errorRateExamples,
});

const noOther = { isAnother: false };
const zero: Tally = { commits: 0, rollbacks: 0, deadlocks: 0 };

const tallyOf = ({ counters }: Vitals): Tally => tally.parse(counters);

const fell = (then: Tally, now: Tally): boolean =>
  now.commits < then.commits || now.rollbacks < then.rollbacks || now.deadlocks < then.deadlocks;

const minus = (now: Tally, then: Tally): Tally => ({
  commits: Math.max(0, now.commits - then.commits),
  rollbacks: Math.max(0, now.rollbacks - then.rollbacks),
  deadlocks: Math.max(0, now.deadlocks - then.deadlocks),
});

const shareOf = ({ commits, rollbacks }: Tally): number =>
  commits + rollbacks === 0 ? 0 : rollbacks / (commits + rollbacks);

/** Since the counters began, which is what there is to know of the time before. */
function usualOf(now: Vitals): Remembered["usual"] {
  const hours =
    now.countedSince === null ? undefined : secondsBetween(now.countedSince, now.at) / 3600;
  return {
    at: now.at,
    share: shareOf(tallyOf(now)),
    deadlocksPerHour: hours === undefined ? null : now.counters.deadlocks / Math.max(hours, 1),
  };
}

const objectOf = (what: string, database: string) => ({
  kind: "database",
  name: database,
  identity: `${what} of ${database}`,
});
const rollbacksOf = (database: string) => objectOf("rollbacks", database);

function rollbacks(of: {
  database: string;
  window: Tally;
  usual: Remembered["usual"];
  before: Past<Remembered>;
  severity: Severity;
}): FindingDraft {
  const { database, window, usual, before, severity } = of;
  const ended = window.commits + window.rollbacks;
  const rolled = shareOf(window);
  return {
    object: rollbacksOf(database),
    severity,
    summary: `${sayShare(rolled)} of the transactions of ${database} roll back, where it was ${sayShare(usual.share)} before`,
    detail: [
      `${count(window.rollbacks, "rollback")} in ${count(ended, "transaction")}. What failed, and why, is in the server's log and in the application's.`,
      ...(before.isBaseline ? ["The deployment under watch may have brought it."] : []),
    ],
    evidence: { ...window, share: rolled, before: usual.share, beforeAt: usual.at },
    remedy: {
      summary:
        "Read the server's log for ERROR lines since then. Where none says which statement failed, log it:",
      sql: "SHOW log_min_error_statement; -- 'error' logs the statement with the error",
    },
    measure: { value: rolled, unit: "share", of: "transactions that roll back" },
  };
}

function deadlocks(of: {
  database: string;
  looked: Tally;
  now: Vitals;
  seconds: number;
  usual: Remembered["usual"];
  options: Options;
}): readonly FindingDraft[] {
  const { database, looked, now, usual, options } = of;
  const n = now.counters.deadlocks - looked.deadlocks;
  const hours = Math.max(of.seconds, 1) / 3600;
  const isMore = n / hours >= 2 * (usual.deadlocksPerHour ?? 0);
  if (n <= 0 || !isMore) return [];
  const isOften = n >= options.deadlocks;
  const severity = !isOften ? "notice" : n / hours / 60 >= 5 ? "critical" : "warning";
  const ago = sayDuration(of.seconds);
  return [
    {
      object: objectOf("deadlocks", database),
      severity,
      summary: `${count(n, "deadlock")} in ${database} in the last ${ago}`,
      detail: [
        "PostgreSQL ended one transaction of each. Two pieces of code take the same locks in another order.",
      ],
      evidence: {
        deadlocks: n,
        seconds: Math.round(of.seconds),
        beforePerHour: usual.deadlocksPerHour,
      },
      remedy: {
        summary:
          "The server's log has both statements of each: look for `deadlock detected` and its DETAIL. Let both take their locks in one order.",
      },
      measure: { value: n, unit: "count", of: "deadlocks" },
    },
  ];
}

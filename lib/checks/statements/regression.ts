import * as z from "zod";
import { grantMonitor } from "../../core/activity/who.ts";
import { defineCheck } from "../../core/check.ts";
import { firstLook, type Past, pastsOf, secondsBetween } from "../../core/past.ts";
import { countingServerSchema } from "../../core/server.ts";
import type { Severity } from "../../core/severity.ts";
import { count, duration } from "../../core/units.ts";
import { type StatementLook, statementCounters } from "../reads/statement-counters.ts";
import { regressionExamples } from "./regression/examples.ts";
import { objectOf, slower } from "./regression/finding.ts";
import { type Picture, type Remembered, remembered, type Span } from "./regression/memory.ts";
import { type Course, coursesOf, meanOf, pictureOf, windowsAfter } from "./regression/windows.ts";

const options = z.object({
  warning: z.number().min(1).default(2).describe("So many times the time that a call took before"),
  critical: z.number().min(1).default(10).describe("The same, when it cannot wait"),
  more: duration.prefault("20ms").describe("And a call takes at least so much longer"),
  calls: z.int().min(1).default(50).describe("Judged when it was called so often"),
  fresh: duration
    .prefault("50ms")
    .describe("A statement that was not there before and takes so long; ten times it is a warning"),
  renew: duration.prefault("7d").describe("Without a watch: what was so for so long is how it is"),
});
type Options = z.output<typeof options>;

export const statementsRegression = defineCheck({
  id: "statements/regression",
  title: "No statement became slower than it was",
  failureTitle: "Statement that takes much longer than before",
  why: "A lost index, another plan or old statistics make a statement slow while the schema looks right.",
  source: "https://www.postgresql.org/docs/current/pgstatstatements.html",
  options,
  profiles: ["watch"],
  needs: { extension: "pg_stat_statements", store: true, privilege: "pg_monitor" },
  counters: true,
  for: 2,
  reads: { look: statementCounters },

  judge({ look }, options, context) {
    const { server, baseline } = context;
    if (look.state === "not-loaded" || server === undefined) return notLoaded(look);
    const { before, last, isAnother } = pastsOf(remembered, context, "counters");
    const now = pictureOf(look);
    const own = {
      server: countingServerSchema.parse(server),
      resetAt: look.resetAt,
      now,
    };
    const blind = blindTo(look, server.role);
    if (before === undefined || last === undefined) {
      const first = firstLook(`${count(look.seen, "statement")}, counted from now on`, {
        isAnother,
      });
      const usual = before?.memory.now ?? null;
      return {
        ...first,
        ...(blind === undefined ? {} : { blind }),
        memory: { ...own, usual, windows: {} },
      };
    }
    const usual = usualOf(before, look.at, options.renew);
    const courses = coursesOf(look, last, usual, options.calls);
    const judged = courses.map((course) => ({ course, verdict: verdictOn(course, options) }));
    const findings = judged.flatMap(({ course, verdict }) =>
      verdict === undefined
        ? []
        : [
            slower(course, verdict.span, verdict.severity, {
              versionNum: server.versionNum,
              schema: look.schema,
            }),
          ],
    );
    const full = courses.filter(({ isFull }) => isFull).length;
    return {
      scope: [
        `${full} of ${count(look.seen - look.hidden, "statement")} called often enough to judge`,
        ...evictions(look),
      ].join("; "),
      findings,
      still: judged
        .filter(({ course, verdict }) => verdict === undefined && isNear(course, options))
        .map(({ course }) => objectOf(course.statement)),
      series: seriesOf(courses, usual, secondsBetween(last.memory.now.at, look.at), last),
      blind,
      memory: {
        ...own,
        // A watch keeps the set of all that there was; this is for the read's rough guess.
        usual: baseline === undefined ? usual : { ...usual, known: null },
        windows: windowsAfter(courses, (course) => verdictOn(course, options) !== undefined),
      },
    };
  },

  examples: regressionExamples,
});

function notLoaded({ version }: StatementLook) {
  return {
    scope: "no statement is counted",
    findings: [],
    blind: {
      cause: "error" as const,
      reason: `the extension pg_stat_statements ${version} is installed, but its library is not loaded`,
      cure: "shared_preload_libraries = 'pg_stat_statements', and a restart",
    },
  };
}

function blindTo({ seen, hidden }: StatementLook, role: string) {
  if (hidden === 0) return undefined;
  return {
    cause: "privilege" as const,
    reason: `${hidden.toLocaleString("en-US")} of ${count(seen, "statement")} belong to roles that ${role} may not look into`,
    cure: grantMonitor(role),
  };
}

const evictions = ({ evicted }: StatementLook): readonly string[] =>
  evicted ? [`${count(evicted, "entry was", "entries were")} evicted since the reset`] : [];

/** The watch's picture; else the one that is carried along, which grows old. */
function usualOf({ memory, isBaseline }: Past<Remembered>, now: string, renew: number): Picture {
  const { usual } = memory;
  if (isBaseline || usual === null) return memory.now;
  return secondsBetween(usual.at, now) >= renew ? memory.now : usual;
}

/** Fewer calls before say little of how it was. */
const fewBefore = 10;

function severityOf({ usual }: Course, span: Span, options: Options): Severity | undefined {
  const mean = meanOf(span);
  const { warning, critical, more, fresh } = options;
  if (usual.kind === "not known") return undefined;
  if (usual.kind === "new") {
    return mean >= fresh * 10_000 ? "warning" : mean >= fresh * 1000 ? "notice" : undefined;
  }
  const before = meanOf(usual);
  if (mean < before * warning || mean < before + more * 1000) return undefined;
  if (usual.calls < fewBefore) return mean >= fresh * 1000 ? "warning" : undefined;
  return mean >= before * critical ? "critical" : "warning";
}

/** Of the newest window that was full: one that is not yet full says nothing against it. */
function verdictOn(
  course: Course,
  options: Options,
): { readonly severity: Severity; readonly span: Span } | undefined {
  const span = course.isFull ? course.span : course.last;
  const severity = span === null ? undefined : severityOf(course, span, options);
  return span === null || severity === undefined ? undefined : { severity, span };
}

/** Not slow enough to begin, too slow to be over. */
function isNear({ isFull, span, usual }: Course, { warning, more }: Options): boolean {
  if (!isFull || !("calls" in usual)) return false;
  const [mean, before] = [meanOf(span), meanOf(usual)];
  return mean >= before * (1 + (warning - 1) / 2) && mean >= before + more * 500;
}

const drawn = 5;

/** The statements that took most time before: calls a minute, and milliseconds a call. */
function seriesOf(
  courses: readonly Course[],
  usual: Picture,
  seconds: number,
  last: Past<Remembered>,
): Record<string, number> {
  const top = Object.entries(usual.statements)
    .sort(([, [, a]], [, [, b]]) => b - a)
    .slice(0, drawn)
    .map(([key]) => key);
  const ofTop = courses.filter(({ statement }) => top.includes(statement.key));
  return Object.fromEntries(
    ofTop.flatMap(({ statement }) => {
      const [calls, ms] = last.memory.now.statements[statement.key] ?? [];
      if (calls === undefined || ms === undefined || statement.calls < calls) return [];
      const since = { calls: statement.calls - calls, ms: statement.ms - ms };
      return [
        [
          `statement ${statement.queryid}: calls a minute`,
          (since.calls / Math.max(seconds, 1)) * 60,
        ],
        [`statement ${statement.queryid}: ms a call`, meanOf(since)],
      ];
    }),
  );
}

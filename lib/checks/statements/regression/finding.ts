import type { FindingDraft, Remedy } from "../../../core/finding.ts";
import type { Severity } from "../../../core/severity.ts";
import { count, sayTime } from "../../../core/units.ts";
import type { StatementCounters } from "../../reads/statement-counters.ts";
import type { Span } from "./memory.ts";
import { type Course, meanOf } from "./windows.ts";

export const objectOf = ({ queryid, role, isTopLevel }: StatementCounters) => ({
  kind: "statement",
  name: queryid,
  identity: `statement ${queryid} of ${role}${isTopLevel ? "" : " (inside a function)"}`,
});

/** Which server, and where its extension is (quoted). */
interface Place {
  readonly versionNum: number;
  readonly schema: string;
}

/** @param span the newest window that was full */
export function slower(
  course: Course,
  span: Span,
  severity: Severity,
  { versionNum, schema }: Place,
): FindingDraft {
  const { statement, usual, text } = course;
  const mean = meanOf(span);
  const before = "calls" in usual ? meanOf(usual) : undefined;
  const name = text === null ? `Statement ${statement.queryid}` : `\`${shortened(text)}\``;
  const takes = `${name} of ${statement.role} takes ${sayMs(mean)} a call`;
  return {
    object: objectOf(statement),
    severity,
    summary:
      before === undefined
        ? `New: ${takes}`
        : `A statement of ${statement.role} takes ${sayTimes(mean / Math.max(before, 0.001))} as long (${sayMs(mean)} a call, ${sayMs(before)} before): ${name}`,
    detail: [
      ...(text === null ? [] : [`It runs: ${text}`]),
      `${count(span.calls, "call")} from ${sayTime(span.from)} to ${sayTime(span.to)} took ${sayMs(span.ms)} in all.`,
      ...(usual.kind === "by its text"
        ? ["Its query id is another than before; by its text it is the same statement."]
        : []),
      ...(usual.kind === "new" ? ["It was not there before, or under another text."] : []),
    ],
    evidence: {
      ...{ queryid: statement.queryid, role: statement.role, calls: span.calls },
      ...{ meanMs: rounded(mean), beforeMs: before === undefined ? null : rounded(before) },
      ...{ known: usual.kind, from: span.from, to: span.to, maxMs: rounded(statement.maxMs) },
    },
    remedy: lookAtPlan(statement, text, { versionNum, schema }),
    measure: { value: rounded(mean) / 1000, unit: "seconds", of: "a call" },
  };
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100;

const sayMs = (ms: number): string => {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`;
};

const sayTimes = (factor: number): string =>
  `${factor >= 10 ? Math.round(factor).toLocaleString("en-US") : Math.round(factor * 10) / 10} times`;

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

function lookAtPlan(
  { queryid }: StatementCounters,
  text: string | null,
  { versionNum, schema }: Place,
): Remedy {
  const counters = `SELECT * FROM ${schema}.pg_stat_statements WHERE queryid = ${queryid};`;
  const summary =
    "Look at its plan. Was an index dropped that it used? Are the statistics of its tables as old as a bulk load (ANALYZE)?";
  // Parameters have no values here: 16 and newer plan without them.
  const canPlan =
    versionNum >= 160_000 &&
    text !== null &&
    !/[?…]/.test(text) &&
    /^(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|VALUES)\b/i.test(text);
  return canPlan ? { summary, sql: `EXPLAIN (GENERIC_PLAN) ${text};` } : { summary, sql: counters };
}

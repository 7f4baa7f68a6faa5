import { fails } from "../core/exit-code.ts";
import { isBlind, type Outcome } from "../core/outcome.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { sayTarget } from "../core/target.ts";
import type { RenderContext } from "./context.ts";
import { findingText } from "./plain.ts";
import { element, xmlText } from "./xml.ts";

/**
 * JUnit as Jenkins, GitLab and GitHub's actions read it: a suite a target, a case a check. A
 * finding at or above `failOn` is a failure, what could not be looked at an error, what has
 * nothing to say here is skipped; a lesser finding stands in the output of a case that passed.
 */
export function junit(run: RunDocument, context: RenderContext): string {
  const { startedAt, finishedAt } = run.run;
  const suites = run.reports.map((report, index) => suite(report, index, context));
  const sum = (of: (report: Report) => number) =>
    run.reports.reduce((total, report) => total + of(report), 0);
  const root = element(
    "testsuites",
    {
      name: "pgvigil",
      tests: sum(({ outcomes }) => outcomes.length),
      failures: sum(({ outcomes }) => outcomes.filter(hasFailed(context)).length),
      errors: sum(({ outcomes }) => outcomes.filter(isBlind).length),
      time: seconds(startedAt, finishedAt),
    },
    ["\n", ...suites],
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function suite(report: Report, id: number, context: RenderContext): string {
  const { target, outcomes, startedAt, finishedAt, server } = report;
  const properties = Object.entries(server ?? {}).map(([name, value]) =>
    element("property", { name, value: String(value) }),
  );
  const head = {
    name: sayTarget(target),
    id,
    tests: outcomes.length,
    failures: outcomes.filter(hasFailed(context)).length,
    errors: outcomes.filter(isBlind).length,
    skipped: outcomes.filter(isSkipped).length,
    time: seconds(startedAt, finishedAt),
    timestamp: startedAt.slice(0, 19), // without zone or fraction, as Ant wrote it
  };
  const cases = outcomes.map((outcome) => `  ${testcase(report, outcome, context)}\n`);
  const children = properties.length > 0 ? [`  ${element("properties", {}, properties)}\n`] : [];
  return `${element("testsuite", head, ["\n", ...children, ...cases])}\n`;
}

/** The schema wants this order: skipped, error, failure, system-out. */
function testcase({ target }: Report, outcome: Outcome, context: RenderContext): string {
  const { check, findings, scope, cause, reason = "", cure, errorClass } = outcome;
  const failures = findings.filter(({ severity }) => fails(severity, context.failOn));
  const lesser = findings.filter(({ severity }) => !fails(severity, context.failOn));
  const told = [`Scope: ${scope}`, ...lesser.map((f) => `${f.severity}: ${findingText(f)}`)];
  return element("testcase", { name: check, classname: sayTarget(target) }, [
    ...(isSkipped(outcome) ? [element("skipped", {}, [xmlText(reason)])] : []),
    ...(isBlind(outcome)
      ? [element("error", { type: errorClass ?? cause, message: reason }, [xmlText(cure ?? "")])]
      : []),
    ...failures.map((finding) =>
      element("failure", { type: finding.severity, message: finding.summary }, [
        xmlText(findingText(finding)),
      ]),
    ),
    element("system-out", {}, [xmlText(told.join("\n\n"))]),
  ]);
}

const isSkipped = ({ cause }: Outcome): boolean => cause === "not-applicable";

const hasFailed =
  ({ failOn }: RenderContext) =>
  ({ findings }: Outcome): boolean =>
    findings.some(({ severity }) => fails(severity, failOn));

const seconds = (from: string, to: string): string =>
  ((Date.parse(to) - Date.parse(from)) / 1000).toFixed(3);

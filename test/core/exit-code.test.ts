import { expect, test } from "vitest";
import { Interrupted, UsageError } from "../../lib/core/errors.ts";
import { exitCodeOf, exitCodeOfError } from "../../lib/core/exit-code.ts";
import type { Outcome } from "../../lib/core/outcome.ts";
import type { Report } from "../../lib/core/report.ts";
import type { Severity } from "../../lib/core/severity.ts";

const runOf = (...outcomes: Partial<Outcome>[]) => ({
  reports: [{ outcomes: outcomes.map((o) => ({ findings: [], ...o })) } as unknown as Report],
});
const passed = { status: "passed" } as const;
const blind = { status: "skipped", cause: "privilege" } as const;
const found = (severity: Severity) =>
  ({ status: "found", findings: [{ severity }] }) as unknown as Partial<Outcome>;

test.each([
  ["all is well", runOf(passed), "warning", 0],
  [
    "nothing to look at here leaves it healthy",
    runOf(passed, { cause: "not-applicable" }),
    "warning",
    0,
  ],
  ["a warning", runOf(passed, found("warning")), "warning", 1],
  ["a notice is below the default", runOf(found("notice")), "warning", 0],
  ["unless asked for", runOf(found("notice")), "notice", 1],
  ["a warning is below critical", runOf(found("warning")), "critical", 0],
  ["a finding comes before what was not seen", runOf(blind, found("critical")), "warning", 1],
  ["what was not seen comes before healthy", runOf(blind, passed), "warning", 6],
  ["a finding that does not fail hides no blindness", runOf(blind, found("notice")), "warning", 6],
  ["never is about findings, not about blindness", runOf(blind, found("critical")), "never", 6],
  ["never lets findings pass", runOf(found("critical")), "never", 0],
  ["a run of nothing found nothing out", { reports: [] }, "warning", 6],
] as const)("%s", (_, run, failOn, code) => {
  expect(exitCodeOf(run, failOn)).toBe(code);
});

test("interrupted comes first of all", () => {
  expect(exitCodeOf(runOf(found("critical")), "warning", true)).toBe(130);
  expect(exitCodeOfError(new Interrupted("stop"))).toBe(130);
});

test("a wrong request is 5, a bug of ours is no exit code of the contract", () => {
  expect(exitCodeOfError(new UsageError("no such target", "pgvigil checks"))).toBe(5);
  expect(exitCodeOfError(new TypeError("oops"))).toBe(undefined);
});

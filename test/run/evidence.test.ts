import { expect, test } from "vitest";
import * as z from "zod";
import type { Outcome } from "../../lib/core/outcome.ts";
import { sqlRead } from "../../lib/core/read.ts";
import type { Report, RunDocument } from "../../lib/core/report.ts";
import { countOutcomes } from "../../lib/core/report.ts";
import { shared } from "../../lib/run/evidence.ts";
import { type ChosenCheck, judge } from "../../lib/run/judge.ts";
import { replay } from "../../lib/run/replay.ts";
import { beginRun, endRun } from "../../lib/run/run-document.ts";
import { largeNumber, numbers } from "../support/fake-check.ts";

const own = sqlRead({ id: "own", sql: "SELECT 1 AS n", row: z.object({ n: z.int() }) });
const checks: readonly ChosenCheck[] = [
  { check: largeNumber("capacity/a"), options: { limit: 10 } },
  { check: largeNumber("capacity/b"), options: { limit: 10 } },
  { check: largeNumber("capacity/own", own), options: { limit: 10 } },
];
const rows = [{ n: 5 }, { n: 50 }];
const target = { environment: "test", name: "shop" };
const now = new Date("2026-11-20T03:00:00Z");
const context = { now, server: undefined, profile: "nightly" } as const;

/** As each check kept what it read, before any of it was shared. */
const outcomes: readonly Outcome[] = checks.map((chosen) => ({
  ...judge(chosen, { numbers: rows }, context, target, []),
  evidence: { numbers: rows },
}));

const run = (kept: Pick<Report, "outcomes" | "evidence">): RunDocument =>
  endRun(
    beginRun("nightly", now, "test"),
    [
      {
        ...{ target, startedAt: now.toISOString(), finishedAt: now.toISOString() },
        ...{ verdict: "healthy", counts: countOutcomes([]) },
        ...kept,
      },
    ],
    now,
  );

const judgedAgain = (document: RunDocument) => {
  const chosen = () => checks.map((each) => ({ ...each, options: { limit: 1 } }));
  return replay(document, { chosen, ignore: () => [] }).reports[0]?.outcomes.map(
    ({ findings }) => findings.length,
  );
};

test("what several checks read is kept once, and what one read is its own", () => {
  const kept = shared(outcomes, checks);
  expect(kept.evidence).toEqual({ [numbers.id]: rows });
  expect(kept.outcomes.map(({ evidence }) => evidence)).toEqual([{}, {}, { numbers: rows }]);
  expect(JSON.stringify(kept).split('"n":50').length).toBeLessThan(
    JSON.stringify(outcomes).split('"n":50').length,
  );
});

test("a run is judged again from either form", () => {
  expect(judgedAgain(run(shared(outcomes, checks)))).toEqual([2, 2, 2]);
  expect(judgedAgain(run({ outcomes: [...outcomes] }))).toEqual([2, 2, 2]);
});

test("what a check did not read is not made up from what another one did", () => {
  const [first, , third] = outcomes;
  if (first === undefined || third === undefined) throw new Error("three outcomes");
  const { evidence: _, ...skipped } = third;
  const kept = shared([first, { ...skipped, status: "skipped", findings: [] }], checks);
  expect(kept).not.toHaveProperty("evidence");
  expect(judgedAgain(run(kept))).toEqual([2, 0]);
});

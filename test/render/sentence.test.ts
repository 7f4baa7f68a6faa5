import { expect, test } from "vitest";
import type { Severity } from "../../lib/core/severity.ts";
import { definitionLines, evidenceLine } from "../../lib/render/evidence.ts";
import { fleetSentence, reportSentence } from "../../lib/render/sentence.ts";
import { fleet, healthy, outcome, reportOf, runOf } from "./sample-run.ts";

const finding = (severity: Severity) => ({
  object: { kind: "table", identity: severity },
  severity,
  summary: "odd",
  evidence: {},
});
const passed = outcome("indexes/invalid", "passed");
const absent = outcome("migrations/dirty", "skipped", { cause: "not-applicable" });
const late = outcome("capacity/disk", "skipped", { cause: "out-of-time" });
const found = (...severities: Severity[]) =>
  outcome("locks/blocking-chain", "found", { findings: severities.map(finding) });

test.each([
  ["all is well", [passed, absent], {}, "healthy, 1 check passed"],
  [
    "notices do not make it ill",
    [passed, found("notice")],
    {},
    "healthy, 1 notice, 1 check passed",
  ],
  [
    "nor does a notice hide what was not seen",
    [found("notice"), late],
    {},
    "unknown: 1 check could not look, 1 notice, 0 checks passed",
  ],
  [
    "worst first",
    [found("notice", "critical", "warning", "warning")],
    {},
    "1 critical, 2 warnings, 1 notice",
  ],
  ["unknown is never green", [passed, late], {}, "unknown: 1 check could not look, 1 check passed"],
  ["both", [found("warning"), late], {}, "1 warning; 1 check could not look"],
  [
    "found, and not all seen",
    [outcome("indexes/invalid", "found", { cause: "privilege", findings: [finding("warning")] })],
    {},
    "1 warning; 1 check could not look everywhere",
  ],
  [
    "no connection",
    [outcome("server/unreachable", "failed", { cause: "unreachable" })],
    { server: undefined },
    "no connection; 1 check could not look",
  ],
  [
    "the run's time was up before",
    [late],
    { server: undefined },
    "not looked at; 1 check could not look",
  ],
])("the verdict in a sentence: %s", (_, outcomes, more, sentence) => {
  expect(reportSentence(reportOf(outcomes, more))).toBe(`production/orders: ${sentence}`);
});

test("a fleet in a sentence", () => {
  expect(fleetSentence(runOf(healthy, healthy))).toBe("2 targets: all healthy");
  expect(fleetSentence(fleet)).toBe(
    "3 targets: 3 critical, 412 warnings, 1 notice; no look at 1 target; 10 checks could not look everywhere",
  );
});

test("evidence is short, and units stand where the key has them", () => {
  const evidence = {
    ageSeconds: 3700,
    sizeBytes: 2048,
    isReady: true,
    isUnique: false,
    absent: null,
    modes: ["a", "b", "c", "d", "e", "f"],
    none: [],
    query: "x".repeat(200),
    sessions: [1, 2, 3, 4, 5].map((pid) => ({ pid, waitSeconds: 61 })),
  };
  expect(evidenceLine({ evidence })).toBe(
    "age 1 h 1 min, size 2.0 kB, is ready, is unique no, modes a, b, c, d, e and 1 more",
  );
  expect(evidenceLine({ evidence: {} })).toBe("");
});

test("an object's definitions stand one under the other, of long ones what differs", () => {
  expect(definitionLines({ evidence: { before: "total int", after: "total bigint" } })).toEqual([
    "- total int",
    "+ total bigint",
  ]);
  expect(definitionLines({ evidence: { before: null, after: "one\ntwo" } })).toEqual([
    "+ one",
    "+ two",
  ]);
  const body = Array.from({ length: 30 }, (_, i) => `line ${i}`);
  const changed = body.with(7, "line seven");
  const evidence = { before: body.join("\n"), after: changed.join("\n") };
  expect(definitionLines({ evidence })).toEqual(["- line 7", "+ line seven"]);
});

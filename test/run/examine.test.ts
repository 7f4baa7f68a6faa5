import { expect, test } from "vitest";
import type { Check } from "../../lib/core/check.ts";
import { DatabaseError, type ErrorClass } from "../../lib/core/errors.ts";
import type { Session } from "../../lib/core/ports.ts";
import { optionsOf } from "../../lib/run/choose.ts";
import type { Examination } from "../../lib/run/examination.ts";
import { examine } from "../../lib/run/examine.ts";
import { largeNumber, numbers } from "../support/fake-check.ts";
import { fakeSession } from "../support/fake-session.ts";

const refusal = (errorClass: ErrorClass) =>
  new DatabaseError(errorClass, `it was ${errorClass}`, { hint: "mend it" });

const examining = (
  session: Session | (() => Promise<Session>),
  checks: readonly Check[] = [largeNumber()],
  more: Partial<Examination> = {},
) =>
  examine({
    target: { environment: "production", name: "orders" },
    profile: "nightly",
    checks: checks.map((check) => ({ check, options: optionsOf(check, {}) })),
    connect: typeof session === "function" ? session : async () => session,
    store: undefined,
    clock: () => new Date(),
    deadline: Date.now() + 60_000,
    ignore: [],
    past: () => undefined,
    ...more,
  });

test("a read that several checks want is asked once", async () => {
  const session = fakeSession(() => [{ n: 1 }]);
  const checks = [largeNumber("capacity/a"), largeNumber("capacity/b")];
  const report = await examining(session, checks);
  expect(session.asked.map(({ id }) => id)).toEqual(["numbers"]);
  expect(report.outcomes.map(({ status }) => status)).toEqual(["passed", "passed"]);
});

test("findings come worst first, with a fingerprint that holds no number, and are counted", async () => {
  const report = await examining(fakeSession(() => [{ n: 11 }, { n: 900 }, { n: 2 }]));
  const [outcome] = report.outcomes;
  expect(outcome?.findings.map(({ severity }) => severity)).toEqual(["critical", "warning"]);
  expect(outcome?.findings[0]?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(report).toMatchObject({
    verdict: "findings",
    counts: { found: 1, critical: 1, warning: 1 },
  });
});

test("an answer that is not what was asked for fails the check, with what came", async () => {
  const report = await examining(fakeSession(() => [{ n: "eleven" }]));
  expect(report.outcomes[0]).toMatchObject({
    status: "failed",
    cause: "error",
    errorClass: "unexpected-answer",
    reason: expect.stringContaining('n is "eleven"'),
  });
  expect(report.verdict).toBe("unknown");
});

test.each([
  ["privilege", "skipped", "privilege"],
  ["lock", "skipped", "lock"],
  ["timeout", "skipped", "timeout"],
  ["going-away", "skipped", "unreachable"],
  ["other", "failed", "error"],
] as const)("a read refused by %s is %s, never green", async (errorClass, status, cause) => {
  const report = await examining(fakeSession(() => Promise.reject(refusal(errorClass))));
  expect(report.outcomes[0]).toMatchObject({ status, cause, cure: "mend it" });
  expect(report.verdict).toBe("unknown");
});

test("what vanished under a question is asked for again, three times at most", async () => {
  let asked = 0;
  const session = fakeSession(() => {
    asked += 1;
    return asked < 3 ? Promise.reject(refusal("changed-underneath")) : [{ n: 1 }];
  });
  expect((await examining(session)).verdict).toBe("healthy");
  asked = -10;
  expect((await examining(session)).outcomes[0]).toMatchObject({ status: "failed" });
  expect(asked).toBe(-7);
});

test("one check's fault does not take the others with it", async () => {
  const broken: Check = {
    ...largeNumber("capacity/broken"),
    judge() {
      throw new TypeError("a bug of ours");
    },
  };
  const report = await examining(
    fakeSession(() => [{ n: 1 }]),
    [broken, largeNumber()],
  );
  expect(report.outcomes).toMatchObject([
    { status: "failed", cause: "error", reason: "a bug of ours" },
    { status: "passed" },
  ]);
});

test("what the time did not suffice for is skipped as out-of-time, not dropped", async () => {
  let now = 0;
  const session = fakeSession(() => {
    now += 40_000;
    return [{ n: 1 }];
  });
  const other = { ...numbers, id: "other" };
  const third = { ...numbers, id: "third" };
  const report = await examining(
    session,
    [largeNumber("capacity/a"), largeNumber("capacity/b", other), largeNumber("capacity/c", third)],
    { clock: () => new Date(now), deadline: 60_000 },
  );
  expect(report.outcomes.map(({ cause }) => cause)).toEqual([undefined, undefined, "out-of-time"]);
  expect(session.asked.at(-1)?.timeout).toBeLessThanOrEqual(20);
});

test("the session is closed whatever happens", async () => {
  const session = fakeSession(() => Promise.reject(refusal("other")));
  await examining(session);
  expect(session.isClosed).toBe(true);
});

test("nobody answers: every check says that it did not look, and what to do", async () => {
  const report = await examining(() => Promise.reject(refusal("unreachable")));
  expect(report.outcomes).toMatchObject([
    { status: "skipped", cause: "unreachable", reason: "it was unreachable", cure: "mend it" },
  ]);
  expect(report.server).toBeUndefined();
});

test("ignored findings are hidden and counted", async () => {
  const session = fakeSession(() => [{ n: 11 }]);
  const ignore = [{ check: "capacity/*", name: "1*", reason: "known" }];
  const report = await examining(session, [largeNumber()], { ignore });
  expect(report).toMatchObject({ verdict: "healthy", counts: { ignored: 1, found: 0 } });
});

test("whoever is interrupted before the second look has the report, and the first", async () => {
  const interrupt = new AbortController();
  const witness = {
    isCalled: () => true,
    begin: () => async () => {
      setTimeout(() => interrupt.abort(), 10);
      return { at: "2026-11-20T03:00:00.000Z" };
    },
    pause: 30_000,
  };
  const session = fakeSession(() => [{ n: 900 }]);
  const report = await examining(session, [largeNumber()], { witness, signal: interrupt.signal });
  expect(report.outcomes[0]).toMatchObject({ status: "found" });
  expect(report.scenes).toEqual([{ at: "2026-11-20T03:00:00.000Z" }]);
});

import { describe, expect, test } from "vitest";
import { nextTick } from "../../lib/cli/deployment/next-tick.ts";
import { allows } from "../../lib/cli/deployment/policy.ts";
import { schedulerCrons } from "../../lib/constructs/cron.ts";

describe("when a schedule of EventBridge comes next", () => {
  const now = new Date("2026-11-20T13:00:00Z");
  const next = (expression: string, timezone = "UTC") =>
    nextTick({ expression, timezone }, now)?.toISOString();

  test.each([
    ["7 * * * *", "2026-11-20T13:07:00.000Z"],
    ["0 3 * * *", "2026-11-21T03:00:00.000Z"],
    ["0 8 * * 1-5", "2026-11-23T08:00:00.000Z"],
    ["5-59/10 * * * *", "2026-11-20T13:05:00.000Z"],
    ["30 1 1 * *", "2026-12-01T01:30:00.000Z"],
    ["0 0 29 2 *", undefined],
  ])("%s, as the stack writes it, is %s", (cron, at) => {
    const [expression = ""] = schedulerCrons(cron);
    expect(next(expression)).toBe(at);
  });

  test("is said in the zone of the schedule", () => {
    expect(next("cron(0 3 * * ? *)", "Europe/Berlin")).toBe("2026-11-21T02:00:00.000Z");
  });

  test.each([
    "rate(5 minutes)",
    "at(2026-11-21T00:00:00)",
    "cron(nonsense)",
    "cron(0 3 L * ? *)",
    "",
  ])("of %j nobody can say", (expression) => {
    expect(next(expression)).toBeUndefined();
  });
});

describe("a policy lets in whom it names, for what it names", () => {
  const alarms = "cloudwatch.amazonaws.com";
  const saying = (statement: object) => JSON.stringify({ Statement: [statement] });
  const grant = { Effect: "Allow", Principal: { Service: alarms }, Action: "sns:Publish" };

  test.each<[string, string, string, boolean]>([
    ["the service", saying(grant), alarms, true],
    ["one of several", saying({ ...grant, Principal: { Service: ["x", alarms] } }), alarms, true],
    ["everybody", saying({ ...grant, Principal: "*" }), alarms, true],
    ["any action of the service", saying({ ...grant, Action: "SNS:*" }), alarms, true],
    [
      "an account",
      saying({ ...grant, Principal: { AWS: "arn:aws:iam::444455556666:root" } }),
      "444455556666",
      true,
    ],
    [
      "another account",
      saying({ ...grant, Principal: { AWS: "444455556666" } }),
      "111122223333",
      false,
    ],
    ["nobody: it denies", saying({ ...grant, Effect: "Deny" }), alarms, false],
    ["nobody: another action", saying({ ...grant, Action: ["sns:Subscribe"] }), alarms, false],
    [
      "nobody: a dot is a dot",
      saying({ ...grant, Principal: { Service: "cloudwatchXamazonaws.com" } }),
      alarms,
      false,
    ],
    ["nobody: no policy", "", alarms, false],
    ["nobody: another shape", "[]", alarms, false],
  ])("%s", (_, policy, who, isLet) => {
    expect(allows(policy, who, ["sns:Publish"])).toBe(isLet);
  });

  test("what is granted in two statements is granted", () => {
    const Statement = [grant, { ...grant, Action: ["kms:Decrypt"] }];
    expect(allows(JSON.stringify({ Statement }), alarms, ["kms:Decrypt", "sns:Publish"])).toBe(
      true,
    );
  });
});

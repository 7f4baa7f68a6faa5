import { expect, test } from "vitest";
import { isWanted } from "../../lib/core/subscription.ts";

const attributes = {
  severity: ["warning", "critical"],
  environment: "production",
  target: "production/orders",
  owner: "payments",
  check: "locks/blocking-chain",
};

test.each([
  [{}, true],
  [{ severity: ["critical"] }, true],
  [{ severity: ["notice"] }, false],
  [{ severity: ["critical"], environment: ["staging"] }, false],
  [{ environment: ["staging", "production"] }, true],
  [{ target: ["production/*"], check: ["locks/*"] }, true],
  [{ target: ["staging/*"] }, false],
  [{ owner: ["shop"] }, false],
])("a subscription to %j: %s", (wishes, wanted) => {
  expect(isWanted(wishes, { attributes })).toBe(wanted);
});

test("what a message does not say cannot fit: a digest has no owner", () => {
  expect(isWanted({ owner: ["shop"] }, { attributes: { status: "digest" } })).toBe(false);
  expect(isWanted({}, { attributes: {} })).toBe(true);
});

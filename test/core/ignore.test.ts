import { expect, test } from "vitest";
import type { Finding } from "../../lib/core/finding.ts";
import { hiddenBy, type IgnoreRule, sayRule } from "../../lib/core/ignore.ts";

const now = new Date("2026-11-20T03:00:00Z");
const drift = (evidence: Finding["evidence"]): Finding => ({
  object: { kind: "table", schema: "public", name: "orders", identity: "public.orders" },
  severity: "warning",
  summary: "public.orders differs",
  evidence,
  fingerprint: "00",
});
const hides = (rule: Omit<IgnoreRule, "reason">, evidence: Finding["evidence"] = {}) =>
  hiddenBy("schema/drift-from-last", drift(evidence), [{ ...rule, reason: "because" }], now) !==
  undefined;

test("a rule for facets hides a difference that lies in these alone", () => {
  const rule = { facet: ["privileges", "ownership"] };
  expect(hides(rule, { facets: ["privileges"] })).toBe(true);
  expect(hides(rule, { facets: ["ownership", "privileges"] })).toBe(true);
  expect(hides(rule, { facets: ["privileges", "structure"] })).toBe(false);
  expect(hides(rule, { facets: [] })).toBe(false);
  expect(hides(rule, {})).toBe(false);
});

test("all that a rule says must fit, and it ends with its day", () => {
  expect(hides({ check: "schema/*", kind: "table", name: "public.ord*" })).toBe(true);
  expect(hides({ check: "schema/*", kind: "view" })).toBe(false);
  expect(hides({ check: "indexes/*" })).toBe(false);
  expect(hides({ role: "etl" }, { role: "etl" })).toBe(true);
  expect(hides({ kind: "table", until: "2026-11-20" })).toBe(true);
  expect(hides({ kind: "table", until: "2026-11-19" })).toBe(false);
});

test("a rule is said by what it asks for", () => {
  const rule = { check: "schema/*", facet: ["privileges", "ownership"], reason: "by design" };
  expect(sayRule(rule)).toBe("check schema/*, facet privileges or ownership");
});

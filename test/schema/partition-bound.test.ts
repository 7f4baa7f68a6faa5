import { expect, test } from "vitest";
import { beginningOf, compare } from "../../lib/schema/partition-bound.ts";

const range = (from: string) => `FOR VALUES FROM (${from}) TO (MAXVALUE)`;

test.each([
  ["'2025-12-31'", "'2026-01-01'"],
  ["'2026-01-01 00:00:00+00'", "'2026-01-01 00:00:00.5+00'"],
  ["'-5'", "10"],
  ["'9007199254740993'", "'9007199254740994'"],
  ["'2026-01-01', '1', MINVALUE", "'2026-01-01', '2', '2020-01-01'"],
  ["'2026-01'", "'2026-02'"],
  ["'018f3c2a-0000-7000-8000-000000000000'", "'018f3c2b-0000-7000-8000-000000000000'"],
])("a range from %s begins before one from %s", (a, b) => {
  const [first, second] = [beginningOf(range(a)), beginningOf(range(b))];
  if (first === undefined || second === undefined) throw new Error("no beginning");
  expect(compare(first, second)).toBeLessThan(0);
  expect(compare(second, first)).toBeGreaterThan(0);
});

test("a list of days begins with its first", () => {
  expect(beginningOf("FOR VALUES IN ('2026-01-02', '2026-01-01')")).toEqual(
    beginningOf(range("'2026-01-01'")),
  );
});

test.each([
  "DEFAULT",
  "FOR VALUES WITH (modulus 2, remainder 0)",
  "FOR VALUES FROM (MINVALUE) TO ('2026-01-01')",
  "FOR VALUES FROM ('0044-03-15 BC') TO (MAXVALUE)",
  "FOR VALUES FROM ('a') TO (') TO (''2026-01-01')",
  "FOR VALUES FROM ('6ba7b810-9dad-41d1-80b4-00c04fd430c8') TO (MAXVALUE)",
  "FOR VALUES IN ('1')",
  "FOR VALUES IN (NULL)",
  "FOR VALUES IN ('2026-01-01', NULL)",
  undefined,
])("%s has no place in an order of time or number", (bound) => {
  expect(beginningOf(bound)).toBeUndefined();
});

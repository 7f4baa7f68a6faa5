import * as fc from "fast-check";
import { expect, test } from "vitest";
import { keySetOf, keysIn } from "../../../lib/checks/reads/key-set.ts";
import { printOf } from "../../../lib/checks/reads/statement-counters.ts";

test.each([
  ["other values", "SELECT a FROM t WHERE b = 1", "SELECT a FROM t WHERE b = 2"],
  ["parameters", "SELECT a FROM t WHERE b = $1", "SELECT a FROM t WHERE b = $7"],
  ["white space", "SELECT a\n  FROM t", "SELECT a FROM t"],
  ["a trace id", "SELECT a FROM t /* trace=1f */", "SELECT a FROM t /* trace=2e */"],
  ["a longer list", "SELECT 1 WHERE a IN ($1, $2)", "SELECT 1 WHERE a IN ($1, $2, $3)"],
])("a statement is known again with %s", (_, one, other) => {
  expect(printOf(one)).toBe(printOf(other));
});

test("another column is another statement", () => {
  expect(printOf("SELECT a FROM t")).not.toBe(printOf("SELECT b FROM t"));
  expect(printOf("SELECT a FROM t1")).not.toBe(printOf("SELECT a FROM t2"));
});

test("a set of statements knows each of them, and hardly another", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 500 }), (keys) => {
      const has = keysIn(keySetOf(keys));
      expect(keys.every(has)).toBe(true);
    }),
  );
  const has = keysIn(keySetOf(Array.from({ length: 5000 }, (_, i) => `${i}/10`)));
  const mistaken = Array.from({ length: 5000 }, (_, i) => `${i}/11`).filter(has);
  expect(mistaken.length).toBeLessThan(20);
});

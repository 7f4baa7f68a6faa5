import { expect, test } from "vitest";
import type { Difference } from "../../lib/schema/diff.ts";
import { isOlder, stillUnexplained } from "../../lib/schema/unexplained.ts";

const table = (identity: string): Difference => ({
  change: "added",
  kind: "table",
  identity,
  before: null,
  after: null,
  attributes: [],
  consequences: [],
});
const [a, b] = [table("a"), table("b")];

test("one look of the reference makes nobody sure: its migration may just have ended", () => {
  const once = stillUnexplained([a], { at: "monday", pending: false });
  expect(isOlder(a, once)).toBe(false);
  const again = stillUnexplained([a], { at: "monday", pending: false }, once);
  expect(isOlder(a, again)).toBe(false);
  expect(isOlder(a, stillUnexplained([a], { at: "tuesday", pending: true }, once))).toBe(false);
  const twice = stillUnexplained([a, b], { at: "tuesday", pending: false }, once);
  expect([a, b].map((one) => isOlder(one, twice))).toEqual([true, false]);
});

test("what is sure stays so while it is there, whatever is pending or not known", () => {
  const once = stillUnexplained([a], { at: "monday", pending: false });
  const sure = stillUnexplained([a], { at: "tuesday", pending: false }, once);
  for (const pending of [true, undefined]) {
    expect(isOlder(a, stillUnexplained([a, b], { at: "friday", pending }, sure))).toBe(true);
  }
  const gone = stillUnexplained([], { at: "friday", pending: true }, sure);
  expect(isOlder(a, stillUnexplained([a], { at: "saturday", pending: true }, gone))).toBe(false);
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { risingLine } from "../../../lib/checks/activity/connection-trend/line.ts";

const every = (values: readonly number[]) =>
  values.map((value, index) => [index * 300, value] as const);

test("a leak is a line with its slope", () => {
  const line = risingLine(every(Array.from({ length: 25 }, (_, i) => 40 + i)));
  expect(line?.perSecond).toBeCloseTo(1 / 300);
});

test("noise on a leak does not hide it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 24, maxLength: 24 }),
      (noise) => {
        expect(risingLine(every(noise.map((n, i) => 40 + i * 2 + n)))).toBeDefined();
      },
    ),
  );
});

test("no sawtooth of at least four teeth, no flat line and no fall is a rise", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 6 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 10 }),
      (tooth, phase, step) => {
        const teeth = Array.from({ length: 24 }, (_, i) => 40 + ((i + phase) % tooth) * step);
        expect(risingLine(every(teeth))).toBeUndefined();
      },
    ),
  );
  expect(risingLine(every([50, 50, 50, 50, 50, 50]))).toBeUndefined();
  expect(risingLine(every([60, 58, 55, 50, 45, 44]))).toBeUndefined();
  expect(risingLine([])).toBeUndefined();
});

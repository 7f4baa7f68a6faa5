import { expect, test } from "vitest";
import { movementBetween, notIn, type TrackerHead } from "../../lib/core/migrations.ts";

const day = (n: number) => `2026-11-${String(n).padStart(2, "0")} 03:00:00+00`;
const ofAll = (versions: readonly number[], more: Partial<TrackerHead> = {}): TrackerHead => ({
  tool: "Flyway",
  table: "public.history",
  keepsHistory: true,
  applied: versions.length,
  digest: versions.join(),
  newest: versions.slice(-3).map((n) => ({ version: String(n), since: day(n) })),
  inFlight: [],
  ...more,
});
const only = (version: string): TrackerHead => ({
  ...ofAll([]),
  tool: "golang-migrate",
  keepsHistory: false,
  digest: version,
  newest: [{ version, since: null }],
});
const between = (then: readonly TrackerHead[], now: readonly TrackerHead[]) => {
  const { migrations, inFlight, dirty, isRewritten } = movementBetween(then, now);
  return [
    ...migrations,
    ...inFlight.map((one) => `${one}!`),
    ...dirty.map((one) => `${one}?`),
    ...(isRewritten ? ["rewritten"] : []),
  ];
};

test("the migrations that came are named, in their order, as far as their names are kept", () => {
  expect(between([ofAll([1, 2])], [ofAll([1, 2])])).toEqual([]);
  expect(between([ofAll([1, 2])], [ofAll([1, 2, 3])])).toEqual(["3"]);
  expect(between([ofAll([1, 2, 3, 4, 5])], [ofAll([1, 2, 3, 4, 5, 6])])).toEqual(["6"]);
  expect(between([], [ofAll([1, 2, 3, 4, 5])])).toEqual(["2 more", "3", "4", "5"]);
  expect(between([only("41")], [only("43")])).toEqual(["41 -> 43"]);
  expect(between([only("43")], [only("41")])).toEqual(["43 -> 41"]);
});

test("what was taken back is no new migration, though older ones come into sight again", () => {
  expect(between([ofAll([1, 2, 3, 4, 5])], [ofAll([1, 2, 3])])).toEqual(["rewritten"]);
  expect(between([ofAll([1])], [])).toEqual(["rewritten"]);
});

test("one that runs is in flight at each look; one that died, at the first only", () => {
  const running = { inFlight: [{ version: "5", isRunning: true }] };
  const dead = { inFlight: [{ version: "5", isRunning: false }] };
  expect(between([ofAll([1], running)], [ofAll([1], running)])).toEqual(["5!"]);
  expect(between([ofAll([1])], [ofAll([1], dead)])).toEqual(["5?"]);
  expect(between([ofAll([1], dead)], [ofAll([1], dead)])).toEqual([]);
});

test("of the newest alone: dirty is no step, and done is one", () => {
  const half = { ...only("41"), applied: 0, digest: null, newest: [] };
  const dirty = { ...half, inFlight: [{ version: "42", isRunning: false }] };
  expect(between([only("41")], [dirty])).toEqual(["42?"]);
  expect(between([dirty], [only("42")])).toEqual(["42"]);
  expect(between([only("41")], [half])).toEqual(["rewritten"]);
});

test("between environments versions count, not when they were applied, nor what is out of sight", () => {
  const later = ofAll([1, 2, 3]);
  const there = { ...later, newest: later.newest.map((one) => ({ ...one, since: day(9) })) };
  expect(notIn([later], [there])).toEqual([]);
  expect(notIn([ofAll([1, 2, 3, 4, 5])], [ofAll([1, 2, 3, 4])])).toEqual(["5"]);
  expect(notIn([ofAll([1, 2, 3, 4])], [ofAll([1, 2, 3, 4, 5])])).toEqual([]);
  expect(notIn([only("42")], [only("41")])).toEqual(["42"]);
  expect(notIn([only("9")], [only("10")])).toEqual([]);
  expect(notIn([ofAll([1])], [])).toEqual(["1"]);
});

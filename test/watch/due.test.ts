import fc from "fast-check";
import { expect, test } from "vitest";
import type { Watch } from "../../lib/core/watch.ts";
import { due, gapsOf, missedSlots, slotTimes } from "../../lib/watch/due.ts";
import { recorded } from "../../lib/watch/look.ts";
import { defaultPhases, offsets, parsePhases, phasesFor } from "../../lib/watch/phases.ts";
import { after, looked, openWatch, passed } from "./samples.ts";

const hour = 3600;
const all = [passed("indexes/invalid")];

/** Takes what is due at a moment, as a tick does. */
function tick(watch: Watch, seconds: number): Watch {
  const what = due(watch, after(seconds));
  if (what.is !== "look") return watch;
  const { run, report } = looked(seconds, all);
  return recorded(watch, { run }, report);
}

test("two days are 57 looks: dense in the first hour, then sparser", () => {
  const times = offsets(phasesFor(defaultPhases, 48 * hour));
  expect(times).toHaveLength(57);
  expect(times.slice(0, 3)).toEqual([0, 300, 600]);
  expect(times.filter((time) => time > hour && time <= 4 * hour)).toHaveLength(12);
  expect(times.slice(-2)).toEqual([46 * hour, 48 * hour]);
});

test("seven days on request are daily from the third on, and ten go on daily", () => {
  expect(offsets(phasesFor(defaultPhases, 7 * 24 * hour))).toHaveLength(62);
  expect(offsets(phasesFor(defaultPhases, 10 * 24 * hour)).at(-1)).toBe(10 * 24 * hour);
});

test("phases go down to parts of a second, and end where the watch does", () => {
  expect(offsets(phasesFor(parsePhases("500ms/2s,1s/5s"), 4))).toEqual([0, 0.5, 1, 1.5, 2, 3, 4]);
});

test.each([
  ["5min/1h,15min/30min", /ends after the one before it/],
  ["1s/1h", /3,601 looks, and a watch holds 400/],
])("phases %s are refused in words", (text, words) => {
  expect(() => phasesFor(parsePhases(text), hour)).toThrow(words);
});

test("phases that are none are refused in words", () => {
  for (const text of ["5min", "often/1h", "0s/1h", ""]) {
    expect(() => parsePhases(text)).toThrow(/what is/);
  }
});

test("the first look is due at once, the next in five minutes, and not twice", () => {
  const fresh = openWatch();
  expect(due(fresh, after(0))).toMatchObject({ is: "look", slot: 0, place: "first" });
  const watch = tick(fresh, 2);
  expect(due(watch, after(3))).toEqual({ is: "nothing", nextAt: after(300) });
  expect(due(watch, after(300))).toMatchObject({ is: "look", slot: 1, place: "between" });
});

test("after an outage of a day the look of now is due, and what was missed is one gap", () => {
  const watch = tick(tick(openWatch(), 0), 26 * hour);
  expect(watch.looks.map(({ slot }) => slot)).toEqual([0, 45]);
  const [gap, ...others] = gapsOf(watch, after(26 * hour + 1));
  expect(others).toEqual([]);
  expect(gap).toEqual({
    from: after(300).toISOString(),
    until: after(26 * hour).toISOString(),
    looks: 44,
  });
});

test("who comes back when all is over takes the last look, and then the watch closes", () => {
  const watch = tick(openWatch(), 5);
  expect(due(watch, after(90 * hour))).toMatchObject({ is: "look", slot: 56, place: "last" });
  const last = tick(watch, 90 * hour);
  expect(due(last, after(90 * hour))).toEqual({ is: "closing", because: "over" });
});

test("what was prepared waits for the deployment, and lapses after four hours", () => {
  const { openedAt: _, ...rest } = openWatch({ state: "prepared" });
  const watch = { ...rest, preparedAt: after(0).toISOString() };
  expect(due(watch, after(600))).toEqual({ is: "prepared" });
  expect(due(watch, after(5 * hour))).toEqual({ is: "closing", because: "never-started" });
});

test("a closed watch wants nothing", () => {
  expect(due(openWatch({ state: "closed" }), after(0))).toEqual({ is: "closed" });
});

/** Ticks as they come: late, twice, and with a clock that jumps back. */
const ticks = fc.array(fc.integer({ min: -hour, max: 50 * hour }), { maxLength: 60 });

test("whatever the ticks: each slot is taken once or is a gap, never both", () => {
  fc.assert(
    fc.property(ticks, (moments) => {
      const watch = moments.reduce(tick, openWatch());
      const now = after(Math.max(0, ...moments));
      const taken = watch.looks.map(({ slot }) => slot);
      const missed = missedSlots(watch, now);
      expect(new Set([...taken, ...missed]).size).toBe(taken.length + missed.length);
      const newest = Math.max(-1, ...taken, ...missed);
      expect([...taken, ...missed].sort((a, b) => a - b)).toEqual(
        Array.from({ length: newest + 1 }, (_, slot) => slot),
      );
      const gaps = gapsOf(watch, now);
      expect(gaps.reduce((sum, { looks }) => sum + looks, 0)).toBe(missed.length);
    }),
    { numRuns: 500 },
  );
});

test("asked twice at one moment, nothing more is due: whatever came before", () => {
  fc.assert(
    fc.property(ticks, fc.integer({ min: 0, max: 60 * hour }), (moments, now) => {
      const watch = tick(moments.reduce(tick, openWatch()), now);
      expect(due(watch, after(now)).is).not.toBe("look");
      expect(tick(watch, now)).toBe(watch);
    }),
    { numRuns: 500 },
  );
});

test("a clock that jumps back makes nothing due anew, and no time before the next", () => {
  const watch = tick(tick(openWatch(), 0), 3 * hour);
  const what = due(watch, after(hour));
  expect(what).toEqual({ is: "nothing", nextAt: after(3 * hour + 900) });
});

test("slots have their times, and none while nobody has opened the watch", () => {
  expect(slotTimes(openWatch())[1]).toEqual(after(300));
  const { openedAt: _, ...prepared } = openWatch();
  expect(slotTimes(prepared)).toEqual([]);
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openWindow, scheduleOf } from "../../lib/config/occurrences.ts";

const at = (text: string) => new Date(text);

test("The nightly run of Berlin is an hour earlier by UTC in summer", () => {
  const nightly = scheduleOf("0 3 * * *", "Europe/Berlin");
  expect(nightly.nextAt(at("2026-01-10T12:00:00Z"))).toEqual(at("2026-01-11T02:00:00Z"));
  expect(nightly.nextAt(at("2026-07-10T12:00:00Z"))).toEqual(at("2026-07-11T01:00:00Z"));
});

test("An occurrence counts from its own second on", () => {
  const nightly = scheduleOf("0 3 * * *", "UTC");
  expect(nightly.lastAt(at("2026-10-26T03:00:00.000Z"))).toEqual(at("2026-10-26T03:00:00Z"));
  expect(nightly.lastAt(at("2026-10-26T02:59:59.999Z"))).toEqual(at("2026-10-25T03:00:00Z"));
  expect(nightly.nextAt(at("2026-10-26T03:00:00.000Z"))).toEqual(at("2026-10-27T03:00:00Z"));
});

test("A time that daylight saving skips still comes, and one that it doubles comes once", () => {
  const skipped = scheduleOf("30 2 * * *", "Europe/Berlin");
  expect(skipped.nextAt(at("2026-03-28T12:00:00Z"))).toEqual(at("2026-03-29T01:00:00Z"));
  expect(skipped.nextAt(at("2026-10-24T12:00:00Z"))).toEqual(at("2026-10-25T00:30:00Z"));
  expect(skipped.nextAt(at("2026-10-25T00:30:00Z"))).toEqual(at("2026-10-26T01:30:00Z"));
});

test("A window is open from its beginning until just before its end", () => {
  const night = scheduleOf("0 20 * * *", "UTC");
  const open = (now: string) => openWindow(night, 11 * 3_600_000, at(now))?.from.toISOString();
  expect(open("2026-11-20T19:59:59Z")).toBeUndefined();
  expect(open("2026-11-20T20:00:00Z")).toBe("2026-11-20T20:00:00.000Z");
  expect(open("2026-11-21T06:59:59Z")).toBe("2026-11-20T20:00:00.000Z");
  expect(open("2026-11-21T07:00:00Z")).toBeUndefined();
});

test("Between the last occurrence and the next there is none", () => {
  const zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"];
  const crons = ["*/5 * * * *", "7 * * * *", "0 3 * * *", "30 1 * * 0", "0 8 * * 1-5"];
  const moment = fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2028, 0) });
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.constantFrom(...crons), moment, (zone, cron, ms) => {
      const schedule = scheduleOf(cron, zone);
      const last = schedule.lastAt(new Date(ms));
      const next = schedule.nextAt(new Date(ms));
      expect(last?.getTime()).toBeLessThanOrEqual(ms);
      expect(next?.getTime()).toBeGreaterThan(ms);
      expect(last && schedule.nextAt(last)).toEqual(next);
    }),
    { numRuns: 200 },
  );
});

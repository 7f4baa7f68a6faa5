import { expect, test } from "vitest";
import { lastBefore, rhythmAt, scheduleOf } from "../../lib/core/schedule.ts";

const last = (cron: string, at: string, zone = "UTC") =>
  lastBefore(scheduleOf(cron, zone), new Date(at))?.toISOString();

test.each([
  ["0 3 * * *", "2026-11-20T03:00:00Z", "2026-11-20T03:00:00.000Z"],
  ["0 3 * * *", "2026-11-20T02:59:59Z", "2026-11-19T03:00:00.000Z"],
  ["7 * * * *", "2026-11-20T03:06:00Z", "2026-11-20T02:07:00.000Z"],
  ["*/15 8-9 * * 1-5", "2026-11-22T12:00:00Z", "2026-11-20T09:45:00.000Z"],
  ["30 1 * * 0", "2026-11-20T12:00:00Z", "2026-11-15T01:30:00.000Z"],
  ["30 1 * * 7", "2026-11-20T12:00:00Z", "2026-11-15T01:30:00.000Z"],
  ["0 0 29 2 *", "2026-11-20T12:00:00Z", "2024-02-29T00:00:00.000Z"],
])("%s came last before %s at %s", (cron, at, expected) => {
  expect(last(cron, at)).toBe(expected);
});

test("a day fits by the month or by the week, where the cron restricts both", () => {
  expect(last("0 0 13 * 5", "2026-11-20T12:00:00Z")).toBe("2026-11-20T00:00:00.000Z");
  expect(last("0 0 13 * 5", "2026-11-19T12:00:00Z")).toBe("2026-11-13T00:00:00.000Z");
});

test("the clocks are those of the time zone, in summer and in winter", () => {
  expect(last("0 8 * * *", "2026-07-01T12:00:00Z", "Europe/Berlin")).toBe(
    "2026-07-01T06:00:00.000Z",
  );
  expect(last("0 8 * * *", "2026-12-01T12:00:00Z", "Europe/Berlin")).toBe(
    "2026-12-01T07:00:00.000Z",
  );
  expect(last("0 23 * * *", "2026-12-01T15:00:00Z", "Asia/Tokyo")).toBe("2026-12-01T14:00:00.000Z");
  expect(last("0 20 * * *", "2026-12-01T03:00:00Z", "America/Los_Angeles")).toBe(
    "2026-11-30T04:00:00.000Z",
  );
});

test("an hour that the clocks skip comes an hour later, one that comes twice comes once", () => {
  expect(last("30 2 * * *", "2026-03-29T12:00:00Z", "Europe/Berlin")).toBe(
    "2026-03-29T01:30:00.000Z",
  );
  expect(last("30 2 * * *", "2026-10-25T12:00:00Z", "Europe/Berlin")).toBe(
    "2026-10-25T00:30:00.000Z",
  );
});

test("a rhythm is the time between its last two times", () => {
  const rhythm = (cron: string) =>
    rhythmAt(scheduleOf(cron, "UTC"), new Date("2026-11-20T12:00:00Z"));
  expect([rhythm("*/5 * * * *"), rhythm("7 * * * *"), rhythm("0 3 * * 1-5")]).toEqual([
    300, 3600, 86_400,
  ]);
});

import { expect, test } from "vitest";
import { faultOfCron } from "../../lib/core/cron.ts";

test.each([
  "* * * * *",
  "7 * * * *",
  "0 8 * * 1-5",
  "30 1 * * 0",
  "*/5 0-6,20-23 1,15 jan-mar MON",
  "0 0 29 2 *",
  "5/10 * * * 7",
  "0 0 31 2 1", // either day fits: Mondays come
])("%s is a schedule", (text) => {
  expect(faultOfCron(text)).toBe(undefined);
});

test.each([
  ["", "expected five fields, minute hour day month weekday: 0 came"],
  ["* * * *", "expected five fields, minute hour day month weekday: 4 came"],
  ["@daily", "expected five fields, minute hour day month weekday: 1 came"],
  ["60 * * * *", '"60" is no minute: 0 to 59, *, 1-5, 1,3 or */5'],
  ["* 24 * * *", '"24" is no hour: 0 to 23, *, 1-5, 1,3 or */5'],
  ["* * 0 * *", '"0" is no day of month: 1 to 31, *, 1-5, 1,3 or */5'],
  ["* * * 13 *", '"13" is no month: 1 to 12, *, 1-5, 1,3 or */5'],
  ["* * * * 8", '"8" is no day of week: 0 to 7, *, 1-5, 1,3 or */5'],
  ["* * * * mondy", '"mondy" is no day of week: 0 to 7, *, 1-5, 1,3 or */5'],
  ["*/0 * * * *", '"*/0" is no minute: 0 to 59, *, 1-5, 1,3 or */5'],
  ["1, * * * *", '"" is no minute: 0 to 59, *, 1-5, 1,3 or */5'],
  ["-5 * * * *", '"-5" is no minute: 0 to 59, *, 1-5, 1,3 or */5'],
  ["* 20-6 * * *", '"20-6" runs backwards: the hour 20 is after 6'],
  ["0 0 30 2 *", "this day never comes in this month"],
  ["0 0 31 4,6 *", "this day never comes in this month"],
])("%j is none", (text, fault) => {
  expect(faultOfCron(text)).toBe(fault);
});

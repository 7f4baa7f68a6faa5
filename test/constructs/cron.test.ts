import fc from "fast-check";
import { expect, test } from "vitest";
import { schedulerCrons } from "../../lib/constructs/cron.ts";
import { skippedBy } from "../../lib/constructs/daylight.ts";
import { faultOfCron } from "../../lib/core/cron.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { scheduleOf } from "../../lib/core/schedule.ts";

const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Scheduler's six fields by its manual: minutes hours day-of-month month day-of-week year. */
function comes(expression: string, at: Date): boolean {
  expect(expression.length).toBeLessThanOrEqual(256);
  const [, fields = ""] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const parts = fields.split(" ");
  expect(parts).toHaveLength(6);
  const [minutes = "", hours = "", monthDays = "", months = "", weekdays = ""] = parts;
  // One of the two is a question mark, and the other is not.
  expect([monthDays, weekdays].filter((part) => part === "?")).toHaveLength(1);
  const fits = (part: string, value: number): boolean =>
    part.split(",").some((each) => {
      if (each === "*" || each === "?") return true;
      const [range = "", step] = each.split("/");
      const [from = 0, to = step === undefined ? Number(range) : 99] = range.split("-").map(Number);
      return value >= from && value <= to && (value - from) % Number(step ?? 1) === 0;
    });
  return (
    fits(minutes, at.getUTCMinutes()) &&
    fits(hours, at.getUTCHours()) &&
    fits(monthDays, at.getUTCDate()) &&
    fits(months, at.getUTCMonth() + 1) &&
    (weekdays === "?" || weekdays.split(",").includes(days[at.getUTCDay()] ?? ""))
  );
}

const field = (from: number, to: number) => {
  const value = fc.integer({ min: from, max: to });
  const range = fc.tuple(value, value).map((two) => two.sort((a, b) => a - b).join("-"));
  const step = fc.integer({ min: 2, max: 20 });
  const part = fc.oneof(
    value.map(String),
    range,
    fc.tuple(range, step).map(([a, b]) => `${a}/${b}`),
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant("*") },
    { weight: 1, arbitrary: step.map((n) => `*/${n}`) },
    {
      weight: 3,
      arbitrary: fc.array(part, { minLength: 1, maxLength: 3 }).map((all) => all.join(",")),
    },
  );
};

const crons = fc
  .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7))
  .map((fields) => fields.join(" "))
  .filter((cron) => faultOfCron(cron) === undefined);

test("Scheduler comes when crontab(5) does, or says at synth that it cannot", () => {
  fc.assert(
    fc.property(crons, fc.integer({ min: 0, max: 4 * 366 * 1440 }), (cron, minute) => {
      const some = new Date(Date.UTC(2026, 0, 1) + minute * 60_000);
      let expressions: readonly string[];
      try {
        expressions = schedulerCrons(cron);
      } catch (error) {
        // "and" instead of "or": a step over all days of one kind, beside some of the other.
        expect(error).toBeInstanceOf(UsageError);
        expect(cron).toMatch(/^\S+ \S+ (\*\/\d+ \S+ \S+|\S+ \S+ \*\/\d+)$/);
        return;
      }
      const schedule = scheduleOf(cron, "UTC");
      const last = schedule.before(some).next().value;
      // At a minute of its own, at one of somebody's, and beside them.
      for (const at of [last, some].flatMap((each) => (each === undefined ? [] : beside(each)))) {
        const own = schedule.before(at).next().value;
        expect(
          expressions.some((each) => comes(each, at)),
          `${cron} at ${at.toISOString()}`,
        ).toBe(own?.getTime() === at.getTime());
      }
    }),
  );
});

const beside = (at: Date): Date[] =>
  [0, 60, 86_400].map((seconds) => new Date(+at + seconds * 1000));

test.each([
  ["30 2 * * *", "Europe/Berlin", "2027-03-28 02:30"],
  ["0 3 * * *", "Europe/Berlin", undefined], // the hour after
  ["15 2 * * 1-5", "America/New_York", undefined], // clocks change on Sundays
  ["15 2 * * 0", "America/New_York", "2027-03-14 02:15"],
  ["15 2 * * *", "Australia/Lord_Howe", "2027-10-03 02:15"], // by half an hour
  ["45 1 * * *", "Australia/Lord_Howe", undefined],
  ["7 * * * *", "Europe/Berlin", undefined], // an hour later it comes again
  ["30 2 * * *", "UTC", undefined],
])("%s in %s leaves out %s", (cron, zone, skipped) => {
  expect(skippedBy(cron, zone, new Date("2026-11-20T00:00:00Z"))).toBe(skipped);
});

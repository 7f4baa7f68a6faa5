import { expect, test } from "vitest";
import { checks } from "../../lib/checks/index.ts";
import { configuration, etlRule } from "./fortnight/configuration.ts";
import { type Database, databaseOf, preparedAt } from "./fortnight/database.ts";
import { answersOf } from "./fortnight/evidence.ts";
import { play } from "./fortnight/play.ts";
import { deployedAfter } from "./fortnight/schema.ts";
import { day, hour, sayMinute } from "./fortnight/time.ts";

const fleet = 40;
const all = Array.from({ length: fleet }, (_, i) => databaseOf(i + 1));

test("a quiet fortnight of forty databases: a digest each working day, a verdict a release, no alert", async () => {
  const { sent, looks } = await play(configuration(fleet, [etlRule]), fleet);
  const mornings = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11].map(
    (days) => `${sayMinute(days * day + 8 * hour)} [DIGEST]`,
  );
  // At the tick after the last look.
  const endOf = (database: Database) =>
    sayMinute(preparedAt(database) + deployedAfter + 2 * day + 5);
  const verdicts = all.map(
    (database) => `${endOf(database)} [VERDICT] production/${database.name} watch/verdict`,
  );
  expect(sent.map(({ says }) => says).toSorted()).toEqual([...mornings, ...verdicts].toSorted());
  for (const { says, message } of sent) {
    const { subject = "", body } = message;
    if (says.endsWith("[DIGEST]")) {
      expect(subject).toContain("40 of 40 looked at; no blind spots; nothing open");
      expect(body).not.toMatch(/^(BEGAN|ENDED|OPEN)/m);
    } else {
      // Who left the VALIDATE for after the deployment has that on record.
      const number = Number(/db-(\d+)/.exec(says)?.[1]);
      expect(subject).toMatch(
        number % 4 < 2 ? /healthy, with notes/ : /ended: healthy(,|$)(?! with)/,
      );
    }
  }
  // All that was to be looked at, but for the pulses and hours that `play.ts` leaves out.
  expect(looks).toMatchObject({ nightly: 14 * fleet, watch: 58 * fleet });
  expect(looks.pulse).toBeGreaterThan(10_000);
  expect(looks.hourly).toBeGreaterThan(7000);
}, 300_000);

test("the model answers what the reads may answer", () => {
  const reads = checks.flatMap((check) => Object.values(check.reads));
  const rules = "ignore-rules"; // asked of no database
  for (const database of all.slice(0, 6)) {
    const answers = answersOf(database);
    const times = [0, 90, 3 * hour + 50, 6 * day + 4 * hour + 10, preparedAt(database) + 5];
    for (const minute of times) {
      for (const read of reads) {
        if (read.id === rules) continue;
        const schema = read.kind === "sql" ? read.row.array() : read.result;
        const { error } = schema.safeParse(answers(read.id, minute, () => undefined));
        expect(error?.message, `${read.id} of ${database.name}`).toBeUndefined();
      }
    }
  }
});

import { expect, test } from "vitest";
import { integrityForeignKeyOrphans } from "../../lib/checks/integrity/foreign-key-orphans.ts";
import { exampleBackend } from "../../lib/checks/reads/example-activity.ts";
import { configuration, etlRule } from "./fortnight/configuration.ts";
import { databaseOf, preparedAt } from "./fortnight/database.ts";
import type { Fault } from "./fortnight/evidence.ts";
import { play } from "./fortnight/play.ts";
import { handMade } from "./fortnight/schema.ts";
import { day, hour, stampAt } from "./fortnight/time.ts";

/** For twenty minutes of a Thursday afternoon. */
const idle: Fault = {
  visitor: (_, minute) => {
    const begin = 3 * day + 14 * hour;
    const seconds = (minute - begin) * 60;
    if (seconds < 0 || seconds > 1200) return undefined;
    return exampleBackend({
      ...{ role: "web", application: "billing", backendStart: stampAt(begin - hour) },
      ...{ xactStart: stampAt(begin), stateChange: stampAt(begin), xidAge: 300 + seconds },
      ...{ xactAge: seconds, queryAge: seconds, stateAge: seconds },
    });
  },
};

const [, orphaned] = integrityForeignKeyOrphans.examples;

/** A load on Thursday; on Friday somebody mends it. */
const orphaning: Fault = {
  answer: (read, minute, usual) =>
    read === "foreign-key-orphans" && minute >= 3 * day + 11 * hour && minute < 4 * day + 10 * hour
      ? orphaned?.evidence.scan
      : usual,
};

/** In the night after the deployment. */
const byHand: Fault = {
  byHand: [handMade("orders_note", preparedAt(databaseOf(3)) + 20 * hour)],
};

test("the same fortnight with a fault each on three databases: told, reminded of, and its end", async () => {
  const { sent } = await play(configuration(4, [etlRule]), 4, {
    "db-01": idle,
    "db-02": orphaning,
    "db-03": byHand,
  });
  const said = sent.map(({ says }) => says);
  expect(said.filter((one) => !/ \[(DIGEST|VERDICT)\]/.test(one))).toEqual([
    // A warning is told at once while the target is watched. It is there until somebody seals it.
    "Wed 04 05:30 [WARNING] production/db-03 schema/drift-from-baseline",
    "Thu 05 14:15 [CRITICAL] production/db-01 activity/idle-in-transaction",
    "Thu 05 14:25 [RESOLVED] production/db-01 activity/idle-in-transaction",
    // The night counts, and reminds after 1, 4 and 24 hours until it counts again.
    "Fri 06 03:00 [CRITICAL] production/db-02 integrity/foreign-key-orphans",
    "Fri 06 04:00 [STILL CRITICAL] production/db-02 integrity/foreign-key-orphans",
    "Fri 06 07:00 [STILL CRITICAL] production/db-02 integrity/foreign-key-orphans",
    "Sat 07 03:00 [STILL CRITICAL] production/db-02 integrity/foreign-key-orphans",
    "Sat 07 03:00 [RESOLVED] production/db-02 integrity/foreign-key-orphans",
  ]);
  const words = (one: (typeof sent)[number]) => one.message.subject ?? "";
  const verdicts = sent.filter(({ says }) => says.includes("[VERDICT]")).map(words);
  expect(verdicts.filter((subject) => subject.includes("not healthy"))).toHaveLength(1);
  expect(verdicts.find((subject) => subject.includes("db-03"))).toContain("not healthy");
  expect(verdicts).toHaveLength(4);
  // What was made by hand stands in each morning's mail from then on, and in none before.
  const digests = sent.filter(({ says }) => says.includes("[DIGEST]"));
  expect(digests.map(({ message }) => message.body.includes("orders_note"))).toEqual([
    ...[false, false],
    ...Array.from({ length: 8 }, () => true),
  ]);
}, 300_000);

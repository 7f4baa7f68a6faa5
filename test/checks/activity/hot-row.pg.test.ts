import type pg from "pg";
import { expect, test } from "vitest";
import { openSession } from "../../../lib/adapters/postgres/session.ts";
import { activityIdleInTransaction } from "../../../lib/checks/activity/idle-in-transaction.ts";
import { activityLongTransaction } from "../../../lib/checks/activity/long-transaction.ts";
import { activityOldestXmin } from "../../../lib/checks/activity/oldest-xmin.ts";
import { activityPreparedTransaction } from "../../../lib/checks/activity/prepared-transaction.ts";
import { locksBlockingChain } from "../../../lib/checks/locks/blocking-chain.ts";
import { optionsOf } from "../../../lib/run/choose.ts";
import { examine } from "../../../lib/run/examine.ts";
import { testDatabase } from "../../support/database.ts";

/** PGVIGIL_HOT_ROW_SECONDS=60 for the load of a minute. */
const seconds = Number(process.env.PGVIGIL_HOT_ROW_SECONDS ?? "5");

const checks = [
  activityLongTransaction,
  activityIdleInTransaction,
  activityPreparedTransaction,
  activityOldestXmin,
  locksBlockingChain,
].map((check) => ({ check, options: optionsOf(check, {}) }));

test(
  "sixteen clients that fight over one row are a busy database, and not an ill one",
  async () => {
    await using db = await testDatabase({
      sql: "CREATE TABLE hot (id int PRIMARY KEY, v int) WITH (fillfactor = 10); INSERT INTO hot VALUES (1, 0)",
    });
    const clients = await Promise.all(
      Array.from({ length: 16 }, (_, i) => db.connect({ application_name: `bench-${i}` })),
    );
    const end = Date.now() + seconds * 1000;
    const load = clients.map((client) => updateUntil(client, end));
    let waiting = 0;
    let looks = 0;
    while (Date.now() < end) {
      const report = await examine({
        target: { environment: "test", name: "hot" },
        profile: "watch",
        checks,
        connect: () => openSession({ connectionString: db.url() }),
        store: undefined,
        clock: () => new Date(),
        deadline: Date.now() + 60_000,
        ignore: [],
        past: () => undefined,
      });
      expect(report.outcomes.map(({ check, status }) => `${check} ${status}`)).toEqual(
        checks.map(({ check }) => `${check.id} passed`),
      );
      const scope = report.outcomes.find(({ check }) => check === "locks/blocking-chain")?.scope;
      waiting = Math.max(waiting, Number(/(\d+) waiting/.exec(scope ?? "")?.[1]));
      looks += 1;
    }
    const updates = (await Promise.all(load)).reduce((sum, each) => sum + each, 0);
    expect(await db.sql("SELECT v FROM hot")).toEqual([{ v: updates }]);
    // Otherwise it was no fight, and the test would prove nothing.
    expect(waiting).toBeGreaterThan(3);
    expect(looks).toBeGreaterThan(5);
  },
  (seconds + 30) * 1000,
);

async function updateUntil(client: pg.Client, end: number): Promise<number> {
  let updates = 0;
  for (; Date.now() < end; updates += 1) {
    await client.query("BEGIN");
    await client.query("UPDATE hot SET v = v + 1 WHERE id = 1");
    await client.query("SELECT v FROM hot");
    await client.query("COMMIT");
  }
  return updates;
}

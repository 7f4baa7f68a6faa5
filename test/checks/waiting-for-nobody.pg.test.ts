import { expect, test } from "vitest";
import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import { activityConnectionTrend } from "../../lib/checks/activity/connection-trend.ts";
import { capacityGrowth } from "../../lib/checks/capacity/growth.ts";
import { configurationSettingsDrift } from "../../lib/checks/configuration/settings-drift.ts";
import { indexesNoLongerUsed } from "../../lib/checks/indexes/no-longer-used.ts";
import { integrityRowLoss } from "../../lib/checks/integrity/row-loss.ts";
import { statementsErrorRate } from "../../lib/checks/statements/error-rate.ts";
import { statementsRegression } from "../../lib/checks/statements/regression.ts";
import type { Check } from "../../lib/core/check.ts";
import { testDatabase } from "../support/database.ts";
import { look } from "../support/look.ts";
import { rememberedOf } from "../support/past.ts";
import { sendAway, untilWaiting } from "../support/sessions.ts";

const checks: readonly Check[] = [
  activityConnectionTrend,
  capacityGrowth,
  configurationSettingsDrift,
  indexesNoLongerUsed,
  integrityRowLoss,
  statementsErrorRate,
  statementsRegression,
];

test("checks that need two looks wait for no migration, whether it has its lock or awaits it", async () => {
  await using db = await testDatabase({
    sql: `CREATE EXTENSION pg_stat_statements;
          CREATE TABLE held (id int PRIMARY KEY, v int);
          CREATE INDEX ON held (v);
          CREATE TABLE awaited (id int, v int) PARTITION BY RANGE (id);
          CREATE TABLE awaited_1 PARTITION OF awaited DEFAULT;
          CREATE INDEX ON awaited (v)`,
  });
  const [holder, reader, migration] = [await db.connect(), await db.connect(), await db.connect()];
  await holder.query("BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE");
  await reader.query("BEGIN; SELECT * FROM awaited");
  sendAway(migration, "ALTER TABLE awaited ADD COLUMN note text");
  await untilWaiting(db, 1);
  const store = memoryStore();
  for (const check of checks) {
    const first = await look(db.url(), check, { store });
    expect([check.id, first.cause]).toEqual([check.id, "not-applicable"]);
    const second = await look(db.url(), check, { store, previous: rememberedOf(first) });
    expect([check.id, second.findings]).toEqual([check.id, []]);
    expect(["passed", "skipped"]).toContain(second.status);
    expect([undefined, "not-applicable"]).toContain(second.cause);
  }
  await holder.query("ROLLBACK");
  await reader.query("ROLLBACK");
});

test("a database of another cluster, or one that was promoted, has no past here", async () => {
  await using db = await testDatabase({
    sql: `CREATE EXTENSION pg_stat_statements;
          CREATE TABLE orders (id int PRIMARY KEY, v int);
          CREATE INDEX ON orders (v)`,
  });
  const store = memoryStore();
  for (const check of checks) {
    const first = await look(db.url(), check, { store });
    const past = rememberedOf(first);
    const elsewhere = { ...Object(past.server), timeline: 77, systemIdentifier: "1" };
    const memory = { ...Object(past.memory), server: elsewhere };
    for (const server of [elsewhere, past.server]) {
      // Kept from the check by the engine, or seen by the check itself.
      const second = await look(db.url(), check, { store, previous: { ...past, memory, server } });
      expect([check.id, second.status, second.cause]).toEqual([
        check.id,
        "skipped",
        "not-applicable",
      ]);
    }
  }
});

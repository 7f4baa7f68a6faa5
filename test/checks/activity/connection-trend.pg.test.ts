import { expect, test } from "vitest";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { activityConnectionTrend as check } from "../../../lib/checks/activity/connection-trend.ts";
import type { Outcome } from "../../../lib/core/outcome.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { ownServer } from "../../support/own-server.ts";
import { rememberedOf } from "../../support/past.ts";

const store = memoryStore();

test("a pool that leaks is told hours before the server is full, with who it is", async () => {
  await using server = await ownServer({ max_connections: "23" });
  await using db = await testDatabase({ server });
  const begin = Date.parse("2026-11-20T00:00:00Z");
  const lookAfter = (minutes: number, previous?: Outcome) =>
    look(db.url(), check, {
      store,
      now: new Date(begin + minutes * 60_000),
      previous: previous && rememberedOf(previous),
    });
  let outcome = await lookAfter(0);
  expect(outcome).toMatchObject({ status: "skipped", cause: "not-applicable" });
  for (let i = 1; i <= 14; i += 1) {
    await db.connect({ application_name: 'billing "x"' });
    outcome = await lookAfter(i * 10, outcome);
  }
  expect(saying(outcome)).toEqual(["warning server"]);
  const [finding] = outcome.findings;
  expect(finding?.summary).toMatch(
    /^Connections rise by 6 an hour: 15 of 20 now, all .* in 50 min/,
  );
  expect(finding?.detail?.join(" ")).toContain('billing "x") has 14, 14 more');
  expect(finding?.measure).toMatchObject({ value: 0.75, unit: "share" });
  await db.sql(finding?.remedy?.sql ?? "");

  for (let i = 15; i <= 30; i += 1) outcome = await lookAfter(i * 10, outcome);
  expect(saying(outcome)).toEqual([]);
  expect(Object(outcome.memory).points.length).toBe(31);
});

test("what is remembered stays small, however often it looks", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  let outcome: Outcome | undefined;
  for (let i = 0; i < 70; i += 1) {
    outcome = await look(db.url({ user: name }), check, {
      store,
      now: new Date(Date.parse("2026-11-20T00:00:00Z") + i * 60_000),
      previous: outcome && rememberedOf(outcome),
    });
  }
  expect(Object(outcome?.memory).points.length).toBeLessThanOrEqual(60);
});

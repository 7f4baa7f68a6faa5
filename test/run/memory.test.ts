import { expect, test } from "vitest";
import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import { exampleServer } from "../../lib/core/example-server.ts";
import { countOutcomes, type Report, type RunDocument } from "../../lib/core/report.ts";
import { reportedServerSchema } from "../../lib/core/server.ts";
import { keepRun, runKey } from "../../lib/run/keep-run.ts";
import { pastOn, recall } from "../../lib/run/memory.ts";
import { largeNumber } from "../support/fake-check.ts";

const target = { environment: "production", name: "orders" };

const runAt = (at: string, memory: string): RunDocument => {
  const outcomes: Report["outcomes"] = [
    { check: "activity/oldest-xmin", status: "passed", scope: "all", findings: [], memory },
  ];
  return {
    schemaVersion: 1,
    run: {
      id: `${at.replace(/[-:]/g, "")}-pulse-5f2c`,
      profile: "pulse",
      trigger: "manual",
      startedAt: at,
      finishedAt: at,
      pgvigil: "0.1.0",
    },
    reports: [
      {
        target,
        startedAt: at,
        finishedAt: at,
        verdict: "healthy",
        counts: countOutcomes(outcomes),
        outcomes,
      },
    ],
  };
};

test("a check is handed what it remembered of its last look", async () => {
  const store = memoryStore();
  const past = await recall(store, target);
  expect(past("activity/oldest-xmin")).toBeUndefined();
  await keepRun(store, runAt("2026-11-20T03:00:00Z", "slot a since 02:00"));
  const later = await recall(store, target);
  expect(later("activity/oldest-xmin")).toEqual({
    at: "2026-11-20T03:00:00Z",
    memory: "slot a since 02:00",
  });
});

test("a run that arrives late does not overrule a newer look", async () => {
  const store = memoryStore();
  await keepRun(store, runAt("2026-11-20T04:00:00Z", "newer"));
  await keepRun(store, runAt("2026-11-20T03:00:00Z", "older"));
  expect((await recall(store, target))("activity/oldest-xmin")?.memory).toBe("newer");
});

test("two runs that end at once both find their memory kept", async () => {
  const store = memoryStore();
  const runs = [runAt("2026-11-20T03:00:00Z", "a"), runAt("2026-11-20T03:00:01Z", "b")];
  await Promise.all(runs.map((run) => keepRun(store, run)));
  expect((await recall(store, target))("activity/oldest-xmin")?.memory).toBe("b");
  expect(await store.list("runs/")).toEqual(runs.map(runKey).sort());
});

test("a document of the past that cannot be read is said, and not written over", async () => {
  const store = memoryStore();
  await store.put("targets/v1/production/orders.json", new TextEncoder().encode("{half"));
  await expect(recall(store, target)).rejects.toThrow(/orders.json cannot be read/);
  await expect(keepRun(store, runAt("2026-11-20T03:00:00Z", "a"))).rejects.toThrow();
  const now = await store.get("targets/v1/production/orders.json");
  expect(new TextDecoder().decode(now?.body)).toBe("{half");
});

test("counters of another server, or of this one before its restart, are handed to nobody", async () => {
  const store = memoryStore();
  const run = runAt("2026-11-20T03:00:00Z", "1000 scans");
  const [report] = run.reports;
  const server = reportedServerSchema.parse(exampleServer);
  await keepRun(store, { ...run, reports: report === undefined ? [] : [{ ...report, server }] });
  const past = await recall(store, target);
  const id = "activity/oldest-xmin";
  const check = { ...largeNumber(id), counters: true as const };
  const counting = { past, checks: [{ check, options: {} }] };
  const others = { past, checks: [{ check: largeNumber(id), options: {} }] };
  expect(pastOn(counting, exampleServer)(id)?.memory).toBe("1000 scans");
  const same = { ...exampleServer, systemIdentifier: null, timeline: null };
  expect(pastOn(counting, same)(id)?.memory).toBe("1000 scans");
  // The first checkpoint after a promotion, minutes later.
  expect(pastOn(counting, { ...exampleServer, timeline: 2 })(id)?.memory).toBe("1000 scans");
  for (const change of [
    { startedAt: "2026-11-20T02:00:00.000000Z" },
    { systemIdentifier: "7" },
    { inRecovery: true },
    { versionNum: 180_005 },
    { databaseOid: 1 },
  ]) {
    expect(pastOn(counting, { ...exampleServer, ...change })(id)).toBeUndefined();
    expect(pastOn(others, { ...exampleServer, ...change })(id)?.memory).toBe("1000 scans");
  }
});

import { expect, test } from "vitest";
import { activityOldestXmin } from "../../lib/checks/activity/oldest-xmin.ts";
import { schemaDriftFromLast } from "../../lib/checks/schema/drift-from-last.ts";
import type { Outcome } from "../../lib/core/outcome.ts";
import type { Report } from "../../lib/core/report.ts";
import { isRemembered } from "../../lib/run/memory.ts";

const now = new Date("2026-11-20T14:00:00.000Z");
const remembered = (outcome: Partial<Outcome>, profile: "pulse" | "hourly" | "nightly" | "watch") =>
  isRemembered(
    { outcomes: [{ check: "x", status: "passed", findings: [], ...outcome }] } as unknown as Report,
    { profile },
    now,
  );

test("an hourly look is remembered by what stood in the document within a day, a night by itself", () => {
  const memory = { a: 1 };
  const past = { at: "2026-11-20T13:00:00Z", memory };
  expect(remembered({}, "hourly")).toBe(true);
  expect(remembered({ memory, stands: "2026-11-20T03:00:00Z" }, "hourly")).toBe(true);
  expect(remembered({ memory, stands: "2026-11-19T03:00:00Z" }, "hourly")).toBe(false);
  // By a clock that was put back since.
  expect(remembered({ memory, stands: "2026-11-20T15:00:00Z" }, "hourly")).toBe(false);
  // That the last run said the same says nothing of the document.
  expect(remembered({ memory, past }, "hourly")).toBe(false);
  expect(remembered({ memory, past }, "pulse")).toBe(true);
  expect(remembered({ memory, past: { ...past, memory: { a: 2 } } }, "pulse")).toBe(false);
  for (const profile of ["nightly", "watch"] as const) {
    expect(remembered({ memory, past, stands: past.at }, profile)).toBe(false);
  }
});

test("a schema that stands as it stood says nothing new, however often it was looked at", () => {
  const look = {
    ...{ checksum: "c1", canonical: 7, systemIdentifier: "1", at: "2026-11-20T03:00:00Z" },
    looks: { all: 3, unchanged: 2, inPart: 0 },
    seen: {
      token: "t1",
      at: "2026-11-20T03:00:00Z",
      since: "2026-11-19T03:00:00Z",
      unmodelled: {},
    },
    migrations: [],
  };
  const isRefresh = (change: object) =>
    schemaDriftFromLast.isRefresh?.({ ...look, ...change }, look, now);
  const later = "2026-11-20T14:00:00Z";
  expect(isRefresh({ at: later, looks: { all: 4, unchanged: 3, inPart: 0 } })).toBe(true);
  expect(isRefresh({ seen: { ...look.seen, at: later } })).toBe(true);
  for (const change of [
    { checksum: "c2" },
    { seen: { ...look.seen, token: "t2" } },
    { seen: { ...look.seen, since: later } },
    { seen: undefined },
    { migrations: [{ tool: "flyway" }] },
    { systemIdentifier: "2" },
  ]) {
    expect(isRefresh(change)).toBe(false);
  }
});

test("since when somebody holds a horizon is written as soon as it was seen twice", () => {
  const slot = (xid: string, since: string) => ({ "slot orders": { xid, since } });
  const isRefresh = (memory: object, standing: object) =>
    activityOldestXmin.isRefresh?.(memory as never, standing as never, now);
  const [one, two] = ["2026-11-20T12:00:00.000Z", "2026-11-20T13:00:00.000Z"];
  expect(isRefresh({}, slot("7", one))).toBe(true);
  expect(isRefresh(slot("7", one), slot("7", one))).toBe(true);
  expect(isRefresh(slot("9", now.toISOString()), slot("7", one))).toBe(true);
  expect(isRefresh(slot("9", two), slot("7", one))).toBe(false);
  expect(isRefresh(slot("9", two), {})).toBe(false);
  expect(isRefresh(slot("9", one), slot("9", two))).toBe(false);
});

import { expect, test } from "vitest";
import * as z from "zod";
import { exampleServer } from "../../lib/core/example-server.ts";
import { pastsOf } from "../../lib/core/past.ts";
import { countingServerSchema, type Server } from "../../lib/core/server.ts";

const schema = z.object({ server: countingServerSchema });
const at = "2026-11-20T03:00:00.000Z";
const memory = { server: countingServerSchema.parse(exampleServer) };

const pasts = (
  changes: Partial<Server>,
  what: "counters" | "facts",
  looks: object = { previous: { at, memory } },
) => pastsOf(schema, { server: { ...exampleServer, ...changes }, ...looks }, what);

const restarted = { startedAt: "2026-11-20T02:59:00.000000Z" };

test.each([
  ["the same server", {}, true, true],
  ["restarted", restarted, false, true],
  ["restarted, in another minor version", { ...restarted, versionNum: 180_005 }, false, true],
  ["upgraded", { ...restarted, versionNum: 190_001 }, false, false],
  ["promoted, or restored to a point in time", { ...restarted, timeline: 2 }, false, false],
  ["restored or cloned", { systemIdentifier: "1" }, false, false],
  ["another database", { databaseOid: 1 }, false, false],
  ["a replica in its place", { inRecovery: true }, false, false],
  ["a role that may not ask who it is", { systemIdentifier: null, timeline: null }, true, true],
] as const)("%s", (_, changes, counters, facts) => {
  expect(pasts(changes, "counters").last !== undefined).toBe(counters);
  expect(pasts(changes, "facts").last !== undefined).toBe(facts);
  expect(pasts(changes, "counters").isAnother).toBe(!counters);
});

test("a replica that was started at another time may be another replica", () => {
  const replica = { server: { ...memory.server, inRecovery: true } };
  const looks = { previous: { at, memory: replica } };
  expect(pasts({ inRecovery: true }, "facts", looks).last).toBeDefined();
  expect(pasts({ inRecovery: true, ...restarted }, "facts", looks).last).toBeUndefined();
});

test("before is the watch's baseline, or the last look where there is none of this server", () => {
  const baseline = { watch: "w1", at: "2026-11-20T01:00:00.000Z", memory };
  const both = pasts({}, "counters", { baseline, previous: { at, memory } });
  expect([both.before?.at, both.before?.isBaseline]).toEqual([baseline.at, true]);
  expect([both.last?.at, both.last?.isBaseline]).toEqual([at, false]);

  const old = { server: { ...memory.server, systemIdentifier: "7" } };
  const after = pasts({}, "counters", {
    baseline: { ...baseline, memory: old },
    previous: { at, memory },
  });
  expect([after.before?.at, after.isAnother]).toEqual([at, true]);
});

test("a memory of another form is none", () => {
  expect(pasts({}, "facts", { previous: { at, memory: { was: "older" } } })).toEqual({
    before: undefined,
    last: undefined,
    isAnother: false,
  });
});

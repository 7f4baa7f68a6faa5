import { expect, test } from "vitest";
import { exampleServer } from "../../lib/core/example-server.ts";
import { lastSeen, seenAs } from "../../lib/schema/seen.ts";

const token = [{ catalog: "pg_class", hash: "123" }];
const seen = (server: Partial<typeof exampleServer>) =>
  seenAs(token, { ...exampleServer, ...server });

test("the same catalogs on the same server, asked by the same role, are the same", () => {
  const later = { now: "2026-11-21T03:00:00.000Z", backendPid: 9999 };
  expect(seen(later)).toBe(seen({}));
  expect(seen({})).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ["another cluster", { systemIdentifier: "1" }],
  ["a restore to a point in time", { timeline: 2 }],
  ["another database", { databaseOid: 5 }],
  ["a restart, or a crash", { startedAt: "2026-11-02T00:00:00.000000Z" }],
  ["another version", { versionNum: 180_005 }],
  ["another role", { role: "somebody" }],
])("%s is not", (_name, change) => {
  expect(seen(change)).not.toBe(seen({}));
});

test("a server that does not say which one it is has no token", () => {
  expect(seen({ systemIdentifier: null })).toBeUndefined();
  expect(seen({ timeline: null })).toBeUndefined();
});

test("other catalogs are other catalogs", () => {
  expect(seenAs([{ catalog: "pg_class", hash: "124" }], exampleServer)).not.toBe(seen({}));
});

const memory = (at: string, more = {}) => ({
  checksum: "sha256:00",
  canonical: 1,
  seen: { token: "t", at, since: at, unmodelled: {} },
  ...more,
});

test("what was seen is trusted for seven days, and for this canonical form", () => {
  const now = "2026-11-20T03:00:00.000Z";
  expect(lastSeen(memory("2026-11-14T03:00:00.000Z"), now)?.seen.token).toBe("t");
  expect(lastSeen(memory("2026-11-12T03:00:00.000Z"), now)).toBeUndefined();
  expect(lastSeen(memory("2026-11-21T03:00:00.000Z"), now)).toBeUndefined();
  expect(lastSeen(memory(now, { canonical: 0 }), now)).toBeUndefined();
  expect(lastSeen({ checksum: "sha256:00", canonical: 1 }, now)).toBeUndefined();
  expect(lastSeen(undefined, now)).toBeUndefined();
});

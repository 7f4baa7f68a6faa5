import { expect, test } from "vitest";
import { exampleServer } from "../../lib/core/example-server.ts";
import { looksWith, sayLooks } from "../../lib/schema/looks.ts";
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

test("it is counted how often the catalogs answered, and told from the third look on", () => {
  const some = [
    {},
    { isUnchanged: true },
    { readAgain: { units: 1, of: 9 } },
    { isUnchanged: true },
  ];
  const counted = some.reduce<object>(
    (memory, look) => ({ looks: looksWith(memory, look as { isUnchanged?: true }) }),
    {},
  );
  expect(counted).toEqual({ looks: { all: 4, unchanged: 2, inPart: 1 } });
  expect(sayLooks({ all: 4, unchanged: 2, inPart: 1 })).toEqual([
    "of 4 looks 2 found the catalogs as they were, and 1 read a part",
  ]);
  expect(sayLooks({ all: 30, unchanged: 30, inPart: 0 })).toEqual([
    "of 30 looks 30 found the catalogs as they were",
  ]);
  expect(sayLooks({ all: 2, unchanged: 1, inPart: 0 })).toEqual([]);
});

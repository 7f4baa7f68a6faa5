import { expect, test } from "vitest";
import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import { loadBaselineSnapshot, parseAddress } from "../../lib/schema/address.ts";
import { baselineKey, loadBaseline, seal } from "../../lib/schema/baseline.ts";
import { type Snapshot, snapshotOf } from "../../lib/schema/snapshot.ts";
import { keepSnapshot, loadSnapshot, snapshotKey } from "../../lib/schema/stored.ts";

const target = { environment: "production", name: "orders" };
const now = new Date("2026-11-20T03:00:00Z");

const snapshot = (table: string, unread: Snapshot["unread"] = []): Snapshot =>
  snapshotOf([{ kind: "table", identity: table, schema: "public", name: table, facets: {} }], {
    unread,
    unmodelled: {},
    server: { version: "18.4", versionNum: 180_004, systemIdentifier: null, database: "shop" },
    takenAt: now.toISOString(),
  });

const by = (why: string) => ({ by: "anna", why, now });

test("a seal keeps who, when and why, and the seals before it", async () => {
  const store = memoryStore();
  await seal(store, target, snapshot("a"), by("release 41"));
  await seal(store, target, snapshot("b"), by("release 42"));
  expect(await loadBaseline(store, target)).toMatchObject({
    schemaVersion: 1,
    target: "production/orders",
    history: [
      {
        checksum: snapshot("a").tree.checksum,
        by: "anna",
        at: now.toISOString(),
        why: "release 41",
      },
      { checksum: snapshot("b").tree.checksum, why: "release 42", canonical: 1 },
    ],
  });
  expect(await loadBaselineSnapshot(store, target)).toMatchObject(snapshot("b"));
});

test("two who seal at once are both in the history", async () => {
  const store = memoryStore();
  await Promise.all(["a", "b", "c"].map((name) => seal(store, target, snapshot(name), by(name))));
  const baseline = await loadBaseline(store, target);
  expect(baseline?.history.map(({ why }) => why).sort()).toEqual(["a", "b", "c"]);
});

test("an incomplete snapshot and an empty reason are refused", async () => {
  const incomplete = snapshot("a", [{ kind: "table", identity: "public.b", cause: "lock" }]);
  await expect(seal(memoryStore(), target, incomplete, by("x"))).rejects.toThrow(/public\.b/);
  await expect(seal(memoryStore(), target, snapshot("a"), by(" "))).rejects.toThrow(/reason/);
});

test("what a newer version wrote into the document is kept", async () => {
  const store = memoryStore();
  await seal(store, target, snapshot("a"), by("one"));
  const key = baselineKey(target);
  const newer = { ...(await loadBaseline(store, target)), later: { x: 1 } };
  await store.put(key, new TextEncoder().encode(JSON.stringify(newer)));
  await seal(store, target, snapshot("b"), by("two"));
  expect(await loadBaseline(store, target)).toMatchObject({ later: { x: 1 } });
});

test("a document that cannot be read is never written over", async () => {
  const store = memoryStore();
  await store.put(baselineKey(target), new TextEncoder().encode("{ not json"));
  await expect(seal(store, target, snapshot("a"), by("x"))).rejects.toThrow(/cannot be read/);
});

test("a snapshot is stored once, and damage is found when it is read", async () => {
  const store = memoryStore();
  const { checksum } = snapshot("a").tree;
  await keepSnapshot(store, snapshot("a"));
  await keepSnapshot(store, snapshot("a"));
  expect(await store.list("snapshots/")).toEqual([`snapshots/v1/${checksum.slice(7)}.json.gz`]);
  await store.put(snapshotKey(checksum), new TextEncoder().encode("no gzip"));
  await expect(loadSnapshot(store, checksum)).rejects.toThrow(/is damaged/);
  await expect(loadSnapshot(store, snapshot("b").tree.checksum)).rejects.toThrow(/is not there/);
});

test("snapshots are called by target, checksum or file", () => {
  const checksum = `sha256:${"0a".repeat(32)}`;
  expect(parseAddress("production/orders")).toEqual({ is: "live", target: "production/orders" });
  expect(parseAddress("orders@last")).toEqual({ is: "last", target: "orders" });
  expect(parseAddress("production/orders@baseline")).toMatchObject({ is: "baseline" });
  expect(parseAddress(checksum)).toEqual({ is: "checksum", checksum });
  expect(parseAddress("./seal")).toEqual({ is: "file", path: "./seal" });
  expect(parseAddress("schema_seal.json")).toEqual({ is: "file", path: "schema_seal.json" });
  expect(() => parseAddress("orders@yesterday")).toThrow(/is no snapshot/);
});

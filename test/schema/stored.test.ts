import { gunzipSync, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import { differencesBetween } from "../../lib/schema/canonical/differences.ts";
import { diff } from "../../lib/schema/diff.ts";
import type { Fact } from "../../lib/schema/fact.ts";
import { readSnapshot, writeSnapshot } from "../../lib/schema/file.ts";
import { pack, unpack } from "../../lib/schema/members.ts";
import { type Snapshot, snapshotOf } from "../../lib/schema/snapshot.ts";
import { keepSnapshot, loadSnapshot, snapshotKey } from "../../lib/schema/stored.ts";
import { unlikeSegments } from "../../lib/schema/unlike.ts";

const about = {
  unread: [],
  unmodelled: {},
  server: { version: "18.4", versionNum: 180_004, systemIdentifier: null, database: "shop" },
  takenAt: "2026-11-20T03:00:00.000Z",
};

const column = (n: number, type = "integer", table = `t${Math.floor(n / 10)}`): Fact => ({
  kind: "column",
  identity: `public.${table}.c${n}`,
  schema: "public",
  name: `c${n}`,
  table,
  partOf: [`table public.${table}`],
  facets: { structure: { type } },
});

/** Enough for a few segments. */
const columns = Array.from({ length: 5000 }, (_, n) => column(n));
const schemaOf = (facts: readonly Fact[]) => snapshotOf(facts, about);
const stored = async (snapshot: Snapshot) => unpack(await pack(snapshot), "a.json.gz");
const whole = ({ facts, unread }: Snapshot) => ({ facts, unread });

const edit = fc.oneof(
  fc.record({ is: fc.constant("added"), at: fc.nat(4999) }),
  fc.record({ is: fc.constant("removed"), at: fc.nat(4999) }),
  fc.record({ is: fc.constant("changed"), at: fc.nat(4999) }),
  fc.record({ is: fc.constant("moved"), at: fc.nat(4999) }),
);

function edited(edits: readonly { readonly is: string; readonly at: number }[]): Snapshot {
  const facts = new Map(columns.map((each) => [each.identity, each]));
  for (const { is, at } of edits) {
    const identity = columns[at]?.identity ?? "";
    if (is === "removed") facts.delete(identity);
    if (is === "changed") facts.set(identity, column(at, "text"));
    if (is === "added") facts.set(`new ${at}`, column(at, "text", "t9999"));
    if (is === "moved") facts.set(identity, { ...column(at), table: "t0" });
  }
  return schemaOf([...facts.values()]);
}

test("what differs by the tree is what differs between the whole bodies", async () => {
  const before = schemaOf(columns);
  const packed = await stored(before);
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 5 }), async (edits) => {
      const after = edited(edits);
      const wanted = diff(whole(before), whole(after));
      const found = await differencesBetween(packed, await stored(after));
      expect(found.differences).toEqual(wanted);
    }),
    { numRuns: 25 },
  );
}, 30_000);

test("a snapshot is stored in several parts, of which those alike are not unpacked", async () => {
  const [before, after] = [
    await stored(schemaOf(columns)),
    await stored(edited([{ is: "changed", at: 77 }])),
  ];
  expect(before.segments?.length).toBeGreaterThan(2);
  const [old, now] = unlikeSegments(before, after);
  expect(old.facts.length).toBe(now.facts.length);
  expect(old.facts.length).toBeLessThan(columns.length);
  expect(old.facts.map(({ name }) => name)).toContain("c77");
});

test("an object that comes or goes leaves all parts but its own as they were", () => {
  const { segments } = schemaOf(columns).tree;
  const others = new Set(edited([{ is: "removed", at: 2500 }]).tree.segments);
  expect(segments.filter((checksum) => !others.has(checksum)).length).toBeLessThanOrEqual(2);
});

test("zcat prints what is stored as the file that it is", async () => {
  const snapshot = schemaOf(columns);
  const text = gunzipSync(await pack(snapshot)).toString("utf8");
  expect(readSnapshot(text, "a.json")).toMatchObject({ tree: snapshot.tree });
  expect(text.split("\n").slice(-5000)).toEqual(writeSnapshot(snapshot).split("\n").slice(-5000));
});

test("what was packed by gzip itself is read too", async () => {
  const snapshot = schemaOf(columns.slice(0, 3));
  const again = await unpack(gzipSync(writeSnapshot(snapshot)), "a.json.gz");
  expect(again.facts).toEqual(snapshot.facts);
  const seal = gzipSync(writeSnapshot(snapshot, { sealOnly: true }));
  await expect(unpack(seal, "a.json.gz")).rejects.toThrow(/is a seal without its objects/);
});

test("an empty schema is stored and read", async () => {
  expect((await stored(schemaOf([]))).facts).toEqual([]);
});

test("any damage is found by whoever asks for what is damaged", async () => {
  const store = memoryStore();
  const snapshot = schemaOf(columns);
  await keepSnapshot(store, snapshot);
  const key = snapshotKey(snapshot.tree.checksum);
  const body = (await store.get(key))?.body ?? new Uint8Array();
  for (const [at, when] of [
    [100, "now"],
    [body.length - 2000, "later"],
  ] as const) {
    const bad = Uint8Array.from(body);
    bad[at] = (bad[at] ?? 0) ^ 0x55;
    await store.put(key, bad);
    const loading = loadSnapshot(store, snapshot.tree.checksum);
    if (when === "now") await expect(loading).rejects.toThrow(/is damaged/);
    else expect((await loading).segments).toHaveLength(snapshot.tree.segments.length);
    await expect(loading.then(({ facts }) => facts)).rejects.toThrow(/is damaged/);
  }
  await store.put(key, body.subarray(0, body.length - 5000));
  await expect(
    loadSnapshot(store, snapshot.tree.checksum).then(({ facts }) => facts),
  ).rejects.toThrow(/is damaged/);
});

test("a part that somebody wrote anew does not have the checksum that the head names", async () => {
  const one = await pack(schemaOf([column(1)]));
  const other = gunzipSync(one).toString("utf8").replaceAll("integer", "numeric");
  const at = other.indexOf('"objects": [') + '"objects": ['.length;
  const parts = [other.slice(0, at), other.slice(at, -7), other.slice(-7)].map((t) => gzipSync(t));
  const lengths = parts.slice(1).map(({ length }) => length);
  const head = other.slice(0, at).replace(/"bytes": \[[^\]]*\]/, `"bytes": [${lengths}]`);
  const forged = await unpack(Buffer.concat([gzipSync(head), ...parts.slice(1)]), "a.json.gz");
  expect(() => forged.facts).toThrow(/do not have the checksum/);
});

test("a schema may be called __proto__, and what is in it counts", () => {
  const inProto = (type: string) =>
    schemaOf([{ ...column(1, type), schema: "__proto__" }]).tree.checksum;
  expect(inProto("integer")).not.toBe(inProto("text"));
});

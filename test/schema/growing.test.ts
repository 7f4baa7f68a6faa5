import { expect, test } from "vitest";
import { byPlace, type Fact } from "../../lib/schema/fact.ts";
import { GrowingSnapshot, snapshotOf } from "../../lib/schema/snapshot.ts";

const about = {
  unread: [],
  unmodelled: {},
  server: { version: "18.4", versionNum: 180_004, systemIdentifier: null, database: "shop" },
  takenAt: "2026-11-20T03:00:00.000Z",
};

/** Enough for several blocks of several segments, one of them of a single long definition. */
const facts: readonly Fact[] = Array.from({ length: 4000 }, (_, n) => ({
  kind: "column",
  identity: `public."é ${n}"`,
  schema: "public",
  name: `é ${n}`,
  facets: { structure: { default: n === 77 ? "x".repeat(200_000) : "y".repeat(n % 300) } },
})).toSorted(byPlace);

function grown(isKept: boolean) {
  const growing = new GrowingSnapshot(isKept);
  for (const fact of facts) growing.add(fact);
  return growing.end(about);
}

test("what was put together piece by piece is what was put together at once", () => {
  const { facts: unpacked, tree, segments = [] } = grown(true);
  expect(tree).toEqual(snapshotOf(facts, about).tree);
  expect(unpacked).toEqual(facts);
  expect(segments.length).toBeGreaterThan(8);
  expect(segments.flatMap((segment) => segment.facts())).toEqual(facts);
});

test("a seal has the same checksums, and says so where its objects are asked for", () => {
  const seal = grown(false);
  expect(seal.tree).toEqual(grown(true).tree);
  expect(() => seal.facts).toThrow("not kept");
});

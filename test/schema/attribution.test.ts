import { expect, test } from "vitest";
import type { TrackerHead } from "../../lib/core/migrations.ts";
import { attribute } from "../../lib/schema/attribution.ts";
import type { Comparison } from "../../lib/schema/comparison.ts";
import type { Difference } from "../../lib/schema/diff.ts";
import { explain, sayExplanation } from "../../lib/schema/explained.ts";

type Compared = Extract<Comparison, { state: "compared" }>;

const at = (version: number, inFlight: TrackerHead["inFlight"] = []): TrackerHead => ({
  tool: "golang-migrate",
  table: "public.schema_migrations",
  keepsHistory: false,
  applied: 1,
  digest: String(version),
  newest: [{ version: String(version), since: null }],
  inFlight,
});
const added = (name: string): Difference => ({
  change: "added",
  kind: "table",
  identity: name,
  before: null,
  after: null,
  attributes: [],
  consequences: [],
});
const changed = (...attributes: string[]): Difference => ({
  ...added("orders"),
  change: "changed",
  attributes: attributes.map((attribute) => ({
    facet: "structure",
    attribute,
    before: null,
    after: true,
  })),
});

/** Looks, one after the other: what differs from the seal at 41, and where the tool stands. */
function looks(
  ...each: readonly {
    see: readonly Difference[];
    at: TrackerHead;
    unread?: boolean;
    locked?: boolean;
  }[]
) {
  let memory: unknown;
  return each.map(({ see, at: head, unread = false, locked = false }) => {
    const trackers = unread ? { heads: [], unread: "it is locked" } : { heads: [head] };
    const comparison = {
      state: "compared",
      live: { trackers, unread: locked ? [{ kind: "table", identity: "x", cause: "lock" }] : [] },
      against: { checksum: "sha256:1", at: "2026-11-19" },
      differences: see,
      explanation: explain([at(41)], trackers),
    } as unknown as Compared;
    const attribution = attribute(comparison, memory);
    memory = attribution.memory ?? memory;
    return see.map((one) => {
      const explanation = attribution.of(one);
      return `${one.identity}: ${sayExplanation(explanation) ?? explanation.by}`;
    });
  });
}

test("a change is explained by what ran between the look before it and the one that saw it", () => {
  expect(
    looks(
      { see: [], at: at(42) },
      { see: [added("a")], at: at(42) },
      { see: [added("a"), added("b")], at: at(43) },
      { see: [added("a"), added("b"), added("c")], at: at(43) },
    ),
  ).toEqual([
    [],
    ["a: nobody"],
    ["a: nobody", "b: explained by 42 -> 43"],
    ["a: nobody", "b: explained by 42 -> 43", "c: nobody"],
  ]);
});

test("an object of which something was made by hand is by hand; of several migrations all are named", () => {
  expect(
    looks(
      { see: [changed("a")], at: at(42) },
      { see: [changed("a", "b")], at: at(43) },
      { see: [changed("a", "b", "c")], at: at(43) },
    ),
  ).toEqual([
    ["orders: explained by 41 -> 42"],
    ["orders: explained by 41 -> 42, 42 -> 43"],
    ["orders: nobody"],
  ]);
});

test("while a migration runs, or the tools or a table cannot be read, nothing is settled", () => {
  const running = at(41, [{ version: "42", isRunning: true }]);
  expect(
    looks(
      { see: [], at: at(41) },
      { see: [added("a")], at: running },
      { see: [added("a")], at: at(42) },
    ),
  ).toEqual([[], ["a: migration 42 is in flight"], ["a: explained by 41 -> 42"]]);
  expect(
    looks(
      { see: [], at: at(41) },
      { see: [added("a")], at: at(42), unread: true },
      { see: [added("a")], at: at(42) },
    ),
  ).toEqual([[], ["a: unknown"], ["a: explained by 41 -> 42"]]);
  // The table that was locked may have been changed by 42, whenever it is seen at last.
  expect(looks({ see: [], at: at(42), locked: true }, { see: [added("x")], at: at(42) })).toEqual([
    [],
    ["x: explained by 41 -> 42"],
  ]);
});

test("what went and came again is a new change", () => {
  expect(
    looks(
      { see: [added("a")], at: at(42) },
      { see: [], at: at(42) },
      { see: [added("a")], at: at(42) },
    ),
  ).toEqual([["a: explained by 41 -> 42"], [], ["a: nobody"]]);
});

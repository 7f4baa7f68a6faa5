import * as fc from "fast-check";
import type { RunDocument } from "../../lib/core/report.ts";
import { blind, found, runAt } from "./fleet.ts";

const locks = "locks/blocking-chain";
const indexes = "indexes/invalid";
/** The second check has to find a thing twice in a row. */
export const looksOf = (check: string): number => (check === indexes ? 2 : 1);

const severity = fc.constantFrom(undefined, undefined, "warning" as const, "critical" as const);

/** What a look at one check says: what is there, and whether all was seen. */
const lookOf = (names: readonly string[]) =>
  fc.record({
    things: fc.tuple(...names.map(() => severity)),
    sight: fc.constantFrom("whole", "whole", "whole", "part", "none", "unasked"),
  });

const looks = fc.record({
  kind: fc.constant("look" as const),
  /** Minutes since the last; now and then the clock is put back. */
  after: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 70 }) },
    { weight: 1, arbitrary: fc.integer({ min: -200, max: -1 }) },
  ),
  locks: lookOf(["a", "b"]),
  indexes: lookOf(["c"]),
  /** Comes when it was made; twice; after others; or while another one is taken in. */
  comes: fc.constantFrom("now", "now", "now", "twice", "late", "at-once"),
  /** Where it breaks: in the store, before or after it took effect, or in the outlet. */
  crash: fc.option(
    fc.record({
      at: fc.integer({ min: 0, max: 5 }),
      takesEffect: fc.boolean(),
      where: fc.constantFrom("store", "outlet"),
    }),
    { freq: 4 },
  ),
});
export type Look = typeof looks extends fc.Arbitrary<infer T> ? T : never;

export const operations = fc.oneof(
  { weight: 8, arbitrary: looks },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("sweep" as const),
      after: fc.integer({ min: 1, max: 900 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("ack" as const),
      which: fc.nat(),
      minutes: fc.integer({ min: 1, max: 300 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("again" as const), which: fc.nat() }) },
);
export type Operation = typeof operations extends fc.Arbitrary<infer T> ? T : never;

const outcome = (check: string, names: readonly string[], { things, sight }: Look["locks"]) => {
  if (sight === "unasked") return [];
  if (sight === "none") return [blind(check)];
  const there = names.flatMap((name, i) => (things[i] === undefined ? [] : [[name, things[i]]]));
  const more = sight === "part" ? { cause: "privilege" as const, reason: "half of it hidden" } : {};
  const seen = found(check, Object.fromEntries(there), more);
  // A check that saw a part and found nothing there has not passed.
  return [sight === "part" && there.length === 0 ? { ...seen, status: "skipped" as const } : seen];
};

export const runOf = (look: Look, minutes: number, number: number): RunDocument =>
  runAt(
    minutes,
    [...outcome(locks, ["a", "b"], look.locks), ...outcome(indexes, ["c"], look.indexes)],
    { id: `run-${number}` },
  );

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Point, Watch } from "../../lib/core/watch.ts";
import { noteWords } from "../../lib/render/watch-words.ts";
import { recorded } from "../../lib/watch/look.ts";
import { defaultPhases, offsets, phasesFor } from "../../lib/watch/phases.ts";
import { pictureOf } from "../../lib/watch/picture.ts";
import { thinned, withPoint } from "../../lib/watch/series.ts";
import { storiesOf, unseenOf } from "../../lib/watch/story.ts";
import { closingAt } from "../../lib/watch/verdict.ts";
import { after, blind, finding, found, looked, openWatch, passed } from "./samples.ts";

type Looked = ReturnType<typeof looked>;

const take = (watch: Watch, { run, report }: Looked): Watch => recorded(watch, { run }, report);
const through = (looks: readonly Looked[]): Watch => looks.reduce(take, openWatch());

const invalid = "indexes/invalid";
const orders = finding("public.orders_number_key", "critical");

test("a finding is told from its first look to the first that saw all and did not find it", () => {
  const watch = through([
    looked(0, [passed(invalid)]),
    looked(300, [found(invalid, orders)]),
    looked(600, [blind(invalid)]),
    looked(900, [found(invalid, orders)]),
    looked(1200, [blind(invalid)]),
    looked(1500, [passed(invalid)]),
  ]);
  expect(storiesOf(watch)).toMatchObject([
    {
      foundAt: after(300).toISOString(),
      lastAt: after(900).toISOString(),
      endedAt: after(1500).toISOString(),
      looks: 2,
      returns: 0,
    },
  ]);
});

test("a look that could not see does not end a finding", () => {
  const watch = through([looked(0, [found(invalid, orders)]), looked(300, [blind(invalid)])]);
  expect(storiesOf(watch)[0]?.endedAt).toBeUndefined();
});

test("a look that was not asked that check does not end its finding", () => {
  const watch = through([looked(0, [found(invalid, orders)]), looked(300, [passed("locks/x")])]);
  expect(storiesOf(watch)[0]?.endedAt).toBeUndefined();
});

test("a finding that ends and comes again says how often", () => {
  const [ill, well] = [[found(invalid, orders)], [passed(invalid)]];
  const watch = through(
    [ill, well, ill, well, ill].map((outcomes, i) => looked(i * 300, outcomes)),
  );
  expect(storiesOf(watch)).toMatchObject([{ looks: 3, returns: 2 }]);
});

test("a finding is told as it is while it lasts, and at its worst when it is over", () => {
  const mild = { ...orders, severity: "warning" as const, summary: "one row" };
  const watch = through([
    looked(0, [found(invalid, mild)]),
    looked(300, [found(invalid, orders)]),
    looked(600, [found(invalid, mild)]),
  ]);
  const now = { severity: "warning", summary: "one row" };
  expect(storiesOf(watch), "while it lasts, as it is").toMatchObject([now]);
  const over = take(watch, looked(900, [passed(invalid)]));
  const worst = { severity: "critical", summary: "public.orders_number_key is ill" };
  expect(storiesOf(over), "when it is over, as it was at its worst").toMatchObject([worst]);
});

test("what was blind is told with its reason, its cure and how long", () => {
  const watch = through([
    looked(0, [passed(invalid)]),
    looked(300, [blind(invalid)]),
    looked(600, [blind(invalid, "another reason")]),
  ]);
  expect(unseenOf(watch)).toEqual([
    {
      check: invalid,
      reason: "another reason",
      cure: "GRANT SELECT ON billing.payouts TO pgvigil;",
      blind: 2,
      asked: 3,
      seenAt: after(0).toISOString(),
    },
  ]);
});

test("a look that comes twice, from before the watch, or after its end changes nothing", () => {
  const first = looked(0, [passed(invalid)]);
  const watch = through([first]);
  expect(take(watch, first)).toBe(watch);
  expect(take(watch, looked(100, [found(invalid, orders)]))).toBe(watch);
  expect(take(watch, looked(-60, [passed(invalid)]))).toBe(watch);
  const closed = { ...watch, state: "closed" as const };
  expect(take(closed, looked(300, [passed(invalid)]))).toBe(closed);
});

/** One look a slot, each with findings, blindness or health of three checks. */
const looks = fc.uniqueArray(
  fc.record({
    slot: fc.integer({ min: 0, max: 20 }),
    states: fc.array(fc.constantFrom("passed", "found", "worse", "blind", "none"), {
      minLength: 3,
      maxLength: 3,
    }),
  }),
  { selector: ({ slot }) => slot, maxLength: 21 },
);

const times = offsets(phasesFor(defaultPhases, 48 * 3600));

const lookOf = ({ slot, states }: { slot: number; states: readonly string[] }): Looked =>
  looked(
    times[slot] ?? 0,
    states.flatMap((state, i) => {
      const check = `indexes/check-${i}`;
      if (state === "passed") return [passed(check, { series: { [`n-${i}`]: slot } })];
      if (state === "found") return [found(check, finding(`of ${i}`))];
      if (state === "worse") return [found(check, finding(`of ${i}`, "critical"))];
      return state === "blind" ? [blind(check)] : [];
    }),
  );

test("in whatever order the looks come, the watch ends the same", () => {
  fc.assert(
    fc.property(
      looks.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      ),
      ([all, shuffled]) => {
        const ending = (some: typeof all) => {
          const watch = through(some.map(lookOf));
          const closing = closingAt(watch, after(48 * 3600), { because: "over" });
          return {
            ...{ verdict: closing.verdict, gaps: closing.gaps, series: watch.series },
            found: closing.found.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
            unseen: closing.unseen.toSorted((a, b) => (a.check < b.check ? -1 : 1)),
            lines: closing.lines.map(({ mark, area }) => `${mark} ${area}`),
          };
        };
        const inOrder = all.toSorted((a, b) => a.slot - b.slot);
        expect(ending(shuffled)).toEqual(ending(inOrder));
      },
    ),
    { numRuns: 300 },
  );
});

test("a thinned line keeps its least and its most, whatever comes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 400 }),
      (values) => {
        const points = values.map((value, i): Point => [i, i, value, value]);
        const thin = thinned(points, 16);
        expect(thin.length).toBeLessThanOrEqual(16);
        expect(Math.min(...thin.map((point) => point[2]))).toBe(Math.min(...values));
        expect(Math.max(...thin.map((point) => point[3]))).toBe(Math.max(...values));
        expect(thin[0]?.[0]).toBe(0);
        expect(thin.at(-1)?.[1]).toBe(values.length - 1);
      },
    ),
  );
});

test("a number that is none is not drawn, and a line too many is not begun", () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`line ${i}`, i]));
  const series = withPoint({}, 0, { ...many, broken: Number.NaN });
  expect(Object.keys(series)).toHaveLength(48);
  expect(series.broken).toBeUndefined();
});

test("of very many findings the worst are kept, and the others counted once, however often seen", () => {
  const many = Array.from({ length: 260 }, (_, i) => finding(`public.t${i}`, "notice"));
  const watch = through([0, 300, 600].map((at) => looked(at, [found(invalid, ...many, orders)])));
  expect(Object.values(watch.seen)).toHaveLength(200);
  expect(watch.seen[orders.fingerprint]).toBeDefined();
  expect(watch.untold).toBe(61);
  const notes = noteWords(pictureOf(watch, after(900)));
  expect(notes).toContain("61 more findings at least, none worse than those told: see the runs");
});

test("seven days of looks with much to tell stay under 300 kB", () => {
  const all = offsets(phasesFor(defaultPhases, 7 * 24 * 3600));
  const findings = Array.from({ length: 40 }, (_, i) =>
    finding(`public.a_table_with_a_long_name_${i}`),
  );
  const checks = Array.from({ length: 40 }, (_, i) => `category/check-number-${i}`);
  const vitals = {
    ...{ at: after(0).toISOString(), sessions: 120, waiting: 3, longestTransactionSeconds: 12.5 },
    ...{ deadRows: 123_456, liveRows: 123_456_789, sizeBytes: 123_456_789_012 },
    counters: {
      ...{ commits: 1e12, rollbacks: 1e9, deadlocks: 12 },
      ...{ tempBytes: 1e13, blocksHit: 1e14, blocksRead: 1e13 },
    },
    countedSince: after(0).toISOString(),
    wal: { lsn: "7F/12345678", lagBytes: 123_456 },
  };
  const watch = all.reduce(
    (now, seconds) =>
      take(
        now,
        looked(
          seconds,
          checks.map((check, i) => ({
            ...(i < 4 ? found(check, ...findings.slice(i * 10, i * 10 + 10)) : passed(check)),
            series: { [`a-series-of-${check}`]: 123_456.789 + seconds },
          })),
          { vitals },
        ),
      ),
    openWatch({ phases: phasesFor(defaultPhases, 7 * 24 * 3600) }),
  );
  expect(watch.looks).toHaveLength(all.length);
  expect(JSON.stringify(watch).length).toBeLessThan(300_000);
});

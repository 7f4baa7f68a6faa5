import { isSameCounting } from "../core/server.ts";
import type { Counters, Vitals } from "../core/vitals.ts";
import type { Curve, Look, Point, Watch } from "../core/watch.ts";

/** What a watch draws: the numbers of its checks, then the target's own, a value a slot. */
export function curvesOf(watch: Watch, slots: number): readonly Curve[] {
  const ofChecks = Object.entries(watch.series).map(([name, points]) => ({
    name,
    unit: unitOf(name),
    points: bySlot(slots, (slot) => valueAt(points, slot, watch.looks)),
  }));
  const known = new Set(ofChecks.map(({ name }) => name));
  const isOfStatement = ({ name }: Curve) => name.startsWith("statement ");
  const all = [
    ...ofChecks.filter((curve) => !isOfStatement(curve)),
    ...ofTarget(watch, slots).filter(({ name }) => !known.has(name)),
    // Many, and of use to whoever looks for one.
    ...ofChecks.filter(isOfStatement),
  ];
  return all.filter(({ points }) => points.some((point) => point !== null));
}

const bySlot = (slots: number, value: (slot: number) => Curve["points"][number]) =>
  Array.from({ length: slots }, (_, slot) => value(slot));

/** A point of several looks stands for each of them, and for none that was missed. */
function valueAt(points: readonly Point[], slot: number, looks: readonly Look[]) {
  if (!looks.some((look) => look.slot === slot)) return null;
  const point = points.find(([from, to]) => from <= slot && slot <= to);
  return point === undefined ? null : ([point[2], point[3]] as const);
}

/** A name says its unit, at its end or by what it is: `table-bytes`, `longest-transaction`. */
function unitOf(name: string): Curve["unit"] {
  if (/seconds$|^longest-transaction$/.test(name)) return "seconds";
  if (/bytes$|size$/.test(name)) return "bytes";
  return /share$/.test(name) ? "share" : "count";
}

interface Gauge {
  readonly name: string;
  readonly unit: Curve["unit"];
  readonly of: (vitals: Vitals) => number | null | undefined;
}

const gauges: readonly Gauge[] = [
  // As the checks call theirs: these are drawn where a check says nothing.
  { name: "connections", unit: "count", of: ({ sessions }) => sessions },
  { name: "waiting-sessions", unit: "count", of: ({ waiting }) => waiting },
  {
    name: "longest-transaction",
    unit: "seconds",
    of: ({ longestTransactionSeconds }) => longestTransactionSeconds,
  },
  { name: "dead-rows", unit: "count", of: ({ deadRows }) => deadRows },
  { name: "size", unit: "bytes", of: ({ sizeBytes }) => sizeBytes },
  { name: "replication-lag", unit: "bytes", of: ({ wal }) => wal?.lagBytes },
];

interface Rate {
  readonly name: string;
  readonly unit: Curve["unit"];
  readonly of: (delta: Counters, seconds: number) => number | null;
}

const rates: readonly Rate[] = [
  { name: "transactions", unit: "per second", of: (d, s) => (d.commits + d.rollbacks) / s },
  { name: "rollbacks", unit: "per second", of: ({ rollbacks }, s) => rollbacks / s },
  { name: "deadlocks", unit: "count", of: ({ deadlocks }) => deadlocks },
  { name: "temporary-files", unit: "bytes per second", of: ({ tempBytes }, s) => tempBytes / s },
  {
    name: "cache-hits",
    unit: "share",
    of: ({ blocksHit, blocksRead }) =>
      blocksHit + blocksRead === 0 ? null : blocksHit / (blocksHit + blocksRead),
  },
];

function ofTarget(watch: Watch, slots: number): readonly Curve[] {
  const looks = new Map(watch.looks.map((look) => [look.slot, look]));
  const steps = stepsOf(watch);
  return [
    ...gauges.map(({ name, unit, of }) => ({
      name,
      unit,
      points: bySlot(slots, (slot) => {
        const vitals = looks.get(slot)?.vitals;
        return vitals === undefined ? null : both(of(vitals));
      }),
    })),
    ...rates.map(({ name, unit, of }) => ({
      name,
      unit,
      points: bySlot(slots, (slot) => {
        const step = steps.get(slot);
        return step === undefined ? null : both(of(step.delta, step.seconds));
      }),
    })),
  ];
}

const both = (value: number | null | undefined) =>
  value === null || value === undefined ? null : ([value, value] as const);

/** What was counted from one look to the next, where nothing made the counters begin anew. */
function stepsOf(watch: Watch) {
  const steps = new Map<number, { delta: Counters; seconds: number }>();
  let before: Pick<Look, "server" | "vitals"> = { vitals: watch.baseline?.vitals };
  for (const look of watch.looks) {
    const step = look.vitals && before.vitals && stepBetween(before.vitals, look.vitals);
    const [then, now] = [before.server, look.server];
    const isSame = then === undefined || (now !== undefined && isSameCounting(then, now));
    if (step !== undefined && isSame) steps.set(look.slot, step);
    if (look.vitals !== undefined) before = look;
  }
  return steps;
}

function stepBetween(then: Vitals, now: Vitals) {
  const seconds = (Date.parse(now.at) - Date.parse(then.at)) / 1000;
  const [a, b] = [then.counters, now.counters];
  const delta: Counters = {
    commits: b.commits - a.commits,
    rollbacks: b.rollbacks - a.rollbacks,
    deadlocks: b.deadlocks - a.deadlocks,
    tempBytes: b.tempBytes - a.tempBytes,
    blocksHit: b.blocksHit - a.blocksHit,
    blocksRead: b.blocksRead - a.blocksRead,
  };
  const isReset = then.countedSince !== now.countedSince;
  const isBackwards = Object.values(delta).some((value) => value < 0);
  return isReset || isBackwards || seconds <= 0 ? undefined : { delta, seconds };
}

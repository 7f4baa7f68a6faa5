import * as z from "zod";
import type { Compared, Difference } from "./diff.ts";
import { type Fact, keyOf } from "./fact.ts";
import { type Beginning, beginningOf, compare, isEndless } from "./partition-bound.ts";
import { factOf, partitionOf } from "./sides.ts";
import { eachFact } from "./unlike.ts";

/** What is remembered of a partitioned table from look to look, by its identity. */
export const windowsSchema = z.record(
  z.string(),
  z.object({
    /** So many newer partitions came for which none of the old ones has gone yet. */
    spare: z.int(),
    /** Bound of the newest that has rolled off. */
    until: z.string().nullable(),
    /** Bounds of those whose going was told. */
    told: z.array(z.string()),
    /** Tables that rolled off by being detached: whoever dumps them drops them later. */
    detached: z.array(z.string()),
  }),
);
export type Windows = z.infer<typeof windowsSchema>;
type Window = Windows[string];

/** Names and bounds remembered of one table, at most. */
const most = 200;

export interface Rolled {
  /** What went with time. */
  readonly differences: ReadonlySet<Difference>;
  readonly windows: Windows;
}

interface Known {
  readonly windows: Windows;
  /** Is this the look that decides, or one at an older state that others have looked at since? */
  readonly decides: boolean;
}

/**
 * Which partitions that are gone, or were detached, went with time: retention is no drift, a lost
 * partition is. The oldest of their table by their bounds, while newer ones came, and as many at
 * most; and never more at once than stay. The look that finds it gone first decides, and what was
 * told once stays told until the window has moved past it.
 *
 * @param growth partitions that came, of the usual shape
 */
export function rolledAmong(
  differences: readonly Difference[],
  { before }: { readonly before: Compared },
  growth: ReadonlySet<Difference>,
  { windows, decides }: Known,
): Rolled {
  const gone = differences.filter(isGone);
  const next: Record<string, Window> = { ...windows };
  const rolled = new Set<Difference>();
  const parentOf = (one: Difference) =>
    partitionOf(one.change === "added" ? one.after : one.before);
  const moved = Map.groupBy([...gone, ...growth], (one) => parentOf(one) ?? "");
  const all = partitionsOf(before, moved);
  for (const [parent, some] of moved) {
    const known = windows[parent] ?? { spare: 0, until: null, told: [], detached: [] };
    const window = windowOf(all.get(parent) ?? [], some);
    const now = decides ? decide(window, known) : look(window, known);
    for (const one of now.rolled) rolled.add(one);
    next[parent] = now.window;
  }
  for (const one of differences) if (one.change === "removed") delete next[one.identity];
  for (const one of differences) if (isLate(one, windows)) rolled.add(one);
  return { differences: rolled, windows: next };
}

/** Those that are gone, while older ones of their table are still there. */
export function outOfOrder(
  differences: readonly Difference[],
  before: Compared,
): ReadonlySet<Difference> {
  const gone = Map.groupBy(differences.filter(isGone), (one) => partitionOf(one.before) ?? "");
  const all = partitionsOf(before, gone);
  return new Set(
    [...gone].flatMap(([parent, some]) =>
      windowOf(all.get(parent) ?? [], some).others.filter((one) => startOf(one.before)),
    ),
  );
}

const isGone = ({ change, before, after }: Difference): boolean =>
  partitionOf(before) !== undefined &&
  (change === "removed" || (change === "changed" && partitionOf(after) === undefined));

function partitionsOf(before: Compared, parents: ReadonlyMap<string, unknown>) {
  const all = new Map<string, Fact[]>();
  if (parents.size === 0) return all;
  for (const fact of eachFact(before)) {
    const parent = partitionOf(fact);
    if (parent === undefined || !parents.has(parent)) continue;
    const some = all.get(parent);
    if (some === undefined) all.set(parent, [fact]);
    else some.push(fact);
  }
  return all;
}

interface Moved {
  /** Those that are gone and were the oldest, in order. */
  readonly oldest: readonly Difference[];
  readonly others: readonly Difference[];
  /** How many newer ones came. */
  readonly come: number;
  /** How many there are now. */
  readonly stay: number;
}

function windowOf(before: readonly Fact[], moved: readonly Difference[]): Moved {
  const order = before
    .flatMap((fact) => {
      const beginning = startOf(fact);
      return beginning === undefined ? [] : [{ key: keyOf(fact), fact, beginning }];
    })
    .toSorted((a, b) => compare(a.beginning, b.beginning));
  const newest = order.findLast(({ fact }) => !isEndless(boundOf(fact)))?.beginning;
  const isNewer = (one: Difference): boolean => {
    const beginning = startOf(one.after);
    return beginning !== undefined && newest !== undefined && compare(beginning, newest) > 0;
  };
  const came = moved.filter(({ change }) => change === "added");
  const gone = new Map(moved.filter(isGone).map((one) => [keyOf(one), one]));
  const end = order.findIndex(({ key }) => !gone.has(key));
  const oldest = order
    .slice(0, end < 0 ? order.length : end)
    .flatMap(({ key }) => gone.get(key) ?? []);
  return {
    oldest,
    others: [...gone.values()].filter((one) => !oldest.includes(one)),
    come: came.filter(isNewer).length,
    stay: order.length - gone.size + came.length,
  };
}

/** The look at what was there last: what it finds gone is decided on here. */
function decide({ oldest, others, come, stay }: Moved, known: Window) {
  const n = oldest.length;
  const isRolling = n <= known.spare + come && n <= stay;
  const rolled = isRolling ? oldest : [];
  const told = isRolling ? others : [...oldest, ...others];
  const until = rolled.map(boundBefore).at(-1) ?? known.until;
  const detached = rolled.flatMap(({ change, identity }) => (change === "changed" ? identity : []));
  return {
    rolled,
    window: {
      spare: known.spare + come - rolled.length,
      until,
      told: [...known.told, ...told.map(boundBefore)]
        .filter((one) => !isPast(one, until))
        .slice(-most),
      detached: [...known.detached, ...detached].slice(-most),
    },
  };
}

/** A look at an older state: what others have decided on since then holds. */
function look({ oldest, others, come, stay }: Moved, known: Window) {
  const isTold = (one: Difference): boolean => known.told.includes(boundBefore(one));
  const past = [...oldest, ...others].filter((one) => isPast(boundBefore(one), known.until));
  const open = oldest.filter((one) => !past.includes(one));
  const isRolling = open.length <= come && open.length <= stay && !open.some(isTold);
  return { rolled: isRolling ? [...past, ...open] : past, window: known };
}

/** What was detached as it rolled off, and is dropped now or put elsewhere. */
function isLate(one: Difference, windows: Windows): boolean {
  const table = one.before;
  return (
    one.change === "removed" &&
    one.kind === "table" &&
    table !== null &&
    Object.values(windows).some(({ detached }) => detached.includes(one.identity))
  );
}

const boundOf = (fact: Fact | null): unknown => fact?.facets.inheritance?.bound;

const boundBefore = (one: Difference): string => String(boundOf(one.before));

const startOf = (fact: Fact | null): Beginning | undefined => beginningOf(boundOf(fact));

function isPast(bound: string, until: string | null): boolean {
  const [one, end] = [beginningOf(bound), beginningOf(until)];
  return one !== undefined && end !== undefined && compare(one, end) <= 0;
}

/** `public.events_2025, public.events_2026 and 3 more` */
export function namesOf(differences: ReadonlySet<Difference>): string {
  const names = [...differences].flatMap((one) => factOf(one)?.identity ?? []);
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return `${names.slice(0, 3).join(", ")}${more}`;
}

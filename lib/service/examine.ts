import type { Config } from "../config/schema.ts";
import { limitsOf } from "../config/targets.ts";
import type { Check } from "../core/check.ts";
import { decode, encode } from "../core/document.ts";
import type { Clock, Session, Store } from "../core/ports.ts";
import { type Report, type RunDocument, runSchema } from "../core/report.ts";
import { sayTarget } from "../core/target.ts";
import { type Order, runIdOf } from "../dispatch/order.ts";
import { laneOf } from "../dispatch/orders.ts";
import { examineFleet, isUntouched } from "../run/fleet.ts";
import { runKey } from "../run/keep-run.ts";
import { endRun } from "../run/run-document.ts";
import { checksOfProfile } from "./checks.ts";
import { leave } from "./leftover.ts";
import { pastOfHour } from "./past-of-hour.ts";
import { type PlacedTarget, placed } from "./place.ts";
import { pastOfPulse } from "./previous.ts";
import { rhythmOf } from "./rhythm.ts";
import { addsOf, type ReachedTarget, servedBy } from "./targets.ts";
import { tasksOf } from "./tasks.ts";
import { checksOf } from "./watch/checks.ts";
import { witness } from "./witness.ts";

export interface Examining {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  /** @throws DatabaseError */
  readonly connect: (target: PlacedTarget, signal: AbortSignal | undefined) => Promise<Session>;
  /** Milliseconds that looking may take: what writing needs is taken off. */
  readonly time: number;
  /** Of pgvigil. */
  readonly version: string;
  readonly signal?: AbortSignal | undefined;
}

export type Examined =
  | { readonly is: "looked"; readonly run: RunDocument; readonly left: number }
  /** The run is there: the order came twice. */
  | { readonly is: "known" }
  /** Worth nothing by now: the next pulse is on its way. */
  | { readonly is: "late" }
  /** No target of it is in the configuration any more. */
  | { readonly is: "nobody" };

/**
 * Looks at a pack and writes what it saw as one run. The same order makes the same run: where it
 * is there already no database is asked (a GET that finds nothing costs a twelfth of a PUT).
 */
export async function examineOrder(order: Order, examining: Examining): Promise<Examined> {
  const { config, store, clock } = examining;
  const startedAt = clock();
  if (isLate(order, config, startedAt)) return { is: "late" };
  const head = {
    ...{ id: runIdOf(order), profile: order.profile, trigger: triggerOf(order) },
    ...{ startedAt: startedAt.toISOString(), pgvigil: examining.version },
  };
  const key = runKey({ run: head });
  const there = await store.get(key);
  const wanted = new Set(order.targets);
  const targets = placed(config).filter(({ target }) => wanted.has(sayTarget(target)));
  if (there !== undefined) {
    await leaveMissing(order, targets, store, await decode(key, there.body, runSchema));
    return { is: "known" };
  }
  if (targets.length === 0) return { is: "nobody" };
  const spent = () => clock().getTime() - startedAt.getTime();
  const { reports, left } = await lookAtAll(order, targets, examining, spent);
  // First what is left, then the run: whoever dies in between does all of it again.
  await leaveFor(order, targets, store, left);
  const run = endRun(head, reports, clock());
  const isFirst = await store.put(key, await encode(key, run), "absent");
  return isFirst ? { is: "looked", run, left: left.length } : { is: "known" };
}

/** What is left is the order's next part. */
async function leaveFor(
  order: Order,
  [first]: readonly PlacedTarget[],
  store: Store,
  left: readonly string[],
): Promise<void> {
  if (first === undefined || left.length === 0) return;
  const next = { ...order, part: order.part + 1, targets: [...left] };
  await leave(store, first.target.environment, next);
}

/**
 * Of two tries at one pack the second may get less far, and leave more than the part that was
 * ordered of the first: whoever is in no part yet gets one.
 */
async function leaveMissing(
  order: Order,
  targets: readonly PlacedTarget[],
  store: Store,
  { reports }: RunDocument,
): Promise<void> {
  if (laneOf(order) !== "deep") return;
  const looked = new Set(reports.map(({ target }) => sayTarget(target)));
  const missing = targets
    .map(({ target }) => sayTarget(target))
    .filter((name) => !looked.has(name));
  await leaveFor(order, targets, store, missing);
}

const triggerOf = ({ watch }: Order): RunDocument["run"]["trigger"] =>
  watch?.place === "before" ? "deploy" : "schedule";

const isLate = (order: Order, config: Config, now: Date): boolean =>
  order.profile === "pulse" &&
  now.getTime() - Date.parse(order.scheduledAt) > rhythmOf(config, "pulse", now);

async function lookAtAll(
  order: Order,
  targets: readonly PlacedTarget[],
  examining: Examining,
  spent: () => number,
): Promise<{ readonly reports: readonly Report[]; readonly left: string[] }> {
  const { config, store, clock, signal, time } = examining;
  const reached = targets.map(
    (placed): ReachedTarget => ({
      ...servedBy(config, placed.each),
      server: placed.server,
      connect: () => examining.connect(placed, signal),
    }),
  );
  const { profile } = order;
  const memory = await (profile === "pulse" ? pastOfPulse : pastOfHour)(order, examining);
  const looking = {
    profile,
    checks: checksFor(order, config),
    store,
    clock,
    signal,
    witness,
    memory,
  };
  const tasks = await tasksOf(reached, looking);
  const limits = limitsOf(config);
  const looked = new Set<string>();
  const reports = await examineFleet(
    tasks,
    { run: Math.min(time - spent(), limits.run), concurrency: limits.concurrency },
    (report) => {
      if (!isUntouched(report)) looked.add(sayTarget(report.target));
    },
  );
  // A pulse has no time to lose: who was not reached now is by the next one.
  const isKept = laneOf(order) === "deep" && looked.size > 0;
  const isLeft = ({ target }: Report): boolean => isKept && !looked.has(sayTarget(target));
  return {
    reports: reports.filter((report) => !isLeft(report)),
    left: reports.filter(isLeft).map(({ target }) => sayTarget(target)),
  };
}

const checksFor = ({ profile, watch }: Order, config: Config): readonly Check[] =>
  profile === "watch"
    ? checksOf(watch?.place ?? "between")(addsOf(config))
    : checksOfProfile(profile, addsOf(config));

import type { Config } from "../config/schema.ts";
import { targetsOf } from "../config/targets.ts";
import { messageOf } from "../core/errors.ts";
import type { Clock, Store } from "../core/ports.ts";
import type { ProfileName } from "../core/profile.ts";
import type { Order } from "../dispatch/order.ts";
import { laneOf, ordersOf, watchOrders } from "../dispatch/orders.ts";
import { loadCalm } from "../incidents/calm.ts";
import { nightlyAge } from "../incidents/nightly-age.ts";
import type { Delivery, Trouble } from "../incidents/outbox.ts";
import { sweep } from "../incidents/sweep.ts";
import { readOpen } from "../watch/opened.ts";
import { leftOf, takenUp } from "./leftover.ts";
import { awake, type HostStates } from "./pausable.ts";
import { type PlacedTarget, placed } from "./place.ts";
import { policiesOf } from "./policies.ts";
import { seenIn } from "./seen.ts";
import { keepStates } from "./states.ts";
import { openWatches } from "./watch/open.ts";

export interface Dispatching {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  /** Absent where another account judges what is seen here: then looks are ordered, and no more. */
  readonly delivery: Delivery | undefined;
  /** Hands orders to whoever examines that network. @throws where they were not taken */
  readonly send: (network: string, lane: Lane, orders: readonly Order[]) => Promise<void>;
  /** By the host of each endpoint, as RDS has them here. */
  readonly states: () => Promise<HostStates>;
}

type Lane = ReturnType<typeof laneOf>;

export interface Tick {
  readonly profile: Exclude<ProfileName, "watch">;
  /** The time that was meant, ISO 8601. */
  readonly scheduledTime: string;
}

export interface Dispatched {
  readonly orders: number;
  readonly troubles: readonly Trouble[];
  /** Hours, of the hourly tick alone. */
  readonly nightlyAge?: number | undefined;
  /** All that are looked at from here sleep, so that no run will come of this tick. */
  readonly isIdle: boolean;
}

/** Some of what a tick has to do did not come off; the rest is done. It may be called again. */
class Incomplete extends AggregateError {
  override readonly name = "Incomplete";
}

/**
 * What is due at a tick. Orders come first: what goes wrong with watches or incidents keeps no
 * database from being looked at. Called twice for one tick it orders the same runs.
 *
 * @throws Incomplete
 */
export async function dispatch(tick: Tick, dispatching: Dispatching): Promise<Dispatched> {
  const { config, store, clock, delivery } = dispatching;
  const fleet = placed(config);
  const troubles: Trouble[] = [];
  const errors: unknown[] = [];
  let orders = 0;
  let isIdle = false;
  const part = (work: () => Promise<void>) =>
    work().catch((error: unknown) => {
      errors.push(error);
    });
  await part(async () => {
    const looks = await orderLooks(tick, fleet, dispatching);
    isIdle = looks === 0 && fleet.length > 0;
    orders += looks;
  });
  if (tick.profile === "pulse") {
    await part(async () => {
      orders += await orderLeftovers(fleet, dispatching);
    });
    await part(async () => {
      const open = await readOpen(store);
      await part(async () => {
        const looks = watchOrders(await openWatches(store, open), fleet, clock());
        await sendAll(looks, dispatching);
        orders += looks.length;
      });
      if (delivery === undefined) return;
      // A hub lets time pass for what others look at.
      const targets = targetsOf(config).map(({ target }) => target);
      const policyOf = await policiesOf(config, store, open);
      const seen = () => seenIn(store, config, clock());
      troubles.push(...(await sweep({ store, targets, policyOf, delivery, clock, seen })));
    });
  }
  let age: number | undefined;
  if (tick.profile === "hourly" && delivery !== undefined) {
    await part(async () => {
      const wanted = targetsOf(config).filter(({ pausable }) => !pausable);
      // Of whoever may sleep no night is awaited.
      age =
        wanted.length === 0
          ? 0
          : await nightlyAge(
              store,
              wanted.map(({ target }) => target),
              clock(),
              await loadCalm(store),
            );
    });
  }
  if (errors.length > 0) throw new Incomplete(errors, errors.map(messageOf).join("; "));
  return { orders, troubles, isIdle, ...(age === undefined ? {} : { nightlyAge: age }) };
}

async function orderLooks(
  { profile, scheduledTime }: Tick,
  fleet: readonly PlacedTarget[],
  dispatching: Dispatching,
): Promise<number> {
  const isAtAws = fleet.some(({ host, each }) => each.pausable || isRds(host));
  const wantsStates = isAtAws && (profile === "pulse" || fleet.some(({ each }) => each.pausable));
  // Whoever cannot ask RDS lets sleepers sleep, and looks at all others.
  const states = wantsStates ? await dispatching.states().catch(() => undefined) : undefined;
  const wanted = awake(fleet, profile, states ?? new Map());
  // Packs of their own: who sleeps changes nobody else's.
  const orders = [false, true].flatMap((sleeps) =>
    ordersOf(
      profile,
      new Date(scheduledTime).toISOString(),
      wanted.filter(({ each }) => each.pausable === sleeps),
    ),
  );
  await sendAll(orders, dispatching);
  // Before anybody finds that one of them does not answer: the alert says what RDS says.
  if (profile === "pulse" && states !== undefined) {
    await keepStates(dispatching.store, fleet, states);
  }
  return orders.length;
}

const isRds = (host: string): boolean => /\.rds\.amazonaws\.com(\.cn)?$/.test(host);

/** What deadlines left is ordered as its next part. */
async function orderLeftovers(
  fleet: readonly PlacedTarget[],
  dispatching: Dispatching,
): Promise<number> {
  let orders = 0;
  for (const environment of new Set(fleet.map(({ target }) => target.environment))) {
    const left = await leftOf(dispatching.store, environment);
    await sendAll(left, dispatching);
    await takenUp(dispatching.store, environment, left);
    orders += left.length;
  }
  return orders;
}

async function sendAll(orders: readonly Order[], { send }: Dispatching): Promise<void> {
  const groups = Map.groupBy(orders, (order) => JSON.stringify([order.network, laneOf(order)]));
  for (const group of groups.values()) {
    const [first] = group;
    if (first !== undefined) await send(first.network, laneOf(first), group);
  }
}

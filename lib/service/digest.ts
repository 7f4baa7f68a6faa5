import type { Config } from "../config/schema.ts";
import { targetsOf } from "../config/targets.ts";
import type { Digest } from "../core/alert.ts";
import type { Clock, Store } from "../core/ports.ts";
import { digestSent, gatherDigest } from "../incidents/digest.ts";
import { type Delivery, sendAll, type Trouble } from "../incidents/outbox.ts";
import { readOpen } from "../watch/opened.ts";
import { policiesOf } from "./policies.ts";

export interface Digesting {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly delivery: Delivery;
}

/**
 * The morning mail of the whole fleet. What it tells is marked as told when it is gone: a second
 * one for the same time is the same mail, under the same id.
 */
export async function sendDigest(
  scheduledTime: string,
  { config, store, clock, delivery }: Digesting,
): Promise<readonly Trouble[]> {
  const gathered = await gatherDigest({
    store,
    targets: targetsOf(config).map(({ target }) => target),
    policyOf: await policiesOf(config, store),
    due: new Date(scheduledTime),
    now: clock(),
    watches: await watchesIn(store),
  });
  const { troubles, isDone } = await sendAll(delivery.renderers.digest(gathered), delivery);
  if (isDone) await digestSent(store, gathered);
  return troubles;
}

/** Open watches, and until when. */
export async function watchesIn(store: Store): Promise<Digest["watches"]> {
  const { watches } = await readOpen(store);
  return Object.values(watches).flatMap(({ id, target, deploy = "a deployment", ...watch }) => {
    const { openedAt, phases } = watch;
    if (openedAt === undefined) return [];
    const seconds = phases.at(-1)?.until ?? 0;
    const until = new Date(Date.parse(openedAt) + seconds * 1000).toISOString();
    return [{ id, target, deploy, until }];
  });
}

import type { Config } from "../config/schema.ts";
import { targetsOf } from "../config/targets.ts";
import type { Clock, Store } from "../core/ports.ts";
import { nightlyAge } from "../incidents/nightly-age.ts";
import type { Delivery, Trouble } from "../incidents/outbox.ts";
import { keepNightlies } from "./keep.ts";
import { placed } from "./place.ts";
import { type Roots, tellExpiring } from "./roots.ts";

export interface Keeping {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly delivery: Delivery;
  /** What vouches for a host, and until when. */
  readonly rootsFor: Roots["rootsFor"];
  /** Tells who watches from outside that the night went well; absent where nobody does. */
  readonly ping?: (() => Promise<void>) | undefined;
}

export interface KeptNight {
  readonly copied: number;
  readonly pinged: boolean;
  readonly troubles: readonly Trouble[];
}

/** Hours: a day, and what a long night may take beyond it. */
const wholeNight = 26;

/** Keeps what is to outlive its week. Whoever watches from outside hears of a whole night only. */
export async function keepNight(keeping: Keeping): Promise<KeptNight> {
  const { config, store, clock, delivery, rootsFor, ping } = keeping;
  const copied = await keepNightlies(store, clock());
  const fleet = placed(config);
  const troubles = await tellExpiring({ fleet, rootsFor, store, delivery, now: clock() });
  const targets = targetsOf(config).filter(({ pausable }) => !pausable);
  const age = await nightlyAge(
    store,
    targets.map(({ target }) => target),
    clock(),
  );
  const isWhole = age !== undefined && age <= wholeNight;
  if (ping === undefined || !isWhole) return { copied, pinged: false, troubles };
  await ping();
  return { copied, pinged: true, troubles };
}

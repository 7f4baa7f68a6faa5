import type { Config } from "../config/schema.ts";
import { targetsOf } from "../config/targets.ts";
import type { Clock, Store } from "../core/ports.ts";
import { nightlyAge } from "../incidents/nightly-age.ts";
import { keepNightlies } from "./keep.ts";

export interface Keeping {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  /** Tells who watches from outside that the night went well; absent where nobody does. */
  readonly ping?: (() => Promise<void>) | undefined;
}

export interface KeptNight {
  readonly copied: number;
  readonly pinged: boolean;
}

/** Hours: a day, and what a long night may take beyond it. */
const wholeNight = 26;

/** Keeps what is to outlive its week. Whoever watches from outside hears of a whole night only. */
export async function keepNight({ config, store, clock, ping }: Keeping): Promise<KeptNight> {
  const copied = await keepNightlies(store, clock());
  const targets = targetsOf(config).filter(({ pausable }) => !pausable);
  const age = await nightlyAge(
    store,
    targets.map(({ target }) => target),
    clock(),
  );
  const isWhole = age !== undefined && age <= wholeNight;
  if (ping === undefined || !isWhole) return { copied, pinged: false };
  await ping();
  return { copied, pinged: true };
}

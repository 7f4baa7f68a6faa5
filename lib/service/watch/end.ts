import type { Store } from "../../core/ports.ts";
import type { Watch } from "../../core/watch.ts";
import { endWatch } from "../../watch/keep.ts";
import { closed, type Ending } from "../../watch/verdict.ts";
import { outcomeOf } from "./outcome.ts";
import { sealHealthy } from "./seal.ts";

export interface EndingWatch {
  readonly store: Store;
  readonly now: Date;
  /** Does the configuration want a healthy watch to seal its schema? */
  readonly seals: boolean;
  readonly tellVerdict: (watch: Watch) => Promise<void>;
}

/** Ends a watch: the verdict is told first, so that nobody who dies in between keeps it back. */
export async function end(watch: Watch, ending: Ending, how: EndingWatch) {
  const { store, now, seals, tellVerdict } = how;
  const outcome = await outcomeOf(store, watch);
  await tellVerdict(closed(watch, now, ending, outcome));
  const ended = await endWatch(store, watch, now, ending, outcome);
  const isMeant = seals && ending.because === "over";
  return { watch: ended, sealed: isMeant ? await sealHealthy(store, ended, now) : undefined };
}

import type { Config } from "../../config/schema.ts";
import { targetsOf } from "../../config/targets.ts";
import type { Store } from "../../core/ports.ts";
import { sayTarget } from "../../core/target.ts";
import type { Watch } from "../../core/watch.ts";
import type { Delivery, Trouble } from "../../incidents/outbox.ts";
import { due } from "../../watch/due.ts";
import { readWatch } from "../../watch/keep.ts";
import { readOpen, watchOf } from "../../watch/opened.ts";
import { end } from "./end.ts";
import { tellVerdict } from "./tell.ts";

/** Every watch that is not closed, as its document has it. @throws UnreadableDocument */
export async function openWatches(store: Store): Promise<readonly Watch[]> {
  const { watches } = await readOpen(store);
  return Promise.all(
    Object.values(watches).map(async (entry) => watchOf(entry, await readWatch(store, entry.id))),
  );
}

export interface Closing {
  readonly config: Config;
  readonly store: Store;
  readonly delivery: Delivery | undefined;
  readonly now: Date;
}

/** Ends a watch whose last look is taken, or whose deployment never began. */
export async function endIfOver(
  watch: Watch,
  { config, store, delivery, now }: Closing,
): Promise<readonly Trouble[]> {
  const what = due(watch, now);
  if (what.is !== "closing") return [];
  const name = sayTarget(watch.target);
  const seals = targetsOf(config).find(({ target }) => sayTarget(target) === name);
  const troubles: Trouble[] = [];
  await end(
    watch,
    { because: what.because },
    {
      store,
      now,
      seals: seals?.sealsHealthyWatch === true,
      tellVerdict: async (closed) => {
        troubles.push(...(await tellVerdict(store, closed, delivery)));
      },
    },
  );
  return troubles;
}

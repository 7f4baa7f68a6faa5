import type { Config } from "../../config/schema.ts";
import { targetsOf } from "../../config/targets.ts";
import type { Store } from "../../core/ports.ts";
import { sayTarget } from "../../core/target.ts";
import type { Watch } from "../../core/watch.ts";
import type { Delivery, Trouble } from "../../incidents/outbox.ts";
import { due } from "../../watch/due.ts";
import type { Open } from "../../watch/opened.ts";
import { end } from "./end.ts";
import { openWatches } from "./open.ts";
import { tellVerdict } from "./tell.ts";

export interface Closing {
  readonly config: Config;
  readonly store: Store;
  /** Those that are not closed. */
  readonly open: Open;
  readonly delivery: Delivery | undefined;
  readonly now: Date;
}

/** Ends every watch whose last look is taken, or whose deployment never began. */
export async function endThoseOver(closing: Closing): Promise<readonly Trouble[]> {
  const troubles: Trouble[] = [];
  for (const watch of await openWatches(closing.store, closing.open)) {
    troubles.push(...(await endIfOver(watch, closing)));
  }
  return troubles;
}

async function endIfOver(
  watch: Watch,
  { config, store, delivery, now }: Omit<Closing, "open">,
): Promise<readonly Trouble[]> {
  const what = due(watch, now);
  if (what.is !== "closing") return [];
  const name = sayTarget(watch.target);
  const each = targetsOf(config).find(({ target }) => sayTarget(target) === name);
  const troubles: Trouble[] = [];
  const how = {
    ...{ store, now, seals: each?.sealsHealthyWatch === true },
    tellVerdict: async (closed: Watch) => {
      troubles.push(...(await tellVerdict(store, closed, delivery)));
    },
  };
  await end(watch, { because: what.because }, how);
  return troubles;
}

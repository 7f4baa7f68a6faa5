import type { Store } from "../../core/ports.ts";
import type { Watch } from "../../core/watch.ts";
import { readWatch } from "../../watch/keep.ts";
import { type Open, watchOf } from "../../watch/opened.ts";

/** Every watch that is not closed, as its document has it. @throws UnreadableDocument */
export async function openWatches(store: Store, { watches }: Open): Promise<readonly Watch[]> {
  return Promise.all(
    Object.values(watches).map(async (entry) => watchOf(entry, await readWatch(store, entry.id))),
  );
}

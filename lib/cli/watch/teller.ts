import type { Store } from "../../core/ports.ts";
import type { RunDocument } from "../../core/report.ts";
import type { Watch } from "../../core/watch.ts";
import type { Delivery } from "../../incidents/outbox.ts";
import { tellVerdict } from "../../service/watch/tell.ts";
import type { Words } from "../command.ts";
import { notifyRun, tellTroubles } from "../incidents/notify-run.ts";
import type { Io } from "../io.ts";

/** Who is told of looks and of the end. */
export interface Teller {
  tellRun(run: RunDocument): Promise<void>;
  tellVerdict(watch: Watch): Promise<void>;
}

/** A watch that lives in memory has no incidents: whoever runs it sees it. */
export const silent: Teller = {
  async tellRun() {},
  async tellVerdict() {},
};

/**
 * Every look moves the target's incidents, as any run does.
 *
 * @param delivery absent where nobody takes alerts away: a verdict is then printed, and not sent
 */
export const tellerFor = (
  store: Store,
  words: Words,
  io: Io,
  delivery: Delivery | undefined,
): Teller => ({
  tellRun: (run) => notifyRun(run, words, io, delivery),
  tellVerdict: async (watch) => tellTroubles(await tellVerdict(store, watch, delivery), io),
});

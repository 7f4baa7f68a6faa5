import { UnreadableDocument } from "../../core/document.ts";
import { UsageError } from "../../core/errors.ts";
import type { Store } from "../../core/ports.ts";
import { sayTarget, type Target } from "../../core/target.ts";
import { saidBy } from "../../dispatch/order.ts";
import { loadIncidents } from "../../incidents/stored.ts";
import { alertFlags } from "../alerts/flags.ts";
import type { Words } from "../command.ts";
import { isDeployed } from "../store.ts";

/**
 * Does a deployment take in the runs of this target? Then it hears of one that is put into its bucket
 * from here, too, and tells what there is to tell, by its own topics.
 */
export async function isTakenIn(store: Store, target: Target): Promise<boolean> {
  if (!isDeployed(store)) return false;
  try {
    const { runs = [] } = (await loadIncidents(store, target)) ?? {};
    return runs.some((id) => saidBy(id) !== undefined);
  } catch (error) {
    if (error instanceof UnreadableDocument) return false;
    throw error;
  }
}

/**
 * What is told from here is not told by the deployment: whoever is on call would not hear of it.
 *
 * @throws UsageError where alerts are asked for, and a deployment tells of one of the targets
 */
export async function leaveToDeployment(
  words: Words,
  store: Store,
  targets: readonly Target[],
): Promise<void> {
  const flag = Object.keys(alertFlags).find((name) => words.has(name));
  if (flag === undefined) return;
  for (const target of targets) {
    if (!(await isTakenIn(store, target))) continue;
    throw new UsageError(
      `--${flag}: the deployment at ${store.place} tells of ${sayTarget(target)}, by its own topics`,
      "Leave it out: what is found is told there. Or look with another --store.",
    );
  }
}

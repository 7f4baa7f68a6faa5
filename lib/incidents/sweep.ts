import { UnreadableDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import { sayTarget, type Target } from "../core/target.ts";
import { type IncidentDocument, incidentsPrefix } from "./document.ts";
import type { Moment } from "./moment.ts";
import type { Notifying } from "./notify.ts";
import { drain, type Trouble } from "./outbox.ts";
import { writeIncidents } from "./stored.ts";
import { retire, tick } from "./tick.ts";

export interface Sweeping extends Notifying {
  /** Every target of the configuration. */
  readonly targets: readonly Target[];
}

/** Lets time pass for every target: those of the configuration, and those that have left it. */
export async function sweep(sweeping: Sweeping): Promise<readonly Trouble[]> {
  const { store, targets, policyOf, delivery, clock, nonce } = sweeping;
  const names = new Set(targets.map(sayTarget));
  const gone = (await storedTargets(store)).filter(
    // A database by --url was never in a configuration.
    (target) => target.environment !== "adhoc" && !names.has(sayTarget(target)),
  );
  const troubles: Trouble[] = [];
  const each = async (
    target: Target,
    pass: (now: IncidentDocument | undefined, moment: Moment) => IncidentDocument | undefined,
  ): Promise<void> => {
    const policy = policyOf(target);
    const moment = { at: clock().toISOString(), target, policy, tells: delivery !== undefined };
    try {
      const written = await writeIncidents(store, target, (now) => pass(now, moment), { nonce });
      if (delivery !== undefined) {
        troubles.push(...(await drain(store, written, { ...delivery, nonce })));
      }
    } catch (error) {
      if (!(error instanceof UnreadableDocument)) throw error;
      // Whoever takes in the next report tells it: with what that report says.
      troubles.push({ outlet: "store", message: error.key, isKept: true, why: error.message });
    }
  };
  for (const target of targets) await each(target, tick);
  for (const target of gone) {
    await each(target, (now, moment) => (now === undefined ? undefined : retire(now, moment)));
  }
  return troubles;
}

/** Targets that have a document, by its key. */
export async function storedTargets(store: Store): Promise<readonly Target[]> {
  const keys = await store.list(incidentsPrefix);
  return keys.flatMap((key) => {
    const [, environment, name] =
      /^([^/]+)\/([^/]+)\.json$/.exec(key.slice(incidentsPrefix.length))?.map(decodeURIComponent) ??
      [];
    return environment === undefined || name === undefined ? [] : [{ environment, name }];
  });
}

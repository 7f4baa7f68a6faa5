import { UnreadableDocument } from "../core/document.ts";
import type { Clock, Store } from "../core/ports.ts";
import type { RunDocument } from "../core/report.ts";
import type { Target } from "../core/target.ts";
import { isAllOfSight, shareSight } from "./fleet.ts";
import { type Delivery, drain, type Trouble } from "./outbox.ts";
import type { Policy } from "./policy.ts";
import { step } from "./step.ts";
import { type Written, writeIncidents } from "./stored.ts";
import { tellUnreadable } from "./unreadable.ts";

export interface Notifying {
  readonly store: Store;
  readonly policyOf: (target: Target) => Policy;
  /** Absent where nobody takes alerts away: incidents go on, and wait for somebody who does. */
  readonly delivery?: Delivery | undefined;
  readonly clock: Clock;
  readonly nonce?: (() => string) | undefined;
}

/**
 * Takes a run in: every target's incidents, then what has to be said of them. May be called with
 * the same run again, with an older one, and at the same time elsewhere.
 *
 * @throws whatever the store throws: then the run has to be handed in again
 */
export async function notify(
  { run, reports }: Pick<RunDocument, "run" | "reports">,
  notifying: Notifying,
): Promise<readonly Trouble[]> {
  const { store, policyOf, delivery, clock, nonce } = notifying;
  const troubles: Trouble[] = [];
  const isOfSeveral = reports.length > 1;
  const waiting: Written[] = [];
  for (const report of reports) {
    const { target } = report;
    const how = { policy: policyOf(target), tells: delivery !== undefined, now: clock() };
    try {
      const arrived = { run, report, isOfSeveral };
      const written = await writeIncidents(store, target, (now) => step(now, arrived, how), {
        nonce,
      });
      if (isOfSeveral && written?.document.outbox.some(({ bulletin }) => isAllOfSight(bulletin))) {
        waiting.push(written);
      } else if (delivery !== undefined) {
        troubles.push(...(await drain(store, written, { ...delivery, nonce })));
      }
    } catch (error) {
      if (!(error instanceof UnreadableDocument)) throw error;
      troubles.push(...(await tellUnreadable(error, { run, report }, how, notifying)));
    }
  }
  if (delivery === undefined || waiting.length === 0) return troubles;
  const { taken, down, troubles: more } = await shareSight(waiting, delivery);
  troubles.push(...more);
  for (const written of waiting) {
    troubles.push(...(await drain(store, written, { ...delivery, nonce, taken, down })));
  }
  return troubles;
}

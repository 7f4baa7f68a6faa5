import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome } from "../core/outcome.ts";
import type { Session } from "../core/ports.ts";
import type { Scene } from "../core/scene.ts";
import type { Examination } from "./examination.ts";

interface Scenes {
  /** Looks closer where the outcome calls for it, once a target. */
  after(outcome: Outcome): Promise<void>;
  /** With the second look, if there is time for it. */
  taken(): Promise<Scene[] | undefined>;
}

/** What a second look needs of a target's time. Milliseconds. */
const reserve = 2000;

/**
 * Evidence that is gone in minutes, taken in the session that finds the incident: at once, and
 * again after a pause, in which the rest of the checks is asked.
 */
export function scenesFor(
  { witness, clock, deadline, signal }: Examination,
  session: Session,
): Scenes {
  const look = witness?.begin(session, clock);
  let first: { readonly scene: Scene; readonly at: number } | undefined;
  return {
    async after(outcome) {
      if (look === undefined || first !== undefined || !witness?.isCalled(outcome)) return;
      const at = clock().getTime();
      first = { scene: await look(), at };
    },
    async taken() {
      if (witness === undefined || look === undefined || first === undefined) return undefined;
      const wait = first.at + witness.pause - clock().getTime();
      const isInTime = clock().getTime() + Math.max(0, wait) + reserve < deadline;
      if (!isInTime) return [first.scene];
      // Whoever interrupts the pause still has what was found.
      if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => undefined);
      return signal?.aborted ? [first.scene] : [first.scene, await look()];
    },
  };
}

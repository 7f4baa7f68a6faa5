import type { Log } from "../../lib/adapters/aws/lambda/world.ts";
import type { Trouble } from "../../lib/incidents/outbox.ts";

/** What did not go out stands in the log; what is kept in an outbox is tried at the next tick. */
export function logTroubles(troubles: readonly Trouble[], log: Log): void {
  for (const { outlet, message, why, isKept } of troubles) {
    const say = isKept ? log.warn : log.error;
    say(isKept ? "not told yet" : "not told", { outlet, message, why });
  }
}

import { UnreadableDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import type { Target } from "../core/target.ts";
import { hour } from "./moment.ts";
import { loadIncidents } from "./stored.ts";

const atOnce = 16;

/**
 * Hours since every one of these targets had been looked at by night. One that never was counts
 * from when it was first heard of; nothing where nobody has heard of any.
 */
export async function nightlyAge(
  store: Store,
  targets: readonly Target[],
  now: Date,
): Promise<number | undefined> {
  let oldest: number | undefined;
  for (let at = 0; at < targets.length; at += atOnce) {
    const some = targets.slice(at, at + atOnce);
    for (const look of await Promise.all(some.map((target) => lastNight(store, target)))) {
      if (look !== undefined) oldest = Math.min(oldest ?? look, look);
    }
  }
  return oldest === undefined ? undefined : Math.max(0, (now.getTime() - oldest) / hour);
}

async function lastNight(store: Store, target: Target): Promise<number | undefined> {
  try {
    const document = await loadIncidents(store, target);
    const at = document?.profiles.nightly ?? document?.since;
    return at === undefined ? undefined : Date.parse(at);
  } catch (error) {
    // It is told with the next report of its target.
    if (error instanceof UnreadableDocument) return undefined;
    throw error;
  }
}

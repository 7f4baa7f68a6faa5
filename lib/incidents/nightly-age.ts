import { UnreadableDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import { sayTarget, type Target } from "../core/target.ts";
import type { Calm } from "./calm.ts";
import { hour } from "./moment.ts";
import { loadIncidents } from "./stored.ts";

const atOnce = 16;

/**
 * Hours since every one of these targets had been looked at by night. One that never was counts
 * from when it was first heard of; nothing where nobody has heard of any.
 *
 * @param calm who was quiet at the last sweep: their documents need not be read. What has happened
 * since can only make it fewer.
 */
export async function nightlyAge(
  store: Store,
  targets: readonly Target[],
  now: Date,
  calm?: Calm,
): Promise<number | undefined> {
  let oldest: number | undefined;
  for (let at = 0; at < targets.length; at += atOnce) {
    const some = targets.slice(at, at + atOnce);
    const looks = some.map((target) => lastNight(store, target, calm?.quiet[sayTarget(target)]));
    for (const look of await Promise.all(looks)) {
      if (look !== undefined) oldest = Math.min(oldest ?? look, look);
    }
  }
  return oldest === undefined ? undefined : Math.max(0, (now.getTime() - oldest) / hour);
}

async function lastNight(
  store: Store,
  target: Target,
  quiet: Calm["quiet"][string] | undefined,
): Promise<number | undefined> {
  try {
    const document = quiet ?? (await loadIncidents(store, target));
    const at = document?.profiles.nightly ?? document?.since;
    return at === undefined ? undefined : Date.parse(at);
  } catch (error) {
    // It is told with the next report of its target.
    if (error instanceof UnreadableDocument) return undefined;
    throw error;
  }
}

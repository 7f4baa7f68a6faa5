import type { Store } from "../core/ports.ts";
import type { Target } from "../core/target.ts";
import { type Seal, sealStored } from "../schema/baseline.ts";
import { lastLookIn } from "../schema/last-look.ts";
import { snapshotKey } from "../schema/stored.ts";
import { recall } from "./memory.ts";

/** A watch that ended healthy, where `baseline: { sealOn: healthy-watch }`. */
export interface HealthyWatch {
  readonly id: string;
  /** ISO 8601: a snapshot from before it is not what was watched. */
  readonly openedAt: string;
  readonly now: Date;
}

export type WatchSeal = { readonly sealed: Seal } | { readonly notSealed: string };

/**
 * Seals the newest complete snapshot of a target, as its last look remembered it, with where the
 * migration tools stood then. A watch seals once, however often it is said.
 *
 * @throws UnreadableDocument
 */
export async function sealHealthyWatch(
  store: Store,
  target: Target,
  { id, openedAt, now }: HealthyWatch,
): Promise<WatchSeal> {
  const look = lastLookIn(await recall(store, target));
  if (look === undefined) return { notSealed: "no look of the watch read the whole schema" };
  const { checksum, canonical, at, migrations } = look;
  if (Date.parse(at) < Date.parse(openedAt)) {
    return { notSealed: `the newest snapshot, of ${at}, is from before the watch` };
  }
  if ((await store.list(snapshotKey(checksum))).length === 0) {
    return { notSealed: `${snapshotKey(checksum)} is not in ${store.place} any more` };
  }
  const by = `watch ${id}`;
  const approval = { by, why: `healthy watch ${id}`, now, migrations };
  return {
    sealed: await sealStored(
      store,
      target,
      { checksum, canonical },
      approval,
      (seal) => seal.by === by,
    ),
  };
}

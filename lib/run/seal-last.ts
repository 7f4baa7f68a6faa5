import { UsageError } from "../core/errors.ts";
import type { Store } from "../core/ports.ts";
import { sayFlags, sayTarget, type Target, type Typed } from "../core/target.ts";
import { type Approval, type Seal, sealStored } from "../schema/baseline.ts";
import { lastLookIn } from "../schema/last-look.ts";
import { snapshotKey } from "../schema/stored.ts";
import { recall } from "./memory.ts";

/**
 * Seals the newest complete snapshot that a look left in the store, with where the migration tools
 * stood then. For whoever reaches the bucket of a deployment, and not its databases.
 *
 * @returns the seal, and when the look was
 * @throws UsageError where there was no look yet, or its snapshot is gone
 */
export async function sealLast(
  store: Store,
  target: Target,
  approval: Approval,
  typed?: Typed,
): Promise<{ readonly seal: Seal; readonly lookedAt: string }> {
  const look = lastLookIn(await recall(store, target));
  const name = sayTarget(target);
  if (look === undefined || (await store.list(snapshotKey(look.checksum))).length === 0) {
    throw new UsageError(
      look === undefined
        ? `nobody looked at the whole schema of ${name} yet, says ${store.place}`
        : `${snapshotKey(look.checksum)} is not in ${store.place} any more`,
      `pgvigil check ${sayFlags(name, typed)} --only schema/drift-from-last`,
    );
  }
  const { checksum, canonical, migrations, at } = look;
  const kept = { checksum, canonical };
  const seal = await sealStored(store, target, kept, { ...approval, migrations });
  return { seal, lookedAt: at };
}

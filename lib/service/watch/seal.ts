import type { Store } from "../../core/ports.ts";
import type { Watch } from "../../core/watch.ts";
import { sealHealthyWatch } from "../../run/seal-watch.ts";

/**
 * A watch that ended healthy, if with notes, approves the schema that it saw last, where the
 * configuration says so: `baseline: { sealOn: healthy-watch }`. Says what came of it.
 */
export async function sealHealthy(
  store: Store,
  { id, target, openedAt, closing }: Watch,
  now: Date,
): Promise<string | undefined> {
  const verdict = closing?.verdict;
  if (verdict !== "healthy" && verdict !== "healthy-with-notes") return undefined;
  if (openedAt === undefined) return undefined;
  const seal = await sealHealthyWatch(store, target, { id, openedAt, now });
  return "sealed" in seal
    ? `sealed ${seal.sealed.checksum}: the watch was healthy`
    : `not sealed: ${seal.notSealed}`;
}

import * as z from "zod";
import { trackerHeadSchema } from "../../core/migrations.ts";
import type { Store } from "../../core/ports.ts";
import type { Watch } from "../../core/watch.ts";
import { recall } from "../../run/memory.ts";
import { currentSeal, loadBaseline, seal } from "../../schema/baseline.ts";
import { remembersSnapshot } from "../../schema/seen.ts";
import { loadSnapshot } from "../../schema/stored.ts";

const lookSchema = z.looseObject({
  checksum: z.string(),
  migrations: z.array(trackerHeadSchema).optional(),
});

/**
 * A healthy watch approves the schema that it saw last, where the configuration says so
 * (`baseline: { sealOn: healthy-watch }`). Nothing where that is what is sealed already.
 */
export async function sealHealthy(
  store: Store,
  watch: Watch,
  now: Date,
): Promise<string | undefined> {
  const verdict = watch.closing?.verdict;
  if (verdict !== "healthy" && verdict !== "healthy-with-notes") return undefined;
  const last = watch.looks.at(-1)?.checksum;
  const look = lookSchema.safeParse((await recall(store, watch.target))(remembersSnapshot)?.memory);
  // Only what the last look itself read whole: nobody approves what came since.
  if (last === undefined || look.data?.checksum !== last) return undefined;
  const sealed = await loadBaseline(store, watch.target);
  if (sealed !== undefined && currentSeal(sealed)?.checksum === last) return undefined;
  const approval = {
    by: `watch ${watch.id}`,
    why: `the watch over ${watch.deploy ?? "a deployment"} was ${verdict.replaceAll("-", " ")}`,
    now,
    migrations: look.data.migrations,
  };
  return (await seal(store, watch.target, await loadSnapshot(store, last), approval)).checksum;
}

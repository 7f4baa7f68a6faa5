import { procedure, type ReadContext } from "../../core/read.ts";
import { currentSeal, loadBaseline } from "../../schema/baseline.ts";
import { compare, comparisonSchema } from "../../schema/comparison.ts";
import { windowsIn } from "../../schema/last-look.ts";
import { loadSnapshot } from "../../schema/stored.ts";
import { againstLast } from "./against-last.ts";
import { tenantsIn } from "./drift-options.ts";
import { lookingAtTrackers } from "./trackers-look.ts";

/** The schema as it is, held against the one that was sealed. */
export const againstBaseline = procedure({
  id: "schema-against-baseline",
  result: comparisonSchema,
  async run(context) {
    const { store, target } = context;
    if (store === undefined) throw new Error("a baseline needs a store");
    return compare(context, {
      find: async () => {
        const baseline = await loadBaseline(store, target);
        return baseline && currentSeal(baseline);
      },
      load: (checksum) => loadSnapshot(store, checksum),
      trackers: lookingAtTrackers(context),
      tenants: tenantsIn(context.options),
      between: async () => ({ are: "two times", ...(await sinceThen(context)) }),
    });
  },
});

/** The last look decides which partitions went with time, where there was one. */
async function sinceThen(context: ReadContext) {
  const last = await context.read(againstLast);
  if (last.state === "nothing-there") return { windows: {}, decides: true };
  const now = last.state === "compared" ? last.windows : undefined;
  return { windows: now ?? windowsIn(context.past), decides: false };
}

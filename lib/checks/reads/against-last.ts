import { procedure } from "../../core/read.ts";
import { compare, comparisonSchema } from "../../schema/comparison.ts";
import { lastLookIn, windowsIn } from "../../schema/last-look.ts";
import { loadSnapshot } from "../../schema/stored.ts";
import { tenantsIn } from "./drift-options.ts";
import { lookingAtTrackers } from "./trackers-look.ts";

/** The schema as it is, held against the one of the last look. */
export const againstLast = procedure({
  id: "schema-against-last",
  result: comparisonSchema,
  async run(context) {
    const { store, past } = context;
    if (store === undefined) throw new Error("a last look needs a store");
    return compare(context, {
      find: async () => lastLookIn(past),
      load: (checksum) => loadSnapshot(store, checksum),
      trackers: lookingAtTrackers(context),
      tenants: tenantsIn(context.options),
      between: async () => ({ are: "two times", windows: windowsIn(past), decides: true }),
    });
  },
});

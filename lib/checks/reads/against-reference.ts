import * as z from "zod";
import { procedure } from "../../core/read.ts";
import { sayTarget } from "../../core/target.ts";
import { compare, comparisonSchema } from "../../schema/comparison.ts";
import { type FacetName, facetNameSchema, facetNames } from "../../schema/fact.ts";
import { lastLookIn } from "../../schema/last-look.ts";
import { loadSnapshot } from "../../schema/stored.ts";
import { tenantsIn } from "./drift-options.ts";
import { lookingAtTrackers } from "./trackers-look.ts";

/** Who may do what, and what is written about it, differs between environments by design. */
const leftOut: readonly FacetName[] = ["privileges", "ownership", "comments"];

export const usualFacets = facetNames.filter((name) => !leftOut.includes(name));

const asked = z.object({ facets: z.array(facetNameSchema).default(usualFacets) });

/** The schema as it is, held against the newest snapshot of the reference environment. */
export const againstReference = procedure({
  id: "schema-against-reference",
  result: z.object({
    /** Null where there is none: not named, this very target, or none of that name there. */
    reference: z.string().nullable(),
    comparison: comparisonSchema.nullable(),
  }),
  async run(context) {
    const { store, reference, options } = context;
    if (store === undefined || reference === undefined) {
      return { reference: null, comparison: null };
    }
    const comparison = await compare(context, {
      find: async () => lastLookIn(await reference.recall()),
      load: (checksum) => loadSnapshot(store, checksum),
      trackers: lookingAtTrackers(context),
      tenants: tenantsIn(options),
      between: async () => ({ are: "two places" }),
      facets: asked.parse(options).facets,
    });
    return { reference: sayTarget(reference.target), comparison };
  },
});

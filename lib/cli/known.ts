import { checks } from "../checks/index.ts";
import type { Known } from "../config/known.ts";
import { facetNames } from "../schema/fact.ts";

/** What a configuration may name. */
export const known: Known = { checks, facets: facetNames };

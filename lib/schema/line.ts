import { type FacetName, type Fact, facetNames } from "./fact.ts";
import { canonicalJson } from "./hash.ts";

/** A fact as texts: what is written of it, and what is hashed. */
export interface Written {
  /** JSON, of one line. */
  readonly line: string;
  /** Its name and all its facets. */
  readonly hashed: string;
  /** Its name under each facet that it has. */
  readonly facets: readonly (readonly [FacetName, string])[];
}

/** Equal facts give one text: names in a fixed order, attributes in code unit order. */
export function write(fact: Fact): Written {
  const { facets, ...about } = fact;
  const key = JSON.stringify([fact.kind, fact.identity]);
  const said: [FacetName, string][] = [];
  let all = "";
  for (const name of facetNames) {
    const facet = facets[name];
    if (facet === undefined) continue;
    const text = canonicalJson(facet);
    all += `${all === "" ? "" : ","}"${name}":${text}`;
    said.push([name, `${key}${text}\n`]);
  }
  return {
    line: `${JSON.stringify(about).slice(0, -1)},"facets":{${all}}}`,
    hashed: `${key}{${all}}\n`,
    facets: said,
  };
}

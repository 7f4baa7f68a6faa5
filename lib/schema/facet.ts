import { type Facet, type FacetName, type Fact, facetNames } from "./fact.ts";

type Attribute = Facet[string] | undefined;

/** Is this value the usual one, which a facet does not mention? */
const isUsual = (value: Attribute): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === "" ||
  (Array.isArray(value) && value.length === 0);

/**
 * The facets of a fact: what is as usual is left out, and a facet that says nothing too. So a
 * property that only newer servers know is absent on the older ones and equal where it is unused.
 */
export function facetsOf(
  facets: {
    readonly [F in FacetName]?: Readonly<Record<string, Attribute>> | undefined;
  },
): Fact["facets"] {
  const said: Fact["facets"] = {};
  for (const name of facetNames) {
    const attributes = Object.entries(facets[name] ?? {}).flatMap(([key, value]) =>
      value === undefined || isUsual(value) ? [] : [[key, value] as const],
    );
    if (attributes.length > 0) said[name] = Object.fromEntries(attributes);
  }
  return said;
}

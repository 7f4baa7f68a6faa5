import { byText, type Facet, type FacetName, type Fact, facetNames } from "./fact.ts";
import { withoutPasswords } from "./secret.ts";

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
    const attributes = facets[name];
    if (attributes === undefined) continue;
    const facet = unusual(attributes);
    if (facet !== undefined) said[name] = name === "comments" ? plainly(facet) : facet;
  }
  return said;
}

/** What people write of an object may be how to reach it. */
const plainly = (comments: Facet): Facet =>
  Object.fromEntries(
    Object.entries(comments).map(([name, value]) => [
      name,
      typeof value === "string" ? withoutPasswords(value) : value,
    ]),
  );

/** In code unit order of the names, which is the order that they are hashed in. */
function unusual(attributes: Readonly<Record<string, Attribute>>): Facet | undefined {
  let facet: Facet | undefined;
  let last = "";
  let isInOrder = true; // as they nearly always are said
  for (const name in attributes) {
    const value = attributes[name];
    if (value === undefined || isUsual(value)) continue;
    facet ??= {};
    facet[name] = value;
    if (name < last) isInOrder = false;
    last = name;
  }
  return facet === undefined || isInOrder ? facet : ordered(facet);
}

const ordered = (facet: Facet): Facet =>
  Object.fromEntries(Object.entries(facet).sort(([a], [b]) => byText(a, b)));

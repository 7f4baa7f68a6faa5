import type { PrintedSide } from "./canonical/differences.ts";
import type { FacetName, Fact } from "./fact.ts";

/** A side with these facets alone, or with all; its objects stay packed until somebody asks. */
export function sideIn(side: PrintedSide, names: readonly FacetName[] | undefined): PrintedSide {
  if (names === undefined) return side;
  const { server, unread, segments } = side;
  return {
    server,
    unread,
    get facts() {
      return inFacets(side.facts, names);
    },
    segments: segments?.map(({ checksum, facts }) => ({
      checksum,
      facts: () => inFacets(facts(), names),
    })),
  };
}

/** The same objects, with these facets alone; what is a grant and nothing else goes with them. */
export function inFacets(facts: readonly Fact[], names: readonly FacetName[]): readonly Fact[] {
  return facts.flatMap((fact) => {
    const kept: Fact["facets"] = {};
    for (const name of names) if (fact.facets[name]) kept[name] = fact.facets[name];
    const isGrant = Object.keys(fact.facets).join() === "privileges";
    return isGrant && kept.privileges === undefined ? [] : [{ ...fact, facets: kept }];
  });
}

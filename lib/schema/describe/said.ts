import type { FacetName, Fact } from "../fact.ts";

/** The text of an attribute, or nothing. */
export function said(fact: Fact, facet: FacetName, attribute: string): string | undefined {
  const value = fact.facets[facet]?.[attribute];
  return typeof value === "string" ? value : undefined;
}

export const is = (fact: Fact, facet: FacetName, attribute: string): boolean =>
  fact.facets[facet]?.[attribute] === true;

export function listed(fact: Fact, facet: FacetName, attribute: string): readonly string[] {
  const value = fact.facets[facet]?.[attribute];
  return Array.isArray(value) ? value.map(String) : [];
}

export const of = (fact: Fact, attribute: string): string | undefined =>
  said(fact, "structure", attribute);

export const has = (fact: Fact, attribute: string): boolean => is(fact, "structure", attribute);

export const words = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter((part) => part !== false && part !== undefined && part !== "").join(" ");

/** What it is a part of, by its identity alone. */
export const wholeOf = (fact: Fact): string =>
  fact.partOf?.[0]?.replace(/^(materialized view|foreign table|composite type|\w+) /, "") ?? "";

/** `total` of `public.orders.total`. */
export const memberName = (fact: Fact): string => fact.identity.slice(wholeOf(fact).length + 1);

/** `positive` of `positive on public.orders`. */
export const ownName = (fact: Fact): string =>
  fact.identity.slice(0, fact.identity.length - ` on ${wholeOf(fact)}`.length);

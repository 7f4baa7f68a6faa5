import type { Finding } from "./finding.ts";

/** What a user does not want to be told, and why. What it hides is counted in every report. */
export interface IgnoreRule {
  readonly check?: string | undefined;
  readonly kind?: string | undefined;
  /** Held against `schema.name`, the name and the identity. */
  readonly name?: string | undefined;
  readonly role?: string | undefined;
  /** Facets of an object: hides a difference that lies in these alone. */
  readonly facet?: readonly string[] | undefined;
  readonly reason: string;
  /** A day, YYYY-MM-DD, the last on which the rule holds. */
  readonly until?: string | undefined;
  /** Where it is written: `environments.staging.ignore[0]`. */
  readonly place?: string | undefined;
  /** For how many targets it holds. */
  readonly covers?: number | undefined;
}

/** The rule that hides a finding, if one does. */
export const hiddenBy = (
  check: string,
  finding: Finding,
  rules: readonly IgnoreRule[],
  now: Date,
): IgnoreRule | undefined =>
  rules.find((rule) => !isExpired(rule, now) && applies(rule, check, finding));

/** `check schema/*, kind table, name public.events_p*` */
export const sayRule = ({ check, kind, name, facet, role }: IgnoreRule): string =>
  Object.entries({ check, kind, name, facet: facet?.join(" or "), role })
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]))
    .join(", ");

/** What it is called: by its place, or by what it says where nobody knows that. */
export const ruleName = (rule: IgnoreRule): string => rule.place ?? sayRule(rule);

const isExpired = ({ until }: IgnoreRule, now: Date): boolean =>
  until !== undefined && now.toISOString().slice(0, 10) > until;

function applies(rule: IgnoreRule, check: string, { object, evidence }: Finding): boolean {
  const names = [object.identity, object.name, `${object.schema}.${object.name}`];
  return (
    (rule.check === undefined || matches(rule.check, check)) &&
    (rule.kind === undefined || rule.kind === object.kind) &&
    (rule.name === undefined || names.some((n) => n !== undefined && matches(rule.name, n))) &&
    (rule.role === undefined || rule.role === evidence.role) &&
    (rule.facet === undefined || liesIn(rule.facet, evidence.facets))
  );
}

const liesIn = (allowed: readonly string[], facets: unknown): boolean =>
  Array.isArray(facets) &&
  facets.length > 0 &&
  facets.every((facet: unknown) => typeof facet === "string" && allowed.includes(facet));

/** `*` stands for any run of characters; everything else for itself. */
export function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  if (!pattern.includes("*")) return pattern === text;
  const expression = pattern.split("*").map(escaped).join(".*");
  return new RegExp(`^${expression}$`, "s").test(text);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

import type { AttributeChange } from "../diff.ts";
import type { Fact } from "../fact.ts";
import type { Sameness } from "./sameness.ts";

/**
 * Extensions that come with PostgreSQL, and their version in each major from 13 on:
 * pg_available_extensions.default_version. Those of one version in all of them are left out.
 */
const versions: Readonly<Record<string, string>> = {
  amcheck: "1.2 1.3 1.3 1.3 1.4 1.5",
  btree_gist: "1.5 1.6 1.7 1.7 1.7 1.8",
  citext: "1.6 1.6 1.6 1.6 1.6 1.8",
  cube: "1.4 1.5 1.5 1.5 1.5 1.5",
  earthdistance: "1.1 1.1 1.1 1.2 1.2 1.2",
  fuzzystrmatch: "1.1 1.1 1.1 1.2 1.2 1.2",
  hstore: "1.7 1.8 1.8 1.8 1.8 1.8",
  intarray: "1.3 1.5 1.5 1.5 1.5 1.5",
  isn: "1.2 1.2 1.2 1.2 1.2 1.3",
  lo: "1.1 1.1 1.1 1.1 1.1 1.2",
  ltree: "1.2 1.2 1.2 1.2 1.3 1.3",
  pageinspect: "1.8 1.9 1.11 1.12 1.12 1.13",
  pg_buffercache: "1.3 1.3 1.3 1.4 1.5 1.6",
  pg_freespacemap: "1.2 1.2 1.2 1.2 1.2 1.3",
  pg_stat_statements: "1.8 1.9 1.10 1.10 1.11 1.12",
  pg_trgm: "1.5 1.6 1.6 1.6 1.6 1.6",
  pgcrypto: "1.3 1.3 1.3 1.3 1.3 1.4",
  postgres_fdw: "1.0 1.1 1.1 1.1 1.1 1.2",
  seg: "1.3 1.4 1.4 1.4 1.4 1.4",
  xml2: "1.1 1.1 1.1 1.1 1.1 1.2",
};

/** The version that a server of that major brings, where majors bring different ones. */
function shippedVersion(extension: string, major: number): string | undefined {
  if (!Object.hasOwn(versions, extension)) return undefined;
  return versions[extension]?.split(" ")[major - 13];
}

/** A server as initdb made it. */
export interface Maker {
  readonly major: number;
  /** Whoever ran initdb; nothing where nobody can tell. */
  readonly superuser: string | undefined;
}

/** The owner of plpgsql, which initdb itself creates, is initdb's superuser. */
export function superuserIn(facts: Iterable<Fact>): string | undefined {
  for (const { kind, name, facets } of facts) {
    if (kind !== "extension" || name !== "plpgsql") continue;
    const owner = facets.ownership?.owner;
    return typeof owner === "string" ? owner : undefined;
  }
  return undefined;
}

/** Why an attribute is on either server just what its major makes of it, if it is. */
export function asMade(
  fact: Fact,
  change: AttributeChange,
  old: Maker,
  now: Maker,
): Sameness | undefined {
  // Up to 17 a NOT NULL has no name that could be another.
  if (change.attribute === "notNull" && change.facet === "naming") {
    return old.major < 18 || now.major < 18 ? "notNullName" : undefined;
  }
  if (change.facet === "privileges" && isAllButMaintain(change, old, now)) return "maintain";
  const [before, after] = [madeValue(fact, change, old), madeValue(fact, change, now)];
  if (before === undefined || after === undefined) return undefined;
  if (said(change.before) !== before || said(change.after) !== after) return undefined;
  return fact.kind === "extension" ? "version" : "made";
}

const said = (value: AttributeChange["before"]): string | null =>
  value === null ? null : String(value);

/**
 * From 17 on ALL has MAINTAIN in it, and so has what is left of ALL when something else of it was
 * revoked. That it was ALL is seen by REFERENCES and TRIGGER, which few would grant one by one.
 */
function isAllButMaintain({ before, after }: AttributeChange, old: Maker, now: Maker): boolean {
  if (old.major < 17 === now.major < 17) return false;
  const [older, newer] = old.major < 17 ? [before, after] : [after, before];
  if (!Array.isArray(older) || !Array.isArray(newer)) return false;
  const isOfAll = (word: string) => older.some((each) => String(each).startsWith(word));
  const rest = newer.filter((each) => !/^MAINTAIN( WITH GRANT OPTION)?$/.test(String(each)));
  return isOfAll("REFERENCES") && isOfAll("TRIGGER") && String(rest) === String(older);
}

/**
 * The schema public: https://www.postgresql.org/docs/release/15.0/, what a subscription is unless
 * somebody says otherwise: https://www.postgresql.org/docs/release/18.0/
 */
function madeValue(
  { kind, name }: Fact,
  { facet, attribute }: AttributeChange,
  { major, superuser }: Maker,
): string | null | undefined {
  if (kind === "extension" && attribute === "version") return shippedVersion(name, major);
  if (kind === "subscription" && attribute === "streaming") return major < 18 ? null : "parallel";
  if (kind !== "schema" || name !== "public") return undefined;
  if (facet === "ownership") return major < 15 ? superuser : "pg_database_owner";
  if (facet === "privileges" && attribute === "PUBLIC") return major < 15 ? "ALL" : "USAGE";
  return undefined;
}

/** Functions of PostgreSQL that take any compatible arrays from 14 on, and took like ones before. */
const polymorphic =
  /^(?:array_(?:append|cat|position|positions|prepend|remove|replace)|width_bucket)\(/;

/** The name of one of these as it was up to 13. One of a user's would have its schema before it. */
export const asUpTo13 = (called: string): string =>
  polymorphic.test(called)
    ? called.replace(/anycompatible(array)?/g, (_, array) => (array ? "anyarray" : "anyelement"))
    : called;

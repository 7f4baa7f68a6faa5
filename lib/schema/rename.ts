import { quoteIdentifier } from "../core/sql.ts";
import type { Difference } from "./diff.ts";
import { type Fact, keyOf } from "./fact.ts";
import { canonicalJson } from "./hash.ts";
import { partsOf, type Sides } from "./sides.ts";
import { eachFact } from "./unlike.ts";

interface Likeness {
  readonly identity: string;
  /** But for the name; else most columns are. */
  readonly isEqual: boolean;
}

/**
 * Which removed object an added one may be, by its key, and the other way round: of one kind and in
 * one place, equal but for their names, with parts that are equal too, and the only two like that.
 * Of tables, those too that have most of their columns in common.
 * A suggestion: two new columns of one type are equal without being one.
 */
export function renamesAmong(
  differences: readonly Difference[],
  { before, after }: Sides,
): ReadonlyMap<string, Likeness> {
  const [gone, come] = (["removed", "added"] as const).map((change) =>
    differences.filter((one) => one.change === change),
  );
  const pairs = new Map<string, Likeness>();
  if (!gone?.length || !come?.length) return pairs;
  const [old, now] = [shapes(gone, before), shapes(come, after)];
  for (const [shape, removed] of old) {
    const added = now.get(shape) ?? [];
    const [[from, ...others], [to, ...more]] = [removed, added];
    if (from === undefined || to === undefined || others.length + more.length > 0) continue;
    pairs.set(`removed ${keyOf(from)}`, { identity: to.identity, isEqual: true });
    pairs.set(`added ${keyOf(to)}`, { identity: from.identity, isEqual: true });
  }
  const left = (some: readonly Difference[]) =>
    some.filter((one) => one.kind === "table" && !pairs.has(`${one.change} ${keyOf(one)}`));
  for (const [from, to] of mostlyAlike(left(gone), left(come), { before, after })) {
    pairs.set(`removed ${keyOf(from)}`, { identity: to.identity, isEqual: false });
    pairs.set(`added ${keyOf(to)}`, { identity: from.identity, isEqual: false });
  }
  return pairs;
}

/** Of the columns of the larger one, so many are the other's too. */
const mostly = 0.75;
const fewest = 3;

/** Tables of one schema that have most of their columns in common, and with no other one so many. */
function mostlyAlike(
  gone: readonly Difference[],
  come: readonly Difference[],
  { before, after }: Sides,
): readonly (readonly [Difference, Difference])[] {
  if (gone.length * come.length === 0 || gone.length * come.length > 10_000) return [];
  const [was, is] = [columnsOf(gone, before), columnsOf(come, after)];
  const alike = gone.flatMap((from) =>
    come.flatMap((to) => {
      const [old, now] = [was.get(from) ?? new Set<string>(), is.get(to) ?? new Set<string>()];
      const both = [...old].filter((column) => now.has(column)).length;
      const isOfOne = from.before?.schema === to.after?.schema;
      const isMost = both >= fewest && both >= mostly * Math.max(old.size, now.size);
      return isOfOne && isMost ? [[from, to] as const] : [];
    }),
  );
  return alike.filter(([from, to]) => alike.every(([a, b]) => (a === from) === (b === to)));
}

function columnsOf(tables: readonly Difference[], side: Sides["before"]) {
  const parts = partsOf(side, new Set(tables.map(keyOf)));
  const of = (table: Difference) =>
    (parts.get(keyOf(table)) ?? []).filter(({ kind }) => kind === "column");
  return new Map(
    tables.map((table) => [
      table,
      new Set(of(table).map(({ name, facets }) => canonicalJson([name, facets.structure ?? {}]))),
    ]),
  );
}

function shapes(
  differences: readonly Difference[],
  side: Sides["before"],
): ReadonlyMap<string, readonly Fact[]> {
  const facts = differences.flatMap(({ before, after }) => after ?? before ?? []);
  const within = new Map(differences.map((one) => [keyOf(one), one.consequences]));
  const parts = partsOf(side, new Set(facts.map(keyOf)));
  const wholes = new Set(facts.flatMap(({ partOf = [] }) => partOf));
  const orders = new Map<string, unknown>();
  for (const whole of eachFact(side)) {
    if (wholes.has(keyOf(whole))) orders.set(keyOf(whole), whole.facets.columnOrder?.columns);
  }
  return Map.groupBy(facts, (fact) => {
    const order = orders.get(fact.partOf?.[0] ?? "");
    // A renamed column stays where it was; one that is made anew comes last.
    const place = Array.isArray(order) ? order.indexOf(fact.name) : -1;
    // What is in a schema is no part of it.
    const inIt = fact.kind === "schema" ? (within.get(keyOf(fact)) ?? []) : [];
    const names = inIt.map(({ kind, identity }) =>
      JSON.stringify([kind, identity]).replace(nameOf(fact), "\u0000"),
    );
    return shapeOf(fact, parts.get(keyOf(fact)) ?? [], place) + names.sort().join("\n");
  });
}

/** All that is said of an object and its parts, but for its own name. */
function shapeOf(fact: Fact, parts: readonly Fact[], place: number): string {
  const name = nameOf(fact);
  const said = [fact, ...parts].map((each) =>
    // PostgreSQL 18 names a NOT NULL for its table, and does not rename it with it.
    JSON.stringify([each.kind, each.identity, { ...each.facets, naming: undefined }]).replace(
      name,
      "\u0000",
    ),
  );
  const where = fact.kind === "schema" ? "" : (fact.schema ?? "");
  return canonicalJson([where, fact.partOf ?? [], place, ...said.sort()]);
}

/** What is said of the parts of a table, but for its name and theirs. */
export function shapeOfParts(table: Fact, parts: readonly Fact[]): string {
  const own = nameOf(table);
  const said = parts.map((part) => {
    const { kind, name, follows = [], facets } = part;
    const what = JSON.stringify([follows, { ...facets.structure }, { ...facets.validity }]);
    const plain = what.replace(own, "\u0000").replace(nameOf(part), "\u0001");
    return JSON.stringify([kind, kind === "column" ? name : "", plain]);
  });
  return said.sort().join("\n");
}

/** With its schema, or without, quoted or not: a definition says it in each of these ways. */
export function nameOf({ identity, name }: Fact): RegExp {
  const ways = [identity, quoteIdentifier(name), name].map((way) =>
    JSON.stringify(way)
      .slice(1, -1)
      .replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"),
  );
  return new RegExp(`(?<![\\w$])(?:${ways.join("|")})(?![\\w$])`, "g");
}

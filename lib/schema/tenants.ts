import { matches } from "../core/ignore.ts";
import type { Compared, Difference } from "./diff.ts";
import type { Fact } from "./fact.ts";
import { sha256 } from "./hash.ts";
import { factOf, type Sides } from "./sides.ts";
import { eachFact } from "./unlike.ts";

export interface ToldOnce {
  /** What is in no tenant's schema as it was, what is in several of them once. */
  readonly differences: readonly Difference[];
  /** New schemas that are like the others. */
  readonly grown: number;
}

/** A difference is told once, in however many of the schemas it is that are made alike. */
export function toldOnce(
  differences: readonly Difference[],
  { before, after }: Sides,
  patterns: readonly string[],
): ToldOnce {
  const patternOf = (schema: string | undefined): string | undefined =>
    schema === undefined ? undefined : patterns.find((pattern) => matches(pattern, schema));
  const inTenants = differences.filter((one) => patternOf(factOf(one)?.schema) !== undefined);
  if (inTenants.length === 0) return { differences, grown: 0 };
  const [was, is] = [schemasIn(before), schemasIn(after)];
  const tenants = [...is].filter((schema) => patternOf(schema) !== undefined);
  const isNew = (schema: string | undefined) => schema !== undefined && !was.has(schema);
  const fresh = new Set(tenants.filter(isNew));
  const like = fresh.size === 0 ? new Set<string>() : likeTheOthers(after, tenants, fresh);
  const groups = Map.groupBy(
    inTenants.filter((one) => !like.has(factOf(one)?.schema ?? "")),
    (one) => nameless(one, patternOf(factOf(one)?.schema) ?? ""),
  );
  const named = new Set<string>();
  const most = [...groups.values()].toSorted((a, b) => b.length - a.length);
  const told = most.flatMap((alike) => {
    const [first] = alike;
    const schema = first && factOf(first)?.schema;
    const pattern = patternOf(schema);
    if (first === undefined || schema === undefined || pattern === undefined) return [];
    const of = tenants.filter((tenant) => patternOf(tenant) === pattern).length;
    const some = alike.slice(0, 5).flatMap((one) => factOf(one)?.schema ?? []);
    // What is in few of them is otherwise than in most: two findings are never of one name.
    const general = inPattern(first.identity, schema, pattern);
    const isTaken = named.has(`${first.kind} ${general}`);
    named.add(`${first.kind} ${general}`);
    return [
      {
        ...first,
        identity: isTaken ? first.identity : general,
        tenants: { pattern, count: alike.length, of: Math.max(of, alike.length), some },
      },
    ];
  });
  const others = differences.filter((one) => patternOf(factOf(one)?.schema) === undefined);
  return { differences: [...others, ...told], grown: like.size };
}

function schemasIn(side: Compared): ReadonlySet<string> {
  const schemas = new Set<string>();
  for (const { schema } of eachFact(side)) if (schema !== undefined) schemas.add(schema);
  return schemas;
}

/** New schemas that are, name for name, what more of the older ones are than are anything else. */
function likeTheOthers(
  side: Compared,
  tenants: readonly string[],
  fresh: ReadonlySet<string>,
): ReadonlySet<string> {
  const wanted = new Set(tenants);
  const shapes = new Map<string, string>();
  for (const [schema, own] of Map.groupBy(eachFact(side), (fact) => fact.schema ?? "")) {
    if (wanted.has(schema)) shapes.set(schema, shapeOf(schema, own));
  }
  const votes = Map.groupBy(
    tenants.filter((schema) => !fresh.has(schema)),
    (schema) => shapes.get(schema),
  );
  const [usual] = [...votes].toSorted(([, a], [, b]) => b.length - a.length)[0] ?? [];
  return new Set([...fresh].filter((schema) => shapes.get(schema) === usual));
}

const shapeOf = (schema: string, facts: readonly Fact[]): string =>
  sha256(
    facts
      .map((fact) => inPattern(JSON.stringify(fact), schema, "*"))
      .sort()
      .join("\n"),
  );

function nameless(difference: Difference, pattern: string): string {
  const { kind, change, identity, before, after, attributes, consequences } = difference;
  const schema = factOf(difference)?.schema ?? "";
  return inPattern(
    JSON.stringify([kind, change, identity, before, after, attributes, consequences]),
    schema,
    pattern,
  );
}

/** `"tenant_7"."orders"` as `tenant_*.orders`, wherever the schema stands as a word. */
function inPattern(text: string, schema: string, pattern: string): string {
  const name = schema.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return text.replace(new RegExp(`(?<![\\w$])${name}(?![\\w$])`, "g"), () => pattern);
}

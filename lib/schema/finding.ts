import type { FindingDraft, Remedy } from "../core/finding.ts";
import type { Severity } from "../core/severity.ts";
import { quoteIdentifier } from "../core/sql.ts";
import { definitionOf } from "./describe.ts";
import type { AttributeChange, Difference } from "./diff.ts";
import { type Explanation, sayExplanation } from "./explained.ts";
import { restore } from "./restore.ts";
import { sayAttribute, sayChange } from "./saying.ts";
import { changedWords } from "./words.ts";

export interface Telling {
  /** Of what no migration explains. */
  readonly severity: Severity;
  readonly explanation: Explanation;
  /** Since when: `since the baseline was sealed on 2026-11-19`. */
  readonly since: string;
  /** What is still to do about an explained one: `not yet sealed`. */
  readonly pending?: string;
  /** What of it was made by hand, beside what the explanation explains. */
  readonly byHandBeside?: readonly string[];
  /** What to do where the change is meant. */
  readonly ifMeant: string;
}

/** A difference as a finding: the object by name, both definitions, and the way back. */
export function tellDifference(difference: Difference, telling: Telling): FindingDraft {
  const { change, kind, identity, before, after, attributes, consequences } = difference;
  const fact = after ?? before;
  const said = worthSaying(attributes);
  const way = difference.looksLike === undefined ? restore(difference) : nameBack(difference);
  const [old, now] = [before && definitionOf(before), after && definitionOf(after)];
  const {
    explanation: { by },
    byHandBeside = [],
  } = telling;
  return {
    object: {
      kind,
      identity,
      ...(fact?.schema === undefined ? {} : { schema: difference.tenants?.pattern ?? fact.schema }),
      ...(fact === null ? {} : { name: fact.name }),
      ...(fact?.table === undefined ? {} : { table: fact.table }),
    },
    severity: by === "migrations" && byHandBeside.length === 0 ? "notice" : telling.severity,
    summary: summaryOf(difference, telling),
    detail: [
      ...(said.length > 1 ? said.map((one) => `It ${sayChange(one)}.`) : []),
      ...sayLooks(difference),
      ...(consequences.length > 0 ? [`With it: ${sayConsequences(difference)}.`] : []),
      ...(by === "migrations" ? byHandBeside.map((one) => `By hand since: ${one}.`) : []),
      ...sayTenants(difference),
    ],
    evidence: {
      change,
      facets: [...new Set(attributes.map(({ facet }) => facet))],
      attributes: attributes.map((attribute) => ({ ...attribute })),
      before: old,
      after: now,
      ...(old !== null && now !== null && old !== now
        ? { words: changedWords(old, now).map((piece) => ({ ...piece })) }
        : {}),
      consequences: consequences.map((consequence) => ({ ...consequence })),
      ...(difference.looksLike === undefined ? {} : { looksLike: difference.looksLike }),
      ...(difference.tenants === undefined ? {} : { tenants: { ...difference.tenants } }),
    },
    remedy: { summary: `${telling.ifMeant} ${sayWayBack(difference, way)}`, ...way },
  };
}

function summaryOf(difference: Difference, { explanation, since, pending }: Telling): string {
  const { kind, identity, change, tenants } = difference;
  const attributes = worthSaying(difference.attributes);
  const hand = explanation.by === "nobody" ? " by hand" : "";
  const [only, ...others] = attributes;
  const what =
    change !== "changed"
      ? `${plurals.has(kind) ? "were" : "was"} ${change}${hand}`
      : only === undefined || others.length > 0
        ? `changed${hand} (${[...new Set(attributes.map(sayAttribute))].join(", ")})`
        : `${sayChange(only)}; changed${hand}`;
  const where = tenants === undefined ? "" : ` ${sayWhere(tenants)}`;
  const explained = sayExplanation(explanation);
  const isPending = pending !== undefined && explanation.by === "migrations";
  const why = explained === undefined ? [] : [explained, ...(isPending ? [pending] : [])];
  return `${capital(kind)} ${identity} ${what}${where} ${since}${why.length > 0 ? `: ${why.join("; ")}` : ""}`;
}

/** A table that is a partition, or is none any more, has bounds or none. */
function worthSaying(attributes: readonly AttributeChange[]): readonly AttributeChange[] {
  const isMoved = attributes.some(({ attribute }) => attribute === "partitionOf");
  return isMoved ? attributes.filter(({ attribute }) => attribute !== "bound") : attributes;
}

/** Kinds of which one object is several things. */
const plurals: ReadonlySet<string> = new Set([
  "settings",
  "default privileges",
  "system privileges",
  "large objects",
]);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function sayLooks({ change, looksLike, isLikeInMost }: Difference): readonly string[] {
  if (looksLike === undefined) return [];
  const how = isLikeInMost ? "with most of its columns the same" : "equal but for the name";
  return change === "added"
    ? [`It looks like a rename of ${looksLike}: ${how}.`]
    : [`It looks renamed: ${looksLike} was added, ${how}.`];
}

/** `in 2 of 5 schemas`, `in tenant_3 alone of 5 schemas`. */
export const sayWhere = ({ count, of, some }: NonNullable<Difference["tenants"]>): string =>
  count === 1 ? `in ${some[0]} alone of ${of} schemas` : `in ${count} of ${of} schemas`;

function sayTenants({ tenants }: Difference): readonly string[] {
  if (tenants === undefined || tenants.count === 1) return [];
  const more = tenants.count > tenants.some.length ? ", …" : "";
  return [`In ${tenants.some.join(", ")}${more}; shown as it is in ${tenants.some[0]}.`];
}

/** `3 columns added, 1 index added (public.orders_pkey, …)`: the first few by name. */
function sayConsequences({ consequences }: Difference): string {
  const kinds = [...Map.groupBy(consequences, ({ kind, change }) => `${kind} ${change}`).values()];
  const counted = kinds.map((some) => {
    const [first] = some;
    return `${some.length} ${plural(first?.kind ?? "", some.length)} ${first?.change}`;
  });
  const names = consequences.slice(0, 5).map(({ identity }) => identity);
  return `${counted.join(", ")} (${names.join(", ")}${consequences.length > 5 ? ", …" : ""})`;
}

function sayWayBack(difference: Difference, way: object | undefined): string {
  const { change, kind, looksLike, consequences } = difference;
  const hadRows = [{ kind }, ...consequences].some((one) => one.kind === "table");
  if (change === "removed" && hadRows && looksLike === undefined) {
    return "If it is not meant: the rows are in a backup alone, no migration brings them back.";
  }
  return way
    ? "If it is not meant, this brings the earlier state back."
    : "If it is not meant, bring the earlier state back by a migration.";
}

const plural = (kind: string, n: number): string =>
  n === 1
    ? kind
    : kind.endsWith("y")
      ? `${kind.slice(0, -1)}ies`
      : /(x|ss)$/.test(kind)
        ? `${kind}es`
        : `${kind}s`;

const renamed: ReadonlySet<string> = new Set([
  "table",
  "index",
  "view",
  "materialized view",
  "sequence",
  "column",
  "schema",
]);

/** What may be a rename is named back, never dropped. */
function nameBack({
  change,
  kind,
  identity,
  looksLike,
  after,
}: Difference): Omit<Remedy, "summary"> | undefined {
  if (change !== "added" || after === null || looksLike === undefined || !renamed.has(kind)) {
    return undefined;
  }
  if (kind === "schema") {
    const rename = (from: string, to: string) => `ALTER SCHEMA ${from} RENAME TO ${to};`;
    return { sql: rename(identity, looksLike), undo: rename(looksLike, identity) };
  }
  // Its own name is the end of its identity, quoted or not; the rest is the schema, and the same.
  const own = [quoteIdentifier(after.name), after.name].find((name) =>
    identity.endsWith(`.${name}`),
  );
  const prefix = own === undefined ? undefined : identity.slice(0, -own.length);
  if (prefix === undefined || own === undefined || !looksLike.startsWith(prefix)) return undefined;
  const old = looksLike.slice(prefix.length);
  const lock = "ACCESS EXCLUSIVE on it, for a moment";
  if (kind === "column") {
    const rename = `ALTER TABLE ${prefix.slice(0, -1)} RENAME COLUMN`;
    return { sql: `${rename} ${own} TO ${old};`, lock, undo: `${rename} ${old} TO ${own};` };
  }
  const what = kind.toUpperCase();
  return {
    sql: `ALTER ${what} ${identity} RENAME TO ${old};`,
    lock,
    undo: `ALTER ${what} ${looksLike} RENAME TO ${quoteIdentifier(after.name)};`,
  };
}

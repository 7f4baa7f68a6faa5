import type { FindingDraft } from "../core/finding.ts";
import type { Severity } from "../core/severity.ts";
import { definitionOf } from "./describe.ts";
import type { AttributeChange, Difference } from "./diff.ts";
import { restore } from "./restore.ts";
import { changedWords } from "./words.ts";

export interface Telling {
  readonly severity: Severity;
  /** Since when: "the baseline was sealed on 2026-11-19". */
  readonly since: string;
  /** What to do where the change is meant. */
  readonly ifMeant: string;
}

/** A difference as a finding: the object by name, both definitions, and the way back. */
export function tellDifference(difference: Difference, telling: Telling): FindingDraft {
  const { change, kind, identity, before, after, attributes, consequences } = difference;
  const fact = after ?? before;
  const way = restore(difference);
  const [old, now] = [before && definitionOf(before), after && definitionOf(after)];
  return {
    object: {
      kind,
      identity,
      ...(fact?.schema === undefined ? {} : { schema: fact.schema }),
      ...(fact === null ? {} : { name: fact.name }),
      ...(fact?.table === undefined ? {} : { table: fact.table }),
    },
    severity: telling.severity,
    summary: `${capital(kind)} ${identity} ${said(difference)} since ${telling.since}`,
    detail: [
      ...(attributes.length > 1 ? attributes.map(sayAttribute) : []),
      ...(consequences.length > 0 ? [`With it: ${sayConsequences(difference)}.`] : []),
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
    },
    remedy: {
      summary: `${telling.ifMeant} If it is not meant, ${way ? "this brings the earlier state back." : "bring the earlier state back by a migration."}`,
      ...way,
    },
  };
}

function said({ change, attributes }: Difference): string {
  if (change !== "changed") return change === "added" ? "was added" : "was removed";
  const [only] = attributes;
  if (only === undefined) return "changed";
  if (attributes.length > 1) return `changed (${attributes.map(sayName).join(", ")})`;
  return `changed: ${sayAttribute(only)}`;
}

const sayName = ({ facet, attribute }: AttributeChange): string =>
  facet === "privileges" ? `privileges of ${attribute}` : spaced(attribute);

/** `type integer -> bigint`, `now invalid`, `definition`: long values are left to the evidence. */
function sayAttribute(change: AttributeChange): string {
  const { before, after } = change;
  const name = sayName(change);
  if (after === true) return `now ${name}`;
  if (before === true) return `no longer ${name}`;
  const [old, now] = [sayValue(before), sayValue(after)];
  return old.length + now.length > 120 || /\n/.test(old + now) ? name : `${name} ${old} -> ${now}`;
}

const sayValue = (value: unknown): string =>
  value === null ? "none" : Array.isArray(value) ? value.join(", ") : String(value);

const spaced = (attribute: string): string =>
  attribute.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `3 columns, 1 index (public.orders_pkey, …)`: the first few by name. */
function sayConsequences({ consequences }: Difference): string {
  const kinds = [...Map.groupBy(consequences, ({ kind, change }) => `${kind} ${change}`).values()];
  const counted = kinds.map((some) => {
    const [first] = some;
    return `${some.length} ${plural(first?.kind ?? "", some.length)} ${first?.change}`;
  });
  const names = consequences.slice(0, 5).map(({ identity }) => identity);
  return `${counted.join(", ")} (${names.join(", ")}${consequences.length > 5 ? ", …" : ""})`;
}

const plural = (kind: string, n: number): string =>
  n === 1 ? kind : kind.endsWith("x") ? `${kind}es` : `${kind}s`;

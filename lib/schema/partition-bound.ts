/** Where a partition begins: values that a clock or a counter moves on. */
export type Beginning = readonly Value[];

type Value =
  | { readonly is: "number"; readonly number: bigint }
  | { readonly is: "time"; readonly text: string }
  | { readonly is: "end"; readonly sign: -1 | 1 };

/**
 * Of a bound as pg_get_expr() prints it, under the settings that we pin. Undefined where it has no
 * place in an order of time or number: DEFAULT, hash, MINVALUE, NULL, names. A list has one where
 * its values are days: numbers in lists are as a rule names (of tenants, of regions).
 */
export function beginningOf(bound: unknown): Beginning | undefined {
  const [, how, rest = ""] = /^FOR VALUES (FROM|IN) \((.*)$/s.exec(String(bound)) ?? [];
  if (how === undefined) return undefined;
  const values = valuesIn(rest).map(readValue);
  const isWhole = (value: Value | undefined): value is Value => value !== undefined;
  if (!values.every(isWhole) || values[0] === undefined || values[0].is === "end") return undefined;
  if (how === "FROM") return values;
  const [first] = values.toSorted((a, b) => compare([a], [b]));
  return first !== undefined && values.every(({ is }) => is === "time") ? [first] : undefined;
}

/** Is it one of a range or a list? Those come as time goes by; hash and DEFAULT are once and for all. */
export const isOfValues = (bound: unknown): boolean =>
  bound === undefined || /^FOR VALUES (FROM|IN) /.test(String(bound));

/** Does it go on without an end? Whatever comes, comes before it. */
export const isEndless = (bound: unknown): boolean => / TO \(MAXVALUE/.test(String(bound));

/** @returns below 0 where a begins before b; those of one table are all of one sort */
export function compare(a: Beginning, b: Beginning): number {
  for (const [i, one] of a.entries()) {
    const other = b[i];
    const order = other === undefined ? 0 : compareValues(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

function compareValues(a: Value, b: Value): number {
  if (a.is === "number" && b.is === "number") return sign(a.number, b.number);
  if (a.is === "time" && b.is === "time") return sign(a.text, b.text);
  return sign(a.is === "end" ? a.sign : 0, b.is === "end" ? b.sign : 0);
}

const sign = <T extends bigint | string | number>(a: T, b: T): number =>
  a < b ? -1 : a > b ? 1 : 0;

/** Up to the parenthesis that ends them. */
function valuesIn(text: string): readonly string[] {
  const values: string[] = [];
  const next = /\s*('(?:[^']|'')*'|[^',()\s]+)\s*([,)])/sy;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    values.push(found[1] ?? "");
    if (found[2] === ")") return values;
  }
  return [];
}

/** ISO, as DateStyle is pinned: so the order of the texts is the one of the times. UUIDs of version 7 too. */
const time =
  /^\d{4}-\d\d(-\d\d([ T][\d:.+-]+)?)?$|^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f-]{17}$/;

function readValue(said: string): Value | undefined {
  if (said === "MINVALUE") return { is: "end", sign: -1 };
  if (said === "MAXVALUE") return { is: "end", sign: 1 };
  const text = said.replace(/^'(.*)'$/s, "$1");
  if (/^-?\d+$/.test(text)) return { is: "number", number: BigInt(text) };
  return time.test(text) ? { is: "time", text } : undefined;
}

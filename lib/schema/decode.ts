import * as z from "zod";
import type { RawRow, TextRow } from "../core/raw-row.ts";
import { flag, maybe, text, texts, whole } from "./values.ts";

type Decode = (said: string | null) => unknown;

/** Values that come by the hundred thousand; the others go through their own schema. */
const quick = new Map<unknown, Decode>([
  [text, (said) => said ?? refuse(said, "a text")],
  [maybe, (said) => said],
  [flag, (said) => (said === "true" ? true : said === "false" ? false : refuse(said, "a flag"))],
  [whole, asWhole],
  [texts, asTexts],
]);

function asWhole(said: string | null): number {
  const value = said === null ? Number.NaN : Number(said);
  return Number.isSafeInteger(value) ? value : refuse(said, "a whole number");
}

function asTexts(said: string | null): readonly string[] | null {
  if (said === null) return null;
  const value: unknown = JSON.parse(said);
  const isTexts = Array.isArray(value) && value.every((each) => typeof each === "string");
  return isTexts ? value : texts.parse(said);
}

/**
 * What a schema made of NULL or of a short text is kept: letters of a catalog come by the thousand.
 * Only of plain values, which nobody can change.
 */
function remembering(parse: Decode): Decode {
  const known = new Map<string | null, unknown>();
  return (said) => {
    const before = known.get(said);
    if (before !== undefined || known.has(said)) return before;
    const value = parse(said);
    const isPlain = typeof value !== "object" || value === null;
    if (isPlain && (said === null || said.length <= 8) && known.size < 64) known.set(said, value);
    return value;
  };
}

function refuse(said: string | null, wanted: string): never {
  throw new Error(`${JSON.stringify(said)} is not ${wanted}`);
}

function decoderOf(schema: unknown): Decode {
  const known = quick.get(schema);
  if (known !== undefined) return known;
  if (schema instanceof z.ZodNullable) {
    const inner = quick.get(schema.unwrap());
    if (inner !== undefined) return (said) => (said === null ? null : inner(said));
  }
  if (schema instanceof z.ZodType) {
    return remembering((said) => schema.parse(said));
  }
  throw new Error("a column without a schema");
}

function columnsOf(row: z.ZodObject) {
  const columns = Object.entries(row.shape);
  return {
    names: columns.map(([name]) => JSON.stringify(name)),
    decoders: columns.map(([, schema]) => decoderOf(schema)),
  };
}

/**
 * How a row of texts becomes a typed one. Each value is held against its schema, at a tenth of the
 * price of holding the object against the whole.
 *
 * @returns throws where a value is not what the schema says
 */
export function decoder<R extends z.ZodObject>(
  row: R,
): (texts: TextRow, first: number) => z.output<R> {
  const { names, decoders } = columnsOf(row);
  // Written out, the object has one shape and no loop: a third of the time.
  const values = names.map(
    (name, place) => `${name}: decoders[${place}](texts[first + ${place}] ?? null)`,
  );
  const written = `return (texts, first) => ({ ${values.join(", ")} });`;
  return new Function("decoders", written)(decoders);
}

/** The same where few of the values are looked at: each is decoded when it is. */
export function peeker<R extends z.ZodObject>(row: R): (raw: RawRow, first: number) => z.output<R> {
  const { names, decoders } = columnsOf(row);
  const getters = names.map(
    (name, place) =>
      `get ${name}() { return decoders[${place}](this.#raw.text(this.#first + ${place})); }`,
  );
  const written = `
    class Row {
      #raw; #first;
      constructor(raw, first) { this.#raw = raw; this.#first = first; }
      ${getters.join("\n")}
    }
    return (raw, first) => new Row(raw, first);`;
  return new Function("decoders", written)(decoders);
}

import type * as z from "zod";
import type { RawRow, TextRow } from "../core/raw-row.ts";
import type { Server } from "../core/server.ts";
import { decoder, peeker } from "./decode.ts";
import { type Fact, keyOf } from "./fact.ts";
import type { Has } from "./fragments.ts";
import type { Print } from "./print.ts";

/** A relation or a function: seen with all that hangs on it, or not at all. */
export interface Unit {
  readonly oid: number;
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
  readonly identity: string;
}

/** The text of a definition that was asked for, or is known already: without passwords. */
export type Printed = (as: Print["as"], oid: number, known?: string | null) => string;

/** A part whose name is its own on its relation alone: `positive on public.orders`. */
export const partOf = (
  kind: string,
  { name, quoted }: { readonly name: string; readonly quoted: string },
  unit: Unit,
) => ({
  kind,
  identity: `${quoted} on ${unit.identity}`,
  schema: unit.schema,
  name,
  table: unit.name,
  partOf: [keyOf(unit)],
});

/** One kind of object: its question to the catalogs, and how a row of the answer becomes a fact. */
export interface Extractor {
  readonly name: string;
  /** Further CTEs of its own, `name AS (…)`; they too may join `wanted`. */
  readonly parts: (server: Server, has: Has) => readonly string[];
  /** Need it be asked? Where it says nothing, always. */
  readonly isThere?: ((has: Has) => boolean) | undefined;
  /**
   * A SELECT that locks no user relation, of "unit" (the OID of the relation or function that this
   * belongs to) and the columns of its row. It may join the CTE `wanted` (oid, relkind): the
   * relations that users made.
   */
  readonly sql: (server: Server, has: Has) => string;
  readonly columns: readonly string[];
  /**
   * What is to be printed before there is a fact. Both throw where a value that they look at is not
   * as expected; `first` is where the columns begin in the row.
   */
  readonly prints: (row: RawRow, first: number, unit: Unit) => readonly Print[];
  readonly fact: (row: TextRow, first: number, unit: Unit, printed: Printed) => Fact;
}

export const extractor = <R extends z.ZodObject>(definition: {
  name: string;
  isThere?: (has: Has) => boolean;
  parts?: (server: Server, has: Has) => readonly string[];
  sql: (server: Server, has: Has) => string;
  /** What is mostly NULL comes last: NULLs at the end of a row cost nothing. */
  row: R;
  /** What only a function that locks relations can tell. */
  prints?: (row: z.output<R>, unit: Unit) => readonly Print[];
  fact: (row: z.output<R>, unit: Unit, printed: Printed) => Fact;
}): Extractor => {
  const decode = decoder(definition.row);
  const peek = peeker(definition.row);
  return {
    name: definition.name,
    isThere: definition.isThere,
    parts: definition.parts ?? (() => []),
    sql: definition.sql,
    columns: Object.keys(definition.row.shape),
    prints: (row, first, unit) => definition.prints?.(peek(row, first), unit) ?? [],
    fact: (row, first, unit, printed) => definition.fact(decode(row, first), unit, printed),
  };
};

/** A kind of which each object stands for itself, and no definition needs a lock. */
export interface WholeExtractor extends Pick<Extractor, "name" | "isThere" | "sql" | "columns"> {
  readonly fact: (row: TextRow, first: number) => Fact;
}

export const wholeExtractor = <R extends z.ZodObject>(definition: {
  name: string;
  isThere?: (has: Has) => boolean;
  sql: (server: Server, has: Has) => string;
  row: R;
  fact: (row: z.output<R>) => Fact;
}): WholeExtractor => {
  const decode = decoder(definition.row);
  return {
    name: definition.name,
    isThere: definition.isThere,
    sql: definition.sql,
    columns: Object.keys(definition.row.shape),
    fact: (texts, first) => definition.fact(decode(texts, first)),
  };
};

export { flag, maybe, text, texts, whole } from "./values.ts";

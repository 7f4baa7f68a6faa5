import * as z from "zod";
import type { Row } from "../core/ports.ts";
import type { Server } from "../core/server.ts";
import type { Fact } from "./fact.ts";
import type { Print } from "./print.ts";

/** A relation or a function: seen with all that hangs on it, or not at all. */
export interface Unit {
  readonly oid: number;
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
  readonly identity: string;
}

/** The text of a definition that was asked for. */
export type Printed = (as: Print["as"], oid: number) => string;

/** One kind of object: its question to the catalogs, and how a row of the answer becomes a fact. */
export interface Extractor {
  readonly name: string;
  /** Further CTEs of its own, `name AS (…)`; they too may join `wanted`. */
  readonly parts: (server: Server) => readonly string[];
  /**
   * A SELECT that locks no user relation, of "unit" (the OID of the relation or function that this
   * belongs to) and the columns of its row. It may join the CTE `wanted` (oid, relkind): the
   * relations that users made.
   */
  readonly sql: (server: Server) => string;
  readonly columns: readonly string[];
  readonly draft: (row: Row, unit: Unit) => Draft;
}

/** A fact that waits for the texts of its definitions. */
export interface Draft {
  readonly unit: Unit;
  readonly prints: readonly Print[];
  readonly finish: (printed: Printed) => Fact;
}

export const extractor = <R extends z.ZodObject>(definition: {
  name: string;
  parts?: (server: Server) => readonly string[];
  sql: (server: Server) => string;
  row: R;
  /** What only a function that locks relations can tell. */
  prints?: (row: z.output<R>, unit: Unit) => readonly Print[];
  fact: (row: z.output<R>, unit: Unit, printed: Printed) => Fact;
}): Extractor => ({
  name: definition.name,
  parts: definition.parts ?? (() => []),
  sql: definition.sql,
  columns: Object.keys(definition.row.shape),
  draft: (raw, unit) => {
    const row = definition.row.parse(raw);
    return {
      unit,
      prints: definition.prints?.(row, unit) ?? [],
      finish: (printed) => definition.fact(row, unit, printed),
    };
  },
});

/** A kind of which each object stands for itself, and no definition needs a lock. */
export interface WholeExtractor extends Pick<Extractor, "name" | "sql" | "columns"> {
  readonly fact: (row: Row) => Fact;
}

export const wholeExtractor = <R extends z.ZodObject>(definition: {
  name: string;
  sql: (server: Server) => string;
  row: R;
  fact: (row: z.output<R>) => Fact;
}): WholeExtractor => ({
  name: definition.name,
  sql: definition.sql,
  columns: Object.keys(definition.row.shape),
  fact: (row) => definition.fact(definition.row.parse(row)),
});

// Several kinds travel in one statement, so that every value is a text: what it was, these say.

export const text = z.string();
export const maybe = z.string().nullable();
export const flag = z.enum(["true", "false"]).transform((said) => said === "true");
export const whole = z
  .string()
  .regex(/^-?\d+$/)
  .transform(Number);

/** A JSON array of texts; NULL stays null. */
export const texts = z
  .string()
  .nullable()
  .transform((said): string[] | null =>
    said === null ? null : z.array(z.string()).parse(JSON.parse(said)),
  );

import * as z from "zod";
import { DatabaseError } from "./errors.ts";

/**
 * Rows held against their schema. A server that answers something unexpected is a failed read
 * with what came, never a crash further on.
 *
 * @throws DatabaseError of class unexpected-answer
 */
export function rowsAs<T>(row: z.ZodType<T>, rows: readonly unknown[], id: string): readonly T[];
export function rowsAs<T>(
  row: z.ZodType<T>,
  rows: readonly unknown[],
  id: string,
  exactly: 1,
): readonly [T];
export function rowsAs<T>(
  row: z.ZodType<T>,
  rows: readonly unknown[],
  id: string,
  exactly?: 1,
): readonly T[] {
  if (exactly !== undefined && rows.length !== exactly) {
    throw unexpected(id, `${rows.length} rows where there is always one`);
  }
  const parsed = z.array(row).safeParse(rows);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [index, ...path] = issue?.path ?? [];
  const came = path.reduce<unknown>(
    (value, key) => Object(value)[key],
    typeof index === "number" ? rows[index] : undefined,
  );
  throw unexpected(id, `${path.join(".")} is ${say(came)}: ${issue?.message ?? "not as expected"}`);
}

const say = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

const unexpected = (id: string, what: string) =>
  new DatabaseError("unexpected-answer", `${id}: ${what}`, {
    hint: "Is this PostgreSQL 13 to 18? If so, this is a bug in pgvigil: please report the message.",
  });

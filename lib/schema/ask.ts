import { setImmediate as nextTurn } from "node:timers/promises";
import { DatabaseError, messageOf } from "../core/errors.ts";
import type { Session, TextRow } from "../core/ports.ts";
import type { SqlRead } from "../core/read.ts";
import { rowsAs } from "../core/typed.ts";

/** The whole answer to a small question. */
export async function ask<T>(
  session: Session,
  { id, sql, row }: SqlRead<T>,
): Promise<readonly T[]> {
  const text = typeof sql === "string" ? sql : sql(session.server);
  return rowsAs(row, await session.rows({ id, sql: text }), id);
}

/**
 * A large answer, a row at a time, put together by `take`.
 *
 * @throws DatabaseError, of class unexpected-answer where a value is not as it should be
 */
export async function collect<T>(
  session: Session,
  { id, sql }: { readonly id: string; readonly sql: string },
  take: (row: TextRow, all: T[]) => void,
): Promise<readonly T[]> {
  let all: T[] = [];
  await session.each({ id, sql }, () => {
    all = [];
    return (row) => {
      try {
        take(row, all);
      } catch (error) {
        throw new DatabaseError("unexpected-answer", `${id}: ${messageOf(error)}`, {
          hint: "Is this PostgreSQL 13 to 18? If so, this is a bug in pgvigil: please report the message.",
          cause: error,
        });
      }
    };
  });
  return all;
}

/**
 * Works on what is there while the next answer is on its way: the server need not wait for us.
 *
 * @returns the answer, and what came of the work
 */
export async function meanwhile<T, U>(answer: Promise<T>, work: () => U): Promise<readonly [T, U]> {
  answer.catch(() => undefined);
  await nextTurn(); // so that the question is sent
  const worked = work();
  return [await answer, worked];
}

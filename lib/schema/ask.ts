import { DatabaseError, messageOf } from "../core/errors.ts";
import type { Session } from "../core/ports.ts";
import type { RawRow } from "../core/raw-row.ts";
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
 * A large answer, a row at a time. What the taker throws is the server's fault: it said something
 * that is not as it should be.
 *
 * @param begin gives who takes the rows; called anew where the question is put again
 * @throws DatabaseError
 */
export const each = (
  session: Session,
  { id, sql }: { readonly id: string; readonly sql: string },
  begin: () => (row: RawRow) => void,
): Promise<void> =>
  session.each({ id, sql }, () => {
    const take = begin();
    return (row) => {
      try {
        take(row);
      } catch (error) {
        throw new DatabaseError("unexpected-answer", `${id}: ${messageOf(error)}`, {
          hint: "Is this PostgreSQL 13 to 18? If so, this is a bug in pgvigil: please report the message.",
          cause: error,
        });
      }
    };
  });

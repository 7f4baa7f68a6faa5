import type { Remedy } from "../../../core/finding.ts";
import type { Sequence } from "../../reads/sequences.ts";
import type { Room } from "./room.ts";

export const typeOf = (bytes: number): string =>
  bytes === 2 ? "smallint" : bytes === 4 ? "integer" : "bigint";

const lastOf = (bytes: number): bigint => 2n ** BigInt(bytes * 8 - 1) - 1n;

/** The way to more numbers: of the sequence alone, or of the columns that it feeds. */
export function widen(sequence: Sequence, room: Room): Remedy {
  const held = sequence.columns[0]?.bytes ?? 8;
  if (room.column === undefined && !isAtEnd(room.end)) return widenSequence(sequence, held);
  if (held < 8) return widenColumns(sequence, held);
  return { summary: "It is at the very end of bigint: restart it where numbers are free." };
}

const isAtEnd = (end: bigint): boolean => end === lastOf(8) || end === -lastOf(8) - 1n;

/** Its columns hold more numbers than it gives. */
function widenSequence({ identity, bytes, min, max, increment }: Sequence, held: number): Remedy {
  const alter = (to: number, word: string) =>
    `ALTER SEQUENCE ${identity}${held > bytes ? ` AS ${typeOf(to)}` : ""} ${word};`;
  const up = !increment.startsWith("-");
  return {
    summary: "Let the sequence go on to where its columns end.",
    sql: alter(held, up ? `MAXVALUE ${lastOf(held)}` : `MINVALUE ${-lastOf(held) - 1n}`),
    lock: "SHARE ROW EXCLUSIVE on the sequence: nextval() waits until you commit",
    undo: alter(bytes, up ? `MAXVALUE ${max}` : `MINVALUE ${min}`),
  };
}

function widenColumns({ identity, bytes, columns, increment }: Sequence, held: number): Remedy {
  const narrow = columns.filter((column) => column.bytes < 8);
  const stuck = narrow.some(({ isPartitionKey }) => isPartitionKey);
  const floor = -lastOf(held) - 1n;
  const alters = narrow
    .filter(({ isInherited, isPartitionKey }) => !isInherited && !isPartitionKey)
    .map(({ table, column }) => `ALTER TABLE ${table} ALTER COLUMN ${column} TYPE bigint;`);
  const sequence = bytes === 8 ? [] : [`ALTER SEQUENCE ${identity} AS bigint;`];
  return {
    summary: stuck
      ? "A partition key cannot change its type: build a new table with a bigint key beside it, copy, and swap them."
      : "Small table: widen it in one go, foreign keys that point to it as well. Large table: add a bigint column, keep it in step by a trigger, fill it in batches, index it CONCURRENTLY, swap the names.",
    ...(stuck || alters.length === 0 ? {} : { sql: [...alters, ...sequence].join("\n") }),
    lock: "ACCESS EXCLUSIVE while the table and its indexes are rewritten: nobody reads or writes it",
    ...(increment.startsWith("-")
      ? {}
      : {
          otherwise: {
            summary:
              "To win time without a rewrite: go on with negative numbers, if they are free and the application bears them.",
            sql: `ALTER SEQUENCE ${identity} MINVALUE ${floor} RESTART WITH ${floor};`,
          },
        }),
  };
}

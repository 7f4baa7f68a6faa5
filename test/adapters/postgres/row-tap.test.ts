import { EventEmitter } from "node:events";
import * as fc from "fast-check";
import pg from "pg";
import { expect, test } from "vitest";
import { RowTap } from "../../../lib/adapters/postgres/row-tap.ts";
import { RawRow, rawRow } from "../../../lib/core/raw-row.ts";

const message = (letter: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5, letter);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const dataRow = (value: string): Buffer =>
  message("D", Buffer.concat([Buffer.from([0, 1]), rawRow([value]).bytes]));

const withoutZeros = (text: string) => text.replaceAll("\0", "");

/** What the driver hears, and who takes the rows, of bytes that come in these pieces. */
function tapped(pieces: readonly Buffer[], isTaking = true) {
  const heard: Buffer[] = [];
  const connection = Object.assign(new pg.Connection(), {
    attachListeners(stream: EventEmitter) {
      stream.on("data", (bytes) => heard.push(bytes));
    },
  });
  const tap = RowTap.into(connection);
  const taken: { value: string | null; after: number }[] = [];
  const take = (bytes: Buffer, start: number, end: number) =>
    taken.push({ value: new RawRow(bytes, start, end).text(0), after: heard.length });
  tap.takes = isTaking ? take : undefined;
  const stream = new EventEmitter();
  connection.attachListeners(stream);
  for (const piece of pieces) stream.emit("data", piece);
  return { heard: Buffer.concat(heard), taken };
}

const messages = fc.array(
  fc.record({ isRow: fc.boolean(), text: fc.string({ maxLength: 40 }).map(withoutZeros) }),
  { minLength: 1, maxLength: 20 },
);

test("rows go to whoever takes them, all else to the driver, however the bytes are cut", () => {
  fc.assert(
    fc.property(messages, fc.array(fc.nat({ max: 30 })), fc.boolean(), (sent, cuts, isTaking) => {
      const parts = sent.map(({ isRow, text }) =>
        isRow ? dataRow(text) : message("N", Buffer.from(text)),
      );
      const { heard, taken } = tapped(cutAt(cuts, Buffer.concat(parts)), isTaking);
      const isTaken = (n: number) => isTaking && sent[n]?.isRow === true;
      expect(taken.map(({ value }) => value)).toEqual(
        sent.flatMap(({ text }, n) => (isTaken(n) ? [text] : [])),
      );
      expect(heard.equals(Buffer.concat(parts.filter((_, n) => !isTaken(n))))).toBe(true);
    }),
  );
});

/** Pieces of these lengths, the empty ones among them, and the rest. */
function cutAt(lengths: readonly number[], bytes: Buffer): readonly Buffer[] {
  const [length, ...rest] = lengths;
  if (length === undefined) return [bytes];
  return [bytes.subarray(0, length), ...cutAt(rest, bytes.subarray(length))];
}

test("what stood before a row is heard before the row is taken", () => {
  const end = message("C", Buffer.from("SET\0"));
  expect(tapped([Buffer.concat([dataRow("a"), end, dataRow("b")])]).taken).toEqual([
    { value: "a", after: 0 },
    { value: "b", after: 1 },
  ]);
});

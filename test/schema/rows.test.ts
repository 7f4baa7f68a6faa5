import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RawRow, rawRow, type TextRow } from "../../lib/core/raw-row.ts";
import { PackedRows } from "../../lib/schema/rows.ts";

/** Than a page. */
const longer = "x".repeat(300_000);

/** No text of PostgreSQL holds a zero byte or half of a surrogate pair. */
const text = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom("", "é", "\u0001", "\u00ff", "😀".repeat(300), longer),
  )
  .map((said) => said.replaceAll("\0", "").toWellFormed());
const row = fc.array(fc.option(text, { freq: 3 }), { maxLength: 30 });

/** NULLs at its end are not kept: nobody can tell them from values that are not there. */
const trimmed = (texts: TextRow): TextRow =>
  texts.slice(0, texts.findLastIndex((value) => value !== null) + 1);

test("a row is what was put in, whatever texts and NULLs, and however it is looked at", () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (all) => {
      const packed = new PackedRows();
      for (const texts of all) packed.add(rawRow(texts));
      expect(packed.size).toBe(all.length);
      for (const [number, texts] of all.entries()) {
        expect(trimmed(packed.texts(number))).toEqual(trimmed(texts));
        for (const [place, value] of texts.entries()) {
          expect(packed.row(number).text(place)).toBe(value);
          expect(packed.row(number).isNull(place)).toBe(value === null);
        }
        expect(packed.row(number).text(texts.length)).toBeNull();
      }
    }),
    { numRuns: 30 },
  );
});

test("emptied, it holds what comes next and nothing of what was there", () => {
  const packed = new PackedRows();
  for (let n = 0; n < 3000; n += 1) packed.add(rawRow([String(n), "x".repeat(200)]));
  packed.clear();
  expect(packed.size).toBe(0);
  for (let n = 0; n < 2000; n += 1) packed.add(rawRow([null, String(n)]));
  expect([packed.texts(0), packed.row(1999).whole(1)]).toEqual([[null, "0"], 1999]);
});

test("a list that held a longer row before says nothing of it", () => {
  const list: (string | null)[] = [];
  rawRow(["a", "b", "c"]).texts(list);
  expect(rawRow(["d"]).texts(list)).toEqual(["d", null, null]);
});

test("numbers are read as they stand: OIDs go beyond what is signed", () => {
  const row = rawRow(["0", null, "16384", "4294967295", "é"]);
  expect([0, 1, 2, 3, 9].map((place) => row.whole(place))).toEqual([0, 0, 16384, 4294967295, 0]);
});

test("a row in the middle of other bytes has its own values alone", () => {
  const { bytes } = rawRow(["ä", null, "b"]);
  const amid = Buffer.concat([Buffer.from("é\xff"), bytes, rawRow(["next"]).bytes]);
  const start = amid.indexOf(bytes);
  const row = new RawRow(amid, start, start + bytes.length);
  expect(row.texts([])).toEqual(["ä", null, "b"]);
  expect(row.text(3)).toBeNull();
});

import { RawRow, type TextRow } from "../core/raw-row.ts";

/** Bytes a page. A longer row has one of its own. */
const pageSize = 262_144;

/** A place of a row: its page, its first byte, its end. */
const parts = 3;

/**
 * Rows as they came, off the heap: what waits there for its turn is no work for the garbage
 * collector, and the heap need not grow for it.
 */
export class PackedRows {
  readonly #pages: Buffer[] = [];
  #places = new Uint32Array(parts * 1024);
  #page = -1;
  #used = 0;
  size = 0;
  // What is read is gone with the next one that is: neither is made anew.
  readonly #row = new RawRow(Buffer.alloc(0), 0, 0);
  readonly #texts: (string | null)[] = [];

  /** @returns its number; NULLs at its end are not kept */
  add({ bytes, start, end }: RawRow): number {
    const last = withoutNulls(bytes, start, end);
    const page = this.#pageFor(last - start);
    bytes.copy(page, this.#used, start, last);
    const number = this.size;
    this.#note(number, this.#used + last - start);
    this.size += 1;
    return number;
  }

  /** Until the next one is asked for. */
  row(number: number): RawRow {
    const page = this.#pages[this.#places[number * parts] ?? 0];
    const [start = 0, end = 0] = [
      this.#places[number * parts + 1],
      this.#places[number * parts + 2],
    ];
    return page === undefined ? this.#row : this.#row.at(page, start, end);
  }

  /** All its values, until the next one is asked for. */
  texts(number: number): TextRow {
    return this.row(number).texts(this.#texts);
  }

  /** Empties it, and keeps its pages for what comes next. */
  clear(): void {
    this.#page = -1;
    this.#used = 0;
    this.size = 0;
  }

  #pageFor(length: number): Buffer {
    const page = this.#pages[this.#page];
    if (page !== undefined && this.#used + length <= page.length) return page;
    this.#page += 1;
    this.#used = 0;
    const spare = this.#pages[this.#page];
    if (spare !== undefined && length <= spare.length) return spare;
    const fresh = Buffer.allocUnsafeSlow(Math.max(pageSize, length));
    this.#pages[this.#page] = fresh;
    return fresh;
  }

  #note(number: number, end: number): void {
    if (number * parts + parts > this.#places.length) {
      const more = new Uint32Array(this.#places.length * 2);
      more.set(this.#places);
      this.#places = more;
    }
    this.#places[number * parts] = this.#page;
    this.#places[number * parts + 1] = this.#used;
    this.#places[number * parts + 2] = end;
    this.#used = end;
  }
}

/** Where the row ends without them: their length is four bytes of 0xff, which is in no text. */
function withoutNulls(bytes: Buffer, start: number, end: number): number {
  let last = end;
  while (last > start && bytes[last - 1] === 0xff) last -= 4;
  return last;
}

import type { TextRow } from "../core/ports.ts";

/** Bytes a page. A longer row has one of its own. */
const pageSize = 262_144;

// No text of PostgreSQL holds a zero byte. One that begins as NULL is told gets the mark twice.
const between = "\0";
const mark = "\u0001";

/**
 * Rows of texts, off the heap: what waits there for its turn is no work for the garbage collector,
 * and the heap need not grow for it.
 */
export class PackedRows {
  readonly #pages: Buffer[] = [];
  /** Where each row is: its page, its first byte, its length. */
  #places = new Uint32Array(3 * 1024);
  #page = -1;
  #used = 0;
  size = 0;

  /** @returns its number; NULLs at its end are not kept */
  add(row: TextRow): number {
    const text = joined(row);
    // No more than three bytes a UTF-16 code unit.
    const page = this.#pageFor(text.length * 3);
    const length = page.write(text, this.#used, "utf8");
    const number = this.size;
    this.#note(number, length);
    this.#used += length;
    this.size += 1;
    return number;
  }

  get(number: number): TextRow {
    const [page = 0, first = 0, length = 0] = this.#places.subarray(number * 3, number * 3 + 3);
    const text = this.#pages[page]?.toString("utf8", first, first + length) ?? "";
    return split(text);
  }

  /** Empties it, and keeps its pages for what comes next. */
  clear(): void {
    this.#page = -1;
    this.#used = 0;
    this.size = 0;
  }

  #pageFor(most: number): Buffer {
    const page = this.#pages[this.#page];
    if (page !== undefined && this.#used + most <= page.length) return page;
    this.#page += 1;
    this.#used = 0;
    const spare = this.#pages[this.#page];
    if (spare !== undefined && most <= spare.length) return spare;
    const fresh = Buffer.allocUnsafeSlow(Math.max(pageSize, most));
    this.#pages[this.#page] = fresh;
    return fresh;
  }

  #note(number: number, length: number): void {
    if (number * 3 + 3 > this.#places.length) {
      const more = new Uint32Array(this.#places.length * 2);
      more.set(this.#places);
      this.#places = more;
    }
    this.#places[number * 3] = this.#page;
    this.#places[number * 3 + 1] = this.#used;
    this.#places[number * 3 + 2] = length;
  }
}

function joined(row: TextRow): string {
  let last = row.length - 1;
  while (last >= 0 && row[last] === null) last -= 1;
  let text = "";
  for (let place = 0; place <= last; place += 1) {
    const value = row[place] ?? null;
    if (place > 0) text += between;
    text += value === null ? mark : value.startsWith(mark) ? mark + value : value;
  }
  return text;
}

function split(text: string): TextRow {
  const row: (string | null)[] = text.split(between);
  if (!text.includes(mark)) return row;
  for (let place = 0; place < row.length; place += 1) {
    const value = row[place];
    if (value === mark) row[place] = null;
    else if (value?.startsWith(mark)) row[place] = value.slice(1);
  }
  return row;
}

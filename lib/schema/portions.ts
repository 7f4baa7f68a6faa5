import type { Unit } from "./extractor.ts";
import { byText } from "./fact.ts";

/** Rows that are worked on at once: what bounds the memory, whatever the size of the schema. */
const rowsAtOnce = 8000;
const least = 100;

/**
 * Units in the order in which their facts stand in a snapshot, a portion at a time. Those of one
 * name stay together: a table and the functions called as it is.
 */
export class Portions {
  readonly #units: readonly Unit[];
  #next = 0;
  #size = 800;

  constructor(units: readonly Unit[]) {
    this.#units = units.toSorted((a, b) => byText(a.schema, b.schema) || byText(a.name, b.name));
  }

  /** Nothing, when all are gone. */
  next(): readonly Unit[] | undefined {
    const first = this.#next;
    if (first >= this.#units.length) return undefined;
    let end = Math.min(first + this.#size, this.#units.length);
    while (end < this.#units.length && this.#isOneName(end - 1, end)) end += 1;
    this.#next = end;
    return this.#units.slice(first, end);
  }

  /** How many rows the last portion gave: tables of a thousand columns make small ones. */
  learn(units: number, rows: number): void {
    const wanted = Math.round((units / Math.max(1, rows)) * rowsAtOnce);
    this.#size = Math.max(least, Math.min(wanted, this.#size * 4));
  }

  #isOneName(a: number, b: number): boolean {
    const [one, other] = [this.#units[a], this.#units[b]];
    return one?.schema === other?.schema && one?.name === other?.name;
  }
}

import { type ForeignKey, pagesOf } from "./foreign-key.ts";

/** About 50 ms of scanning. */
const batchPages = 2000;
/** Every relation is a lock in the server's shared table until the statement ends. */
const batchRelations = 150;
const mostKeys = 64;

/** Milliseconds: where a batch takes less, the next may be larger; where more, it is smaller. */
const comfortable = { from: 50, to: 100 };

/**
 * Hands out foreign keys in batches that one statement counts: many of small tables, one of a large
 * one, fewer where the last batch took long. A batch that failed comes back in halves, so that one
 * bad table is found in a few statements and takes nobody with it.
 */
export class Queue {
  readonly #keys: ForeignKey[];
  readonly #halves: (readonly ForeignKey[])[] = [];
  #size = 16;

  constructor(keys: readonly ForeignKey[]) {
    this.#keys = [...keys];
  }

  /** The next batch; empty at the end. */
  take(): readonly ForeignKey[] {
    const half = this.#halves.pop();
    if (half !== undefined) return half;
    let pages = 0;
    let relations = 0;
    let n = 0;
    for (const key of this.#keys) {
      pages += pagesOf(key);
      relations += key.child.relations.length + key.parent.relations.length;
      if (n > 0 && (n >= this.#size || pages > batchPages || relations > batchRelations)) break;
      n += 1;
    }
    return this.#keys.splice(0, n);
  }

  took(milliseconds: number): void {
    if (milliseconds < comfortable.from) this.#size = Math.min(mostKeys, this.#size * 2);
    if (milliseconds > comfortable.to) this.#size = Math.max(1, Math.floor(this.#size / 2));
  }

  split(batch: readonly ForeignKey[]): void {
    const middle = Math.ceil(batch.length / 2);
    this.#halves.push(batch.slice(middle), batch.slice(0, middle));
  }

  /** All that was never handed out. */
  rest(): readonly ForeignKey[] {
    return [...this.#halves.flat(), ...this.#keys];
  }
}

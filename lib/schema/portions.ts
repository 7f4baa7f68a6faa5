import type { RawRow } from "../core/raw-row.ts";
import type { Unit } from "./extractor.ts";
import { byText } from "./fact.ts";
import { PackedRows } from "./rows.ts";
import { place } from "./statement.ts";
import { units } from "./units.ts";

/**
 * Rows that are worked on at once, by and large: what bounds the memory, whatever the size of the
 * schema. Each portion costs the server 15 ms to plan.
 */
const rowsAtOnce = 10_000;

const placeIn = (column: string): number => place.wholeValues + units.columns.indexOf(column);

const at = {
  oid: placeIn("oid"),
  kind: placeIn("kind"),
  schema: placeIn("schema"),
  name: placeIn("name"),
  identity: placeIn("identity"),
  rows: placeIn("rows"),
} as const;

/**
 * Units in the order in which their facts stand in a snapshot, a portion at a time. Those of one
 * name stay together: a table and the functions called as it is.
 */
export class Portions {
  readonly #rows = new PackedRows();
  /** Numbers of rows, in order. */
  #order: Uint32Array | undefined;
  #isInOrder = true;
  #last = "";
  #next = 0;

  /** @param row as `units` asks for it */
  add(row: RawRow): void {
    const key = placeOf(row.text(at.schema) ?? "", row.text(at.name) ?? "");
    if (key < this.#last) this.#isInOrder = false;
    this.#last = key;
    this.#rows.add(row);
  }

  /** How many are left. */
  get left(): number {
    return this.#ordered().length - this.#next;
  }

  /**
   * Leaves out all but these, and those that stand under one name with one of these.
   *
   * @returns says whether the facts of a place are still to be read
   */
  keep(owners: ReadonlySet<number>): (schema: string, name: string) => boolean {
    const order = this.#ordered();
    const places = new Set<string>();
    for (const number of order) {
      const { oid, schema, name } = this.#unit(number);
      if (owners.has(oid)) places.add(placeOf(schema, name));
    }
    const isKept = (schema: string, name: string) => places.has(placeOf(schema, name));
    this.#order = order.filter((number) => {
      const { schema, name } = this.#unit(number);
      return isKept(schema, name);
    });
    return isKept;
  }

  /** Nothing, when all are gone. */
  next(): readonly Unit[] | undefined {
    const order = this.#ordered();
    if (this.#next >= order.length) return undefined;
    const some: Unit[] = [];
    let rows = 0;
    for (; this.#next < order.length; this.#next += 1) {
      const row = this.#rows.row(order[this.#next] ?? 0);
      const unit = unitOf(row);
      const last = some.at(-1);
      const isOneName = last?.schema === unit.schema && last.name === unit.name;
      if (rows >= rowsAtOnce && !isOneName) break;
      some.push(unit);
      rows += row.whole(at.rows);
    }
    return some;
  }

  #unit(number: number): Unit {
    return unitOf(this.#rows.row(number));
  }

  /** The server sorts by bytes of its own encoding: nearly always that is the order already. */
  #ordered(): Uint32Array {
    this.#order ??= this.#isInOrder
      ? Uint32Array.from({ length: this.#rows.size }, (_, number) => number)
      : this.#sorted();
    return this.#order;
  }

  #sorted(): Uint32Array {
    const places = Array.from({ length: this.#rows.size }, (_, number) => {
      const { schema, name } = this.#unit(number);
      return placeOf(schema, name);
    });
    const numbers = Uint32Array.from(places.keys());
    return numbers.sort((a, b) => byText(places[a] ?? "", places[b] ?? ""));
  }
}

/** Sorts as the schema does, and then the name: no name holds a zero. */
const placeOf = (schema: string, name: string): string => `${schema}\0${name}`;

const unitOf = (row: RawRow): Unit => ({
  oid: row.whole(at.oid),
  kind: row.text(at.kind) ?? "",
  schema: row.text(at.schema) ?? "",
  name: row.text(at.name) ?? "",
  identity: row.text(at.identity) ?? "",
});

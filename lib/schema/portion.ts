import { DatabaseError } from "../core/errors.ts";
import type { Session } from "../core/ports.ts";
import type { RawRow } from "../core/raw-row.ts";
import type { Server } from "../core/server.ts";
import { each } from "./ask.ts";
import type { Extractor, Printed, Unit } from "./extractor.ts";
import { byPlace, type Fact } from "./fact.ts";
import type { Has } from "./fragments.ts";
import { ofUnits } from "./kinds.ts";
import type { Order } from "./print.ts";
import { PackedRows } from "./rows.ts";
import { withoutPasswords } from "./secret.ts";
import type { PrintedTexts } from "./slices.ts";
import { catalogStatement, place } from "./statement.ts";

const extractors = ofUnits.flat();
const byQuestion = new Map(extractors.map((extractor) => [extractor.name, extractor]));

/** Where a portion is kept until its facts are made. There are two: one comes, one is worked on. */
export class Storage {
  readonly rows = new PackedRows();
  readonly texts = new PackedRows();

  cleared(): this {
    this.rows.clear();
    this.texts.clear();
    return this;
  }
}

/** What the catalogs say of some units. */
export class Portion {
  orders: Order[] = [];
  /** Those that did not come in time. */
  readonly unread = new Set<Unit>();
  readonly #rows: PackedRows;
  /** What each row answers. */
  readonly #extractors: Extractor[] = [];
  /** The rows of each unit, by their numbers. */
  readonly #numbers: Map<Unit, number[]>;
  readonly #byOid: ReadonlyMap<number, Unit>;

  constructor(some: readonly Unit[], rows: PackedRows) {
    this.#rows = rows;
    this.#numbers = new Map(some.map((unit) => [unit, []]));
    this.#byOid = new Map(some.map((unit) => [unit.oid, unit]));
  }

  take(row: RawRow): void {
    const extractor = this.#asked(row);
    const unit = this.#byOid.get(row.whole(place.unit));
    if (extractor === undefined || unit === undefined) return;
    for (const { as, oid } of extractor.prints(row, place.values, unit)) {
      this.orders.push({ as, oid, unit });
    }
    const number = this.#rows.add(row);
    this.#extractors[number] = extractor;
    this.#numbers.get(unit)?.push(number);
  }

  /** Answers to one question come one after the other. */
  #asked(row: RawRow): Extractor | undefined {
    const last = this.#extractors.at(-1);
    return last !== undefined && row.says(place.question, last.name)
      ? last
      : byQuestion.get(row.text(place.question) ?? "");
  }

  /** What is known of some of them is no more: they are asked for anew. */
  forget(some: readonly Unit[]): void {
    const forgotten = new Set(some);
    this.orders = this.orders.filter(({ unit }) => !forgotten.has(unit));
    for (const unit of some) this.#numbers.set(unit, []);
  }

  /** The facts of those that stand under one name, in order. */
  *facts(texts: PrintedTexts): Generator<readonly Fact[]> {
    const printed: Printed = (as, oid, known) =>
      withoutPasswords(known ?? texts.get(as, oid) ?? "");
    let facts: Fact[] = [];
    let last: Unit | undefined;
    for (const [unit, numbers] of this.#numbers) {
      if (last?.schema !== unit.schema || last.name !== unit.name) {
        yield facts.sort(byPlace);
        facts = [];
      }
      last = unit;
      if (texts.unread.has(unit)) continue;
      for (const number of numbers) {
        const row = this.#rows.texts(number);
        const extractor = this.#extractors[number];
        if (extractor) facts.push(extractor.fact(row, place.values, unit, printed));
      }
    }
    yield facts.sort(byPlace);
  }
}

export interface Asking {
  readonly server: Server;
  readonly has: Has;
  /** How many units at a time: half, where that took too long, and twice as many where it did not. */
  atOnce: number;
}

/**
 * A portion in one question, or in as many as it takes for each to come in time. A unit that does
 * not even do so alone is unread.
 */
export async function readPortion(
  session: Session,
  asking: Asking,
  some: readonly Unit[],
  rows: PackedRows,
): Promise<Portion> {
  const portion = new Portion(some, rows);
  for (let first = 0; first < some.length; ) {
    const part = some.slice(first, first + asking.atOnce);
    const isInTime = await readPart(session, asking, part, portion);
    if (!isInTime && part.length > 1) {
      asking.atOnce = Math.ceil(part.length / 2);
      continue;
    }
    if (isInTime) asking.atOnce *= 2;
    else for (const unit of part) portion.unread.add(unit);
    first += part.length;
  }
  return portion;
}

/** @returns whether all of it came in time */
async function readPart(
  session: Session,
  { server, has }: Asking,
  part: readonly Unit[],
  portion: Portion,
): Promise<boolean> {
  const sql = catalogStatement(extractors, server, part, has);
  try {
    await each(session, { id: "schema-objects", sql }, () => {
      portion.forget(part);
      return (row) => portion.take(row);
    });
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.errorClass !== "timeout") throw error;
    portion.forget(part);
    return false;
  }
}

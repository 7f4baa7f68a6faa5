import { DatabaseError } from "../core/errors.ts";
import type { Session } from "../core/ports.ts";
import type { RawRow } from "../core/raw-row.ts";
import type { Unit } from "./extractor.ts";
import { keepsLocks, later, type Order, type Print, printStatement } from "./print.ts";
import type { PackedRows } from "./rows.ts";
import type { Unread } from "./snapshot.ts";

/** Seconds: an ALTER that arrives while we print waits for us, and the application behind it. */
const timeout = 0.25;
/** Definitions at a time. PostgreSQL prints one in 10 to 30 microseconds. */
const atOnce = 4000;
/** Those that keep their locks to the end: the lock table is not ours to fill. */
const keepingAtOnce = 200;

/** So few that did not come in time are asked for once more: a busy machine may be to blame. */
const fewEnough = 20;

/** Where the values of a printed text are. */
const at = { as: 0, oid: 1, text: 2 } as const;

/** Texts of definitions, by what they are and of whom. */
export class PrintedTexts {
  readonly #rows: PackedRows;
  readonly #numbers = new Map<string, Map<number, number>>();
  /** The units of which something could not be printed. */
  readonly unread = new Map<Unit, Unread["cause"]>();

  constructor(rows: PackedRows) {
    this.#rows = rows;
  }

  get(as: Print["as"], oid: number): string | undefined {
    const number = this.#numbers.get(as)?.get(oid);
    if (number === undefined) return undefined;
    return this.#rows.row(number).text(at.text) ?? undefined;
  }

  has(as: Print["as"], oid: number): boolean {
    return this.#numbers.get(as)?.has(oid) ?? false;
  }

  set(as: string, oid: number, row: RawRow): void {
    const some = this.#numbers.get(as) ?? new Map<number, number>();
    if (some.size === 0) this.#numbers.set(as, some);
    some.set(oid, this.#rows.add(row));
  }
}

/**
 * Prints what was ordered, as many at a time as fit into the time that a statement may take. What
 * is locked costs its own unit only; it is asked for once more at the end, and so are a few that
 * took too long.
 *
 * @param rows where the texts are put
 */
export async function print(
  session: Session,
  orders: readonly Order[],
  rows: PackedRows,
): Promise<PrintedTexts> {
  const texts = new PrintedTexts(rows);
  const first = await pass(session, orders, texts);
  const slow = [...first.values()].filter((cause) => cause === "timeout").length;
  const isWorthAnother = (cause: Unread["cause"]) =>
    cause === "lock" || (cause === "timeout" && slow <= fewEnough);
  const orderedAgain = [...first].filter(([, cause]) => isWorthAnother(cause));
  const again =
    orderedAgain.length === 0
      ? []
      : await pass(
          session,
          orderedAgain.map(([order]) => order),
          texts,
        );
  const missed = [...[...first].filter(([, cause]) => !isWorthAnother(cause)), ...again];
  for (const [{ unit }, cause] of missed) texts.unread.set(unit, cause);
  return texts;
}

type Missed = Map<Order, Unread["cause"]>;

async function pass(
  session: Session,
  orders: readonly Order[],
  texts: PrintedTexts,
): Promise<Missed> {
  const missed: Missed = new Map();
  const [keeping, passing] = [orders.filter(keepsLocks), orders.filter((o) => !keepsLocks(o))];
  const slices = together(chunks(passing, atOnce), chunks(keeping, keepingAtOnce));
  for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) {
    const waiting = new Set<number>();
    const failure = await ask(session, slice, texts, waiting);
    if (failure === undefined) {
      for (const order of slice) {
        if (waiting.has(order.unit.oid) || texts.has(order.as, order.oid)) continue;
        missed.set(order, "lock");
      }
      // The one of them with the least OID waits no longer: this ends.
      if (waiting.size > 0) slices.unshift(slice.filter(({ unit }) => waiting.has(unit.oid)));
    } else if (slice.length > 1) {
      slices.unshift(...chunks(slice, Math.ceil(slice.length / 2)));
    } else {
      for (const order of slice) missed.set(order, failure);
    }
  }
  return missed;
}

/** The last of the one sort with the first of the other: a question less. */
function together(passing: readonly Order[][], keeping: readonly Order[][]): Order[][] {
  const [first = [], ...rest] = keeping;
  const last = passing.at(-1) ?? [];
  const both = [...last, ...first];
  return [...passing.slice(0, -1), ...(both.length > 0 ? [both] : []), ...rest];
}

const chunks = (orders: readonly Order[], size: number): readonly Order[][] =>
  Array.from({ length: Math.ceil(orders.length / size) }, (_, place) =>
    orders.slice(place * size, (place + 1) * size),
  );

/** Why there are no texts, if there are none. A lock taken under us is seen by the next try. */
async function ask(
  session: Session,
  slice: readonly Order[],
  texts: PrintedTexts,
  waiting: Set<number>,
) {
  const statement = { id: "schema-definitions", sql: printStatement(slice), timeout };
  const once = async () => {
    try {
      await session.each(statement, () => (row) => {
        const [as, oid] = [row.text(at.as) ?? "", row.whole(at.oid)];
        if (as === later) waiting.add(oid);
        else if (!row.isNull(at.text)) texts.set(as, oid, row);
      });
      return undefined;
    } catch (error) {
      const errorClass = error instanceof DatabaseError ? error.errorClass : undefined;
      if (errorClass === "lock" || errorClass === "timeout") return errorClass;
      throw error;
    }
  };
  const failure = await once();
  return failure === "lock" ? once() : failure;
}

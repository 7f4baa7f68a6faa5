import * as z from "zod";
import { DatabaseError } from "../core/errors.ts";
import type { Session } from "../core/ports.ts";
import { rowsAs } from "../core/typed.ts";
import type { Unit } from "./extractor.ts";
import { keepsLocks, type Order, printStatement } from "./print.ts";
import type { Unread } from "./snapshot.ts";

/** Seconds: an ALTER that arrives while we print waits for us, and the application behind it. */
const timeout = 0.25;
/** Definitions at a time. PostgreSQL prints one in 10 to 30 microseconds. */
const atOnce = 4000;
/** Those that keep their locks to the end: the lock table is not ours to fill. */
const keepingAtOnce = 200;

const answerSchema = z.object({ as: z.string(), oid: z.int(), text: z.string().nullable() });

export interface PrintedTexts {
  readonly texts: ReadonlyMap<string, string>;
  /** The units of which something could not be printed. */
  readonly unread: ReadonlyMap<Unit, Unread["cause"]>;
}

export const textKey = (as: string, oid: number): string => `${as} ${oid}`;

/**
 * Prints what was ordered, as many at a time as fit into the time that a statement may take. What
 * is locked costs its own unit only; it is asked for once more at the end.
 */
export async function print(session: Session, orders: readonly Order[]): Promise<PrintedTexts> {
  const texts = new Map<string, string>();
  const first = await pass(session, orders, texts);
  const locked = [...first].filter(([, cause]) => cause === "lock").map(([order]) => order);
  const again = locked.length === 0 ? [] : await pass(session, locked, texts);
  const missed = [...[...first].filter(([, cause]) => cause !== "lock"), ...again];
  return { texts, unread: new Map(missed.map(([{ unit }, cause]) => [unit, cause])) };
}

type Missed = Map<Order, Unread["cause"]>;

async function pass(
  session: Session,
  orders: readonly Order[],
  texts: Map<string, string>,
): Promise<Missed> {
  const missed: Missed = new Map();
  const [keeping, passing] = [orders.filter(keepsLocks), orders.filter((o) => !keepsLocks(o))];
  const slices = [...chunks(passing, atOnce), ...chunks(keeping, keepingAtOnce)];
  for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) {
    const answer = await ask(session, slice);
    if (typeof answer !== "string") {
      for (const { as, oid, text } of answer) if (text !== null) texts.set(textKey(as, oid), text);
      const none = slice.filter(({ as, oid }) => !texts.has(textKey(as, oid)));
      for (const order of none) missed.set(order, "lock");
    } else if (slice.length > 1) {
      slices.unshift(...chunks(slice, Math.ceil(slice.length / 2)));
    } else {
      for (const order of slice) missed.set(order, answer);
    }
  }
  return missed;
}

const chunks = (orders: readonly Order[], size: number): readonly Order[][] =>
  Array.from({ length: Math.ceil(orders.length / size) }, (_, place) =>
    orders.slice(place * size, (place + 1) * size),
  );

/** The texts, or why there are none. A lock that somebody took under us is seen by the next try. */
async function ask(session: Session, slice: readonly Order[]) {
  const id = "schema-definitions";
  const once = async () => {
    try {
      const sql = printStatement(slice);
      return rowsAs(answerSchema, await session.rows({ id, sql, timeout }), id);
    } catch (error) {
      const errorClass = error instanceof DatabaseError ? error.errorClass : undefined;
      if (errorClass === "lock" || errorClass === "timeout") return errorClass;
      throw error;
    }
  };
  const answer = await once();
  return answer === "lock" ? once() : answer;
}

import { DatabaseError } from "../core/errors.ts";
import type { Session, Statement } from "../core/ports.ts";
import type { AnyRead, ReadContext, ResultOf } from "../core/read.ts";
import { rowsAs } from "../core/typed.ts";

/** The target's time was up before the question was put. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

export type ReadSettings = Omit<
  ReadContext,
  "read" | "answered" | "options" | "session" | "server"
> & {
  readonly session: Session;
};

/** Asks each read once, however many checks want it, and gives a failure to all of them. */
export class Reader {
  readonly #settings: ReadSettings;
  readonly #session: Session;
  readonly #answers = new Map<AnyRead, Promise<unknown>>();

  constructor(settings: ReadSettings) {
    this.#settings = settings;
    this.#session = patient(settings.session, settings.remaining);
  }

  /** What the engine knows already. */
  seed<R extends AnyRead>(read: R, result: ResultOf<R>): void {
    this.#answers.set(read, Promise.resolve(result));
  }

  /** What it answered, if it was asked and did. */
  async answered<R extends AnyRead>(read: R): Promise<ResultOf<R> | undefined> {
    // As in `read` below: the memo is keyed by the read itself.
    const answer = this.#answers.get(read) as Promise<ResultOf<R>> | undefined;
    return answer?.catch(() => undefined);
  }

  async ask(read: AnyRead, options: Readonly<Record<string, unknown>>): Promise<unknown> {
    const known = this.#answers.get(read);
    if (known !== undefined) return known;
    const answer = this.#put(read, options);
    this.#answers.set(read, answer);
    return answer;
  }

  async #put(read: AnyRead, options: Readonly<Record<string, unknown>>): Promise<unknown> {
    const { server } = this.#session;
    if (read.kind === "sql") {
      const sql = typeof read.sql === "string" ? read.sql : read.sql(server);
      const { id, timeout } = read;
      return rowsAs(read.row, await this.#session.rows({ id, sql, timeout }), id);
    }
    const ask = (other: AnyRead) => this.ask(other, options);
    const context: ReadContext = {
      ...this.#settings,
      session: this.#session,
      server,
      options,
      // The memo is keyed by the read itself, so that its answer is the read's own type.
      read: <R extends AnyRead>(other: R) => ask(other) as Promise<ResultOf<R>>,
      answered: (other) => this.answered(other),
    };
    return read.result.parse(await read.run(context));
  }
}

const tries = 3;

/**
 * A session that keeps to what is left of the target's time, and asks again where an object
 * vanished under the question or a replica's replay cancelled it.
 */
function patient(session: Session, remaining: () => number): Session {
  const timely = ({ id, sql, timeout }: Statement): Statement => {
    const left = remaining() / 1000;
    if (left <= 0) throw new OutOfTime(`${id}: no time was left for it`);
    return { id, sql, timeout: Math.min(timeout ?? left, left) };
  };
  const patiently = async <T>(statement: Statement, ask: (now: Statement) => Promise<T>) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask(timely(statement));
      } catch (error) {
        if (attempt === tries || !isWorthAnotherTry(error)) throw error;
      }
    }
  };
  return {
    server: session.server,
    cost: session.cost,
    rows: (statement) => patiently(statement, (now) => session.rows(now)),
    each: (statement, begin) => patiently(statement, (now) => session.each(now, begin)),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

const isWorthAnotherTry = (error: unknown): boolean =>
  error instanceof DatabaseError &&
  (error.errorClass === "changed-underneath" || error.errorClass === "conflict");

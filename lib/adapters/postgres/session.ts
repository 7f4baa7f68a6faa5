import pg from "pg";
import { DatabaseError } from "../../core/errors.ts";
import type { Row, Session, Statement } from "../../core/ports.ts";
import type { Server } from "../../core/server.ts";
import { classify } from "./classify.ts";
import { firstPins, pinnedSettings, preamble } from "./preamble.ts";
import { probe } from "./probe.ts";
import { valueTypes } from "./values.ts";

export interface SessionLimits {
  /** Milliseconds, all of them. */
  readonly connect: number;
  readonly statement: number;
  readonly lock: number;
}

export const defaultLimits: SessionLimits = { connect: 5000, statement: 5000, lock: 200 };

/** Time that an answer may take to travel, beyond what the statement may take to run. */
const travel = 2000;

/**
 * Opens the one connection of a target and profile.
 *
 * A read is one message of the simple protocol: BEGIN, the pins, the question, COMMIT. So it costs
 * one round trip, no lock is ever held while we think or while the network carries an answer, and
 * a transaction pooler may hand each read to another server connection.
 *
 * @throws DatabaseError where nobody answers, or not as PostgreSQL would.
 */
export async function openSession(
  config: pg.ClientConfig,
  limits: SessionLimits = defaultLimits,
  signal?: AbortSignal,
): Promise<Session> {
  const connection = new Connection(config, limits);
  try {
    await connection.open(signal);
    return await connection.introduce();
  } catch (error) {
    await connection.close();
    throw classify(error, { doing: "connecting", config });
  }
}

class Connection {
  readonly #client: pg.Client;
  readonly #config: pg.ClientConfig;
  readonly #limits: SessionLimits;
  readonly cost = { statements: 0, roundTrips: 0 };
  #known = firstPins;
  #lost: Error | undefined;

  constructor(config: pg.ClientConfig, limits: SessionLimits) {
    this.#config = config;
    this.#limits = limits;
    this.#client = new pg.Client({
      ...config,
      connectionTimeoutMillis: limits.connect,
      application_name: applicationName,
      types: valueTypes,
    });
    // Without a listener a server that dies between two reads would end the process.
    this.#client.on("error", (error) => {
      this.#lost ??= error;
    });
  }

  async open(signal: AbortSignal | undefined): Promise<void> {
    signal?.addEventListener("abort", () => this.#drop(new Error("interrupted")), { once: true });
    await this.#client.connect();
    this.cost.roundTrips += 2;
  }

  async introduce(): Promise<Session> {
    const { server, known } = await probe((statement) => this.rows(statement), pinnedSettings);
    this.#known = known;
    return this.#asSession(server);
  }

  #asSession(server: Server): Session {
    return {
      server,
      cost: this.cost,
      rows: (statement) => this.rows(statement),
      [Symbol.asyncDispose]: () => this.close(),
    };
  }

  async rows({ id, sql, timeout }: Statement): Promise<readonly Row[]> {
    const statementTimeout = timeout === undefined ? this.#limits.statement : timeout * 1000;
    const pins = preamble({
      statementTimeout,
      lockTimeout: this.#limits.lock,
      applicationName,
      known: this.#known,
    });
    this.cost.statements += 1;
    try {
      const results = await this.#send(
        `BEGIN TRANSACTION READ ONLY; ${pins}; ${sql}\n; COMMIT`,
        statementTimeout + travel,
      );
      return rowsOf(results, id);
    } catch (error) {
      await this.#rollback();
      throw classify(error, { doing: `reading ${id}`, config: this.#config });
    }
  }

  async #send(text: string, patience: number): Promise<unknown> {
    if (this.#lost !== undefined) throw this.#lost;
    this.cost.roundTrips += 1;
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const silence = new SilenceError(patience);
      this.#drop(silence);
      reject(silence);
    }, patience);
    const answer = this.#client.query(text);
    answer.catch(() => undefined); // when the race is lost, nobody listens any more
    try {
      return await Promise.race([answer, promise]);
    } catch (error) {
      throw this.#lost ?? error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #rollback(): Promise<void> {
    if (this.#lost !== undefined) return;
    await this.#send("ROLLBACK", travel).catch((error: unknown) => {
      this.#drop(error instanceof Error ? error : new Error(String(error)));
    });
  }

  #drop(error: Error): void {
    this.#lost ??= error;
    socketOf(this.#client)?.destroy();
  }

  async close(): Promise<void> {
    const socket = socketOf(this.#client);
    const giveUp = setTimeout(() => socket?.destroy(), 500);
    await this.#client.end().catch(() => undefined);
    clearTimeout(giveUp);
  }
}

export const applicationName = "pgvigil";

/** The server took the question and never came back, not even with a refusal. */
export class SilenceError extends Error {
  constructor(patience: number) {
    super(`no answer within ${patience} ms`);
  }
}

/** BEGIN, pins, question, COMMIT: the third answer is ours. */
function rowsOf(results: unknown, id: string): readonly Row[] {
  const answer = Array.isArray(results) && results.length === 4 ? results[2] : undefined;
  if (answer instanceof pg.Result) return answer.rows;
  throw new DatabaseError("unexpected-answer", `${id}: not the answer of one SELECT`, {
    hint: "Is something between pgvigil and PostgreSQL that rewrites statements?",
  });
}

// pg offers no public way to hang up on a peer that does not answer.
const socketOf = (client: pg.Client): { destroy(): void } | undefined => {
  const { connection }: { connection?: { stream?: { destroy(): void } } } = Object(client);
  return connection?.stream;
};

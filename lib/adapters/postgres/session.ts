import type pg from "pg";
import { DatabaseError } from "../../core/errors.ts";
import type { Row, Session, Statement } from "../../core/ports.ts";
import type { RawRow } from "../../core/raw-row.ts";
import type { Server } from "../../core/server.ts";
import { classify } from "./classify.ts";
import type { ConnectionConfig } from "./config.ts";
import { messageOf, refuseOthers, rowsOf } from "./message.ts";
import { firstPins, pinnedSettings } from "./preamble.ts";
import { probe } from "./probe.ts";
import { RowStream } from "./row-stream.ts";
import { sayServer } from "./settings/place.ts";
import { applicationName, Wire } from "./wire.ts";

export interface SessionLimits {
  /** Milliseconds, all of them. */
  readonly connect: number;
  readonly statement: number;
  /** At most 200, however much more is asked for. */
  readonly lock: number;
}

const defaultLimits: SessionLimits = { connect: 5000, statement: 5000, lock: 200 };

/** Time that an answer may take to travel, beyond what the statement may take to run. */
const travel = 2000;

/** No read holds a snapshot, and so the xmin horizon, for longer. */
const longest = 60_000;

const oldest = 130_000;

/**
 * Opens the one connection of a target and profile. It is never opened again: once it is lost,
 * every further read is "going-away", and the next run looks again.
 *
 * A `connectionTimeoutMillis` in `config` (connect_timeout of a URL) wins over `limits.connect`.
 *
 * @throws DatabaseError where nobody answers, or not as PostgreSQL would.
 */
export async function openSession(
  config: pg.ClientConfig & ConnectionConfig,
  limits: SessionLimits = defaultLimits,
  signal?: AbortSignal,
): Promise<Session> {
  const { tlsIsOptional = false, wants, ...client } = config;
  try {
    return await open(client, limits, wants, signal);
  } catch (error) {
    if (!tlsIsOptional || !offersNoTls(error)) throw error;
    return open({ ...client, ssl: false }, limits, wants, signal);
  }
}

async function open(
  config: ConnectionConfig,
  limits: SessionLimits,
  wants: ConnectionConfig["wants"],
  signal: AbortSignal | undefined,
): Promise<Session> {
  const wire = new Wire(config, signal);
  const conversation = new Conversation(wire, limits);
  try {
    await wire.open(config.connectionTimeoutMillis || limits.connect);
    conversation.cost.roundTrips += wire.isEncrypted ? 4 : 2;
    const server = await conversation.introduce();
    refuseUnfit(server, wants, wire);
    return conversation.asSession(server);
  } catch (error) {
    await wire.close();
    const { place, isEncrypted, received } = wire;
    throw classify(error, { place, isEncrypted, received });
  }
}

const offersNoTls = (error: unknown): boolean =>
  error instanceof DatabaseError &&
  error.cause instanceof Error &&
  error.cause.message === "The server does not support SSL connections";

function refuseUnfit(server: Server, wants: ConnectionConfig["wants"], { place }: Wire): void {
  if (server.versionNum < oldest) {
    throw new DatabaseError("unexpected-answer", `PostgreSQL ${server.version} is too old`, {
      hint: "pgvigil knows PostgreSQL 13 to 18.",
    });
  }
  if (wants === undefined || (wants === "standby") === server.inRecovery) return;
  const is = server.inRecovery ? "a standby" : "the primary";
  throw new DatabaseError(
    "unreachable",
    `${sayServer(place)} is ${is}, not the ${wants} asked for`,
    {
      hint: "target_session_attrs in the URL asks for it. Was there a failover?",
    },
  );
}

class Conversation {
  readonly #wire: Wire;
  readonly #limits: SessionLimits;
  readonly cost = { statements: 0, roundTrips: 0 };
  #known = firstPins;
  #isIntroduced = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(wire: Wire, limits: SessionLimits) {
    this.#wire = wire;
    this.#limits = limits;
  }

  async introduce(): Promise<Server> {
    const { server, known } = await probe((statement) => this.rows(statement), pinnedSettings);
    this.#known = known;
    this.#isIntroduced = true;
    return server;
  }

  asSession(server: Server): Session {
    return {
      server,
      cost: this.cost,
      rows: (statement) => this.rows(statement),
      each: (statement, begin) => this.each(statement, begin),
      [Symbol.asyncDispose]: () => this.#wire.close(),
    };
  }

  rows(statement: Statement): Promise<readonly Row[]> {
    return this.#inTurn(statement, async (text, patience) =>
      rowsOf(await this.#wire.send(text, patience), statement.id),
    );
  }

  each(statement: Statement, begin: () => (row: RawRow) => void): Promise<void> {
    return this.#inTurn(statement, async (text, patience) =>
      refuseOthers(await this.#wire.stream(new RowStream(text, begin()), patience), statement.id),
    );
  }

  /** One at a time, whoever asks. */
  #inTurn<T>(statement: Statement, put: Put<T>): Promise<T> {
    const answer = this.#turn.then(() => this.#ask(statement, put));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #ask<T>({ id, sql, timeout }: Statement, put: Put<T>): Promise<T> {
    const own = this.#limits.statement;
    const wanted = timeout === undefined ? own : Math.min(own, timeout * 1000);
    const statementTimeout = within(1, wanted, longest);
    const text = messageOf(id, sql, {
      statementTimeout,
      lockTimeout: within(1, this.#limits.lock, 200),
      applicationName,
      known: this.#known,
    });
    this.cost.statements += 1;
    this.cost.roundTrips += 1;
    const began = performance.now();
    try {
      return await put(text, statementTimeout + travel);
    } catch (error) {
      const { place, isEncrypted, received } = this.#wire;
      const ranOut = performance.now() - began >= statementTimeout;
      const read = this.#isIntroduced ? id : undefined;
      throw classify(error, { place, isEncrypted, received, read, ranOut });
    }
  }
}

/** @param patience milliseconds */
type Put<T> = (text: string, patience: number) => Promise<T>;

const within = (least: number, value: number, most: number): number =>
  Number.isNaN(value) ? least : Math.min(most, Math.max(least, Math.round(value)));

import { setMaxListeners } from "node:events";
import pg from "pg";
import "./scram.ts";
import { cancel } from "./cancel.ts";
import type { ConnectionConfig } from "./config.ts";
import type { RowStream } from "./row-stream.ts";
import { RowTap } from "./row-tap.ts";
import type { Place } from "./settings/place.ts";
import { valueTypes } from "./values.ts";

export const applicationName = "pgvigil";

/** Milliseconds that a goodbye may take. */
const goodbye = 500;

/** Stands for what was said by nobody; `code` is one that `classify` knows. */
class WireError extends Error {
  readonly code: "SILENCE" | "INTERRUPTED";
  constructor(code: WireError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The driver's client, made safe to give up on. Whatever is asked of it ends in time; once it has
 * failed it stays lost, every later question gets the same answer, and nothing is ever left
 * unhandled.
 */
export class Wire {
  readonly #client: pg.Client;
  readonly #tap: RowTap;
  readonly #signal: AbortSignal | undefined;
  readonly #giveUp = Promise.withResolvers<never>();
  #lost: Error | undefined;
  #isAsking = false;
  #cancelled: Promise<void> | undefined;

  constructor(config: ConnectionConfig, signal: AbortSignal | undefined) {
    this.#client = new pg.Client({
      ...config,
      connectionTimeoutMillis: 0, // ours covers name resolution and TLS as well
      application_name: applicationName,
      keepAlive: true,
      types: valueTypes,
    });
    this.#tap = RowTap.into(this.#client.connection);
    this.#signal = signal;
    // Without a listener a server that dies between two reads would end the process.
    this.#client.on("error", (error) => this.#drop(error));
    this.#giveUp.promise.catch(() => undefined);
    if (signal === undefined) return;
    setMaxListeners(0, signal); // a fleet has one listener a target: that is no leak
    signal.addEventListener("abort", this.#interrupt, { once: true });
  }

  get place(): Place {
    const { host, port, database = "", user = "" } = this.#client;
    return { host, port, database, user };
  }

  get isEncrypted(): boolean {
    return Boolean(Object(this.#client).ssl);
  }

  /** Bytes that came back, also of a peer that speaks another protocol. */
  get received(): number {
    const bytes = Object(socketOf(this.#client)).bytesRead;
    return typeof bytes === "number" ? bytes : 0;
  }

  /** @param patience milliseconds for all of it: name, TCP, TLS, login */
  async open(patience: number): Promise<void> {
    if (this.#signal?.aborted) this.#interrupt();
    await this.#within(patience, () => this.#client.connect());
  }

  /** @param patience milliseconds, beyond what the server itself allows the statement */
  send(text: string, patience: number): Promise<unknown> {
    return this.#asking(patience, () => this.#client.query(text));
  }

  /** The same, row by row; answers with what words each statement ended. */
  async stream(rows: RowStream, patience: number): Promise<readonly string[]> {
    this.#tap.takes = rows.takeRow;
    try {
      return await this.#asking(patience, () => this.#client.query(rows).ended);
    } finally {
      this.#tap.takes = undefined;
    }
  }

  async #asking<T>(patience: number, ask: () => Promise<T>): Promise<T> {
    this.#isAsking = true;
    try {
      return await this.#within(patience, ask);
    } finally {
      this.#isAsking = false;
    }
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#interrupt);
    this.#lost ??= new Error("Connection terminated");
    const { promise, resolve } = Promise.withResolvers<void>();
    const late = setTimeout(resolve, goodbye);
    await Promise.race([this.#client.end().catch(() => undefined), promise]);
    clearTimeout(late);
    socketOf(this.#client)?.destroy();
    await this.#cancelled;
  }

  readonly #interrupt = (): void => {
    this.#drop(new WireError("INTERRUPTED", "interrupted"));
  };

  async #within<T>(patience: number, ask: () => Promise<T>): Promise<T> {
    if (this.#lost !== undefined) throw this.#lost;
    const timer = setTimeout(() => {
      this.#drop(new WireError("SILENCE", `no answer within ${Math.round(patience)} ms`));
    }, patience);
    const answer = ask();
    answer.catch(() => undefined); // when the race is lost, nobody listens any more
    try {
      return await Promise.race([answer, this.#giveUp.promise]);
    } catch (error) {
      throw this.#lost ?? error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Hangs up. A question under way is cancelled on the server, which would not notice. */
  #drop(error: Error): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    if (this.#isAsking && error instanceof WireError) this.#cancelled = cancel(this.#client);
    this.#giveUp.reject(error);
    socketOf(this.#client)?.destroy();
  }
}

// pg offers no public way to hang up on a peer that does not answer.
const socketOf = (client: pg.Client): { destroy(): void } | undefined => {
  const { connection }: { connection?: { stream?: { destroy(): void } } } = Object(client);
  return connection?.stream;
};

import { RawRow } from "../../core/raw-row.ts";

/**
 * One message whose last answer is handed over row by row, as the bytes that came: no object and no
 * list of them, so that a large answer costs no memory. To pg it is a Submittable, as pg-cursor is;
 * its rows come by way of a RowTap.
 */
export class RowStream {
  readonly #text: string;
  readonly #take: (row: RawRow) => void;
  readonly #end = Promise.withResolvers<readonly string[]>();
  readonly #commands: string[] = [];
  /** One for all of them: a row is gone when the next one comes. */
  readonly #row = new RawRow(Buffer.alloc(0), 0, 0);
  #failure: unknown;
  #hasFailed = false;

  /** @param take may throw; then the rest of the answer goes by unheard */
  constructor(text: string, take: (row: RawRow) => void) {
    this.#text = text;
    this.#take = take;
  }

  /** The words with which each statement ended: `SET`, `SELECT 1`, `SELECT 4711`. */
  get ended(): Promise<readonly string[]> {
    return this.#end.promise;
  }

  submit(connection: { query(text: string): void }): void {
    connection.query(this.#text);
  }

  handleRowDescription(): void {}

  /** The first two statements are SET and pins: see messageOf(). */
  readonly takeRow = (bytes: Buffer, start: number, end: number): void => {
    if (this.#commands.length < 2 || this.#hasFailed) return;
    try {
      this.#take(this.#row.at(bytes, start, end));
    } catch (error) {
      this.#fail(error);
    }
  };

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#commands.push(text);
  }

  handleEmptyQuery(): void {
    this.#commands.push("");
  }

  handleCopyInResponse(connection: { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail("nothing was to be copied");
  }

  handleCopyData(): void {}

  handlePortalSuspended(): void {}

  /** The server's word, or the driver's for a connection that broke: then nothing comes after it. */
  handleError(error: unknown): void {
    this.#fail(error);
    this.#end.reject(this.#failure);
  }

  handleReadyForQuery(): void {
    if (this.#hasFailed) this.#end.reject(this.#failure);
    else this.#end.resolve(this.#commands);
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#failure = error;
  }
}

import type { Connection } from "pg";

/** Takes a row out of bytes that are another's as soon as it returns: the values begin at `start`. */
type TakeRow = (bytes: Buffer, start: number, end: number) => void;

type Hear = (bytes: Buffer) => void;

/** What of a stream the driver's parser listens to. */
interface Heard {
  on(event: string, listener: Hear): unknown;
}

const dataRow = 0x44; // "D"
/** A letter, then the length of all that comes after the letter. */
const header = 5;
/** How many values there are is said before them. */
const count = 2;

/**
 * Stands between a connection and the driver's parser: while somebody takes rows, those go to them
 * as bytes, which saves a message, a list and a text a value. All other messages go to the driver,
 * whole, and at all times: errors, notices, the end.
 * https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-MESSAGE-CONCEPTS
 */
export class RowTap {
  takes: TakeRow | undefined;
  /** The beginning of a message whose end has not come yet. */
  #pieces: Buffer[] = [];
  #length = 0;
  /** Bytes that are needed to go on. */
  #wanted = header;

  /** To be put in before the connection is opened. */
  static into(connection: Connection): RowTap {
    const tap = new RowTap();
    // The driver calls this once, when TLS is settled. There is no public way to its bytes.
    const driver: { attachListeners(stream: Heard): void } = Object(connection);
    const attach = driver.attachListeners.bind(connection);
    driver.attachListeners = (stream) =>
      attach({
        on: (event, listener) =>
          stream.on(event, event === "data" ? (bytes) => tap.#hear(bytes, listener) : listener),
      });
    return tap;
  }

  #hear(piece: Buffer, driver: Hear): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length < this.#wanted) return;
    const bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    const end = this.#messages(bytes, driver);
    this.#pieces = end === bytes.length ? [] : [bytes.subarray(end)];
    this.#length = bytes.length - end;
  }

  /** @returns where the first message begins that is not all there */
  #messages(bytes: Buffer, driver: Hear): number {
    let [told, at] = [0, 0];
    this.#wanted = header;
    while (at + header <= bytes.length) {
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) {
        this.#wanted = end - at;
        break;
      }
      if (bytes[at] === dataRow && this.takes !== undefined) {
        // What ended the statement before it comes first.
        if (told < at) driver(bytes.subarray(told, at));
        this.takes(bytes, at + header + count, end);
        told = end;
      }
      at = end;
    }
    if (told < at) driver(bytes.subarray(told, at));
    return at;
  }
}

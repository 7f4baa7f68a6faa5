/** A value that is NULL has this length, and no bytes. */
const isNull = -1;

/**
 * A row as the server sends it: before each value its length in four bytes, the values in UTF-8, as
 * texts. What is not looked at is never decoded.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-DATAROW
 */
export class RawRow {
  /** Its first length is at `start`, its last value ends before `end`. */
  bytes: Buffer;
  start: number;
  end: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  /** Another row, in the same object. */
  at(bytes: Buffer, start: number, end: number): this {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    return this;
  }

  /** NULL, too, where it has no such value. */
  text(place: number): string | null {
    const at = this.#find(place);
    const length = at + 4 > this.end ? isNull : this.bytes.readInt32BE(at);
    return length === isNull ? null : this.bytes.toString("utf8", at + 4, at + 4 + length);
  }

  /** As `text` would say, without decoding it. */
  isNull(place: number): boolean {
    const at = this.#find(place);
    return at + 4 > this.end || this.bytes.readInt32BE(at) === isNull;
  }

  /** Is it this text? Of ASCII. */
  says(place: number, text: string): boolean {
    const at = this.#find(place);
    if (at + 4 > this.end || this.bytes.readInt32BE(at) !== text.length) return false;
    for (let n = 0; n < text.length; n += 1) {
      if (this.bytes[at + 4 + n] !== text.charCodeAt(n)) return false;
    }
    return true;
  }

  /** A number without sign, as OIDs are; 0 for NULL. */
  whole(place: number): number {
    const at = this.#find(place);
    if (at + 4 > this.end) return 0;
    const end = at + 4 + this.bytes.readInt32BE(at);
    let value = 0;
    for (let digit = at + 4; digit < end; digit += 1) value = value * 10 + this.#byte(digit) - 0x30;
    return value;
  }

  /**
   * All its values, put into a list that may have been another row's before. A row of ASCII alone
   * is decoded in one go and cut into pieces: a third of the time.
   */
  texts(into: (string | null)[]): TextRow {
    const { bytes, start, end } = this;
    const whole = bytes.toString("latin1", start, end);
    let place = 0;
    for (let at = start; at + 4 <= end; place += 1) {
      const first = at + 4;
      const length = bytes.readInt32BE(at);
      at = length === isNull ? first : first + length;
      into[place] =
        length === isNull
          ? null
          : this.#isAscii(first, at)
            ? whole.substring(first - start, at - start)
            : bytes.toString("utf8", first, at);
    }
    for (; place < into.length; place += 1) into[place] = null;
    return into;
  }

  #find(place: number): number {
    let at = this.start;
    for (let n = 0; n < place && at + 4 <= this.end; n += 1) {
      at += 4 + Math.max(0, this.bytes.readInt32BE(at));
    }
    return at;
  }

  #isAscii(first: number, end: number): boolean {
    let bits = 0;
    for (let at = first; at < end; at += 1) bits |= this.#byte(at);
    return bits < 0x80;
  }

  #byte(at: number): number {
    return this.bytes[at] ?? 0;
  }
}

/** A row, decoded: every value a text, in the order of the SELECT. */
export type TextRow = readonly (string | null)[];

/** The same the other way round. */
export function rawRow(texts: TextRow): RawRow {
  const values = texts.map((text) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(text === null ? isNull : Buffer.byteLength(text));
    return Buffer.concat([length, Buffer.from(text ?? "")]);
  });
  const bytes = Buffer.concat(values);
  return new RawRow(bytes, 0, bytes.length);
}

import type { Json } from "./hash.ts";

const [quote, backslash, space, tilde] = [0x22, 0x5c, 0x20, 0x7e];

/** No quote, no backslash, and ASCII alone, without its control characters. */
const plain = /^[ !#-[\]-~]*$/;

/** Characters up to which it is quicker to put each down than to call what does it at once. */
const short = 48;

/**
 * JSON that is written down as bytes at once: as many texts as a snapshot has would otherwise be put
 * together of pieces first, and then be encoded.
 */
export class JsonBytes {
  bytes: Buffer;
  used = 0;

  constructor(size = 1024) {
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  /** Without quotes. ASCII. */
  add(said: string): void {
    this.#room(said.length);
    for (let i = 0; i < said.length; i += 1) this.bytes[this.used + i] = said.charCodeAt(i);
    this.used += said.length;
  }

  copy(from: Buffer, start: number, end: number): void {
    this.#room(end - start);
    this.used += from.copy(this.bytes, this.used, start, end);
  }

  /** With quotes, as JSON.stringify() has it. */
  text(said: string): void {
    this.#room(said.length + 2);
    if (!(said.length <= short ? this.#short(said) : this.#long(said))) {
      const quoted = JSON.stringify(said);
      this.#room(3 * quoted.length); // bytes that a UTF-16 code unit takes at most
      this.used += this.bytes.write(quoted, this.used, "utf8");
    }
  }

  /** Canonical: names in code unit order. */
  value(value: Json): void {
    if (typeof value === "string") this.text(value);
    else if (typeof value !== "object" || value === null) this.add(JSON.stringify(value));
    else if (Array.isArray(value)) this.list(value);
    else this.#object(value);
  }

  list(values: readonly Json[]): void {
    let before = "[";
    for (const value of values) {
      this.add(before);
      this.value(value);
      before = ",";
    }
    this.add(before === "[" ? "[]" : "]");
  }

  toString(): string {
    return this.bytes.toString("utf8", 0, this.used);
  }

  clear(): void {
    this.used = 0;
  }

  #object(value: { readonly [name: string]: Json }): void {
    let before = "{";
    for (const name of isInOrder(value) ? Object.keys(value) : Object.keys(value).sort()) {
      this.add(before);
      this.text(name);
      this.add(":");
      this.value(value[name] ?? null);
      before = ",";
    }
    this.add(before === "{" ? "{}" : "}");
  }

  #short(said: string): boolean {
    const { bytes, used } = this;
    bytes[used] = quote;
    for (let i = 0; i < said.length; i += 1) {
      const code = said.charCodeAt(i);
      if (code < space || code > tilde || code === quote || code === backslash) return false;
      bytes[used + 1 + i] = code;
    }
    bytes[used + 1 + said.length] = quote;
    this.used = used + said.length + 2;
    return true;
  }

  #long(said: string): boolean {
    if (!plain.test(said)) return false;
    this.bytes[this.used] = quote;
    this.bytes.write(said, this.used + 1, "latin1");
    this.bytes[this.used + 1 + said.length] = quote;
    this.used += said.length + 2;
    return true;
  }

  #room(length: number): void {
    if (this.used + length <= this.bytes.length) return;
    const more = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.used + length));
    this.bytes.copy(more, 0, 0, this.used);
    this.bytes = more;
  }
}

/** Most are, and looking is cheaper than putting. */
function isInOrder(value: object): boolean {
  let last = "";
  for (const name in value) {
    if (name < last) return false;
    last = name;
  }
  return true;
}

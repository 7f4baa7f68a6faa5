import { createHash, type Hash, hash } from "node:crypto";
import type * as z from "zod";

export type Json = z.infer<ReturnType<typeof z.json>>;

/** JSON with keys in code unit order: one text a value, on every machine. */
export function canonicalJson(value: Json): string {
  return isOrdered(value) ? JSON.stringify(value) : JSON.stringify(ordered(value));
}

/** Most values come in order already, and looking is cheaper than putting. */
function isOrdered(value: Json): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isOrdered);
  let last = "";
  for (const key in value) {
    const each = value[key];
    if (key < last || (typeof each === "object" && !isOrdered(each))) return false;
    last = key;
  }
  return true;
}

function ordered(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, ordered(each)]));
}

/** SHA-256, 64 hex digits. */
export const sha256 = (text: string): string => hash("sha256", text, "hex");

/** How a checksum is said: `sha256:9c1e…`. */
const sayChecksum = (hex: string): string => `sha256:${hex}`;

const checksumPattern = /^sha256:([0-9a-f]{64})$/;

export const hexOf = (checksum: string): string | undefined => checksumPattern.exec(checksum)?.[1];

/** SHA-256 of bytes that come in pieces; they are gathered, as a piece costs more than its hash. */
export class RunningHash {
  readonly #name: string;
  #hash: Hash | undefined;
  #gathered: Buffer | undefined;
  #length = 0;

  /** @param what it is a hash of, so that no two texts can meet */
  constructor(what: readonly (string | number)[]) {
    this.#name = `${JSON.stringify(what)}\n`;
  }

  add(bytes: Buffer, start = 0, end = bytes.length): void {
    if (this.#length + end - start > enough) this.#flush();
    if (end - start > enough) {
      this.#begun().update(bytes.subarray(start, end));
      return;
    }
    this.#gathered ??= Buffer.allocUnsafeSlow(enough);
    this.#length += bytes.copy(this.#gathered, this.#length, start, end);
  }

  /** Ends it; what comes next is hashed by itself, and is of the same sort. */
  checksum(): string {
    this.#flush();
    const hex = this.#begun().digest("hex");
    this.#hash = undefined;
    return sayChecksum(hex);
  }

  #begun(): Hash {
    this.#hash ??= createHash("sha256").update(this.#name);
    return this.#hash;
  }

  #flush(): void {
    if (this.#gathered && this.#length > 0) {
      this.#begun().update(this.#gathered.subarray(0, this.#length));
    }
    this.#length = 0;
  }
}

const enough = 4096;

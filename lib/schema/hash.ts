import { createHash, hash } from "node:crypto";
import type * as z from "zod";

type Json = z.infer<ReturnType<typeof z.json>>;

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

/** SHA-256 of a text that comes in pieces. */
export class RunningHash {
  readonly #hash = createHash("sha256");
  #pending: string;
  /** @param what it is a hash of, so that no two texts can meet */
  constructor(what: readonly (string | number)[]) {
    this.#pending = `${JSON.stringify(what)}\n`;
  }
  add(text: string): void {
    this.#pending += text;
    if (this.#pending.length > enough) this.#flush();
  }
  /** Ends it. */
  checksum(): string {
    this.#flush();
    return sayChecksum(this.#hash.digest("hex"));
  }
  /** A piece at a time costs more than the hash itself. */
  #flush(): void {
    this.#hash.update(this.#pending);
    this.#pending = "";
  }
}

const enough = 16_384;

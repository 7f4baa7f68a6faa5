import { hash } from "node:crypto";
import type * as z from "zod";

type Json = z.infer<ReturnType<typeof z.json>>;

/** JSON with keys in code unit order: one text a value, on every machine. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonicalJson(v)}`).join(",")}}`;
}

/** SHA-256, 64 hex digits. */
export const sha256 = (text: string): string => hash("sha256", text, "hex");

/** How a checksum is said: `sha256:9c1e…`. */
export const sayChecksum = (hex: string): string => `sha256:${hex}`;

const checksumPattern = /^sha256:([0-9a-f]{64})$/;

export const hexOf = (checksum: string): string | undefined => checksumPattern.exec(checksum)?.[1];

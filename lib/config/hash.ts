import { createHash } from "node:crypto";
import type { Config } from "./schema.ts";

/**
 * By what a deployment's configuration is told from another: what is meant, not how it is written,
 * so that comments and the order of keys make no other hash. 16 hex digits.
 */
export const configHash = (config: Config): string =>
  createHash("sha256")
    .update(JSON.stringify(inOrder(config)))
    .digest("hex")
    .slice(0, 16);

const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, inOrder(inner)]),
  );
};

import { createHash } from "node:crypto";

/** Names a thing by its content, so that it is the same however often it is made. */
export function idOf(...parts: readonly (string | number)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(String(part))}:${part}`);
  return hash.digest("hex").slice(0, 32);
}

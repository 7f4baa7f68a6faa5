import { createHash } from "node:crypto";
import type { FoundObject } from "./finding.ts";
import { sayTarget, type Target } from "./target.ts";

/**
 * The name of a finding over time: 16 hex digits of SHA-256 over check, target, kind and
 * identity. Each part is length-prefixed, so that no two different quadruples meet.
 */
export function fingerprint(check: string, target: Target, object: FoundObject): string {
  const hash = createHash("sha256");
  for (const part of [check, sayTarget(target), object.kind, object.identity]) {
    hash.update(`${Buffer.byteLength(part)}:${part}`);
  }
  return hash.digest("hex").slice(0, 16);
}

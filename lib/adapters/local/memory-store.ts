import { createHash } from "node:crypto";
import type { Store } from "../../core/ports.ts";

export const tagOf = (body: Uint8Array): string => createHash("sha256").update(body).digest("hex");

/** A store that is gone with the process. */
export function memoryStore(): Store {
  const objects = new Map<string, Uint8Array>();
  return {
    place: "memory",
    async get(key) {
      const body = objects.get(key);
      return body === undefined ? undefined : { body, tag: tagOf(body) };
    },
    async put(key, body, condition) {
      const now = objects.get(key);
      if (condition === "absent" && now !== undefined) return false;
      if (typeof condition === "object" && (now === undefined || tagOf(now) !== condition.tag)) {
        return false;
      }
      objects.set(key, body);
      return true;
    },
    async list(prefix) {
      return [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
  };
}

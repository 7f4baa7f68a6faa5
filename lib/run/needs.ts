import type { Check } from "../core/check.ts";
import type { Server } from "../core/server.ts";

/** Why this check has nothing to say here, or nothing. */
export function notApplicable(
  { needs }: Check,
  server: Server,
  hasStore: boolean,
): { readonly reason: string; readonly cure?: string } | undefined {
  if (needs?.minVersion !== undefined && server.versionNum < needs.minVersion) {
    return { reason: `needs PostgreSQL ${Math.floor(needs.minVersion / 10_000)} or newer` };
  }
  if (needs?.on === "primary" && server.inRecovery) {
    return { reason: "says nothing on a replica: look at its primary" };
  }
  if (needs?.on === "replica" && !server.inRecovery) {
    return { reason: "says nothing on a primary" };
  }
  if (needs?.extension !== undefined && server.extensions[needs.extension] === undefined) {
    return {
      reason: `the extension ${needs.extension} is not installed`,
      cure: `CREATE EXTENSION ${needs.extension};`,
    };
  }
  if (needs?.store === true && !hasStore) {
    return {
      reason: "needs a past to compare with",
      cure: "--store DIR, or store: in the configuration",
    };
  }
  return undefined;
}

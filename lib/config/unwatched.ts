import type { Config } from "./schema.ts";
import { targetsOf } from "./targets.ts";

/** A server as far as it matters whether somebody watches it. */
export interface Watchable {
  readonly name: string;
  readonly database: string | undefined;
  /** In lower case. */
  readonly hosts: readonly string[];
}

export type Unwatched<T> =
  | { readonly server: T; readonly is: "server" }
  /** Another database of it is watched. */
  | { readonly server: T; readonly is: "database"; readonly database: string };

/** Servers, and the databases that they were made with, that are in no target's URL. */
export function unwatchedOf<T extends Watchable>(
  servers: readonly T[],
  config: Config | undefined,
): readonly Unwatched<T>[] {
  const watched = new Map<string, Set<string>>();
  for (const { url, replica } of config === undefined ? [] : targetsOf(config)) {
    for (const each of [url, replica]) {
      const said = each === undefined ? null : URL.parse(each);
      if (said === null) continue;
      const host = said.hostname.toLowerCase();
      const databases = watched.get(host) ?? new Set();
      databases.add(decodeURIComponent(said.pathname.slice(1)));
      watched.set(host, databases);
    }
  }
  return servers.flatMap((server): Unwatched<T>[] => {
    const sets = server.hosts.flatMap((host) => watched.get(host) ?? []);
    if (sets.length === 0) return [{ server, is: "server" }];
    const { database } = server;
    if (database === undefined || sets.some((set) => set.has(database))) return [];
    return [{ server, is: "database", database }];
  });
}

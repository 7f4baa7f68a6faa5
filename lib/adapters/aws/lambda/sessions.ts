import type { Session } from "../../../core/ports.ts";
import { type Connection, clientConfigOf } from "../../postgres/config.ts";
import { openSession, type SessionLimits } from "../../postgres/session.ts";
import { Logins } from "../logins.ts";
import type { World } from "./world.ts";

interface Login {
  readonly url: string;
  readonly auth?:
    | { readonly iam?: object | undefined; readonly secret?: string | undefined }
    | undefined;
  readonly limits: SessionLimits;
}

/**
 * Sessions of databases: by a token or a secret. A password of the environment is the command
 * line's; without any, what the URL says has to do.
 */
export function sessionsIn({ env, clock }: Pick<World, "env" | "clock">) {
  const logins = new Logins({ env }, clock);
  const connections = new Map<string, Connection>();
  return async ({ url, auth, limits }: Login, signal?: AbortSignal): Promise<Session> => {
    // Nothing of this machine says how to reach a database: no PGHOST, no ~/.pgpass.
    const connection = connections.get(url) ?? clientConfigOf({ url, env: {}, home: "/nowhere" });
    connections.set(url, connection);
    return auth?.iam === undefined && auth?.secret === undefined
      ? openSession(connection.client, limits, signal)
      : logins.open({ url, auth, connection }, limits, signal);
  };
}

import type { Connection } from "../adapters/postgres/config.ts";
import { openSession, type SessionLimits } from "../adapters/postgres/session.ts";
import type { Auth } from "../config/auth.ts";
import type { Session } from "../core/ports.ts";
import type { Io } from "./io.ts";

/** Opens the session of a target, however it is logged in to. @throws DatabaseError */
export type Open = (limits: SessionLimits, signal?: AbortSignal) => Promise<Session>;

/** By the password of the URL, the environment, ~/.pgpass. */
export const openPlainly =
  ({ client }: Connection): Open =>
  (limits, signal) =>
    openSession(client, limits, signal);

/**
 * How the targets of one command are logged in to. AWS is loaded when the first of them asks for
 * it, and a secret is asked for once.
 *
 * @param region of the configuration, for endpoints and secrets that do not name one
 */
export function loginsOf(io: Io, region: string | undefined) {
  const world = { env: io.env, region };
  let loaded: Promise<import("../adapters/aws/logins.ts").Logins> | undefined;
  const logins = () => {
    loaded ??= import("../adapters/aws/logins.ts").then(
      ({ Logins }) => new Logins(world, io.clock),
    );
    return loaded;
  };
  return (url: string, auth: Auth | undefined, connection: Connection): Open =>
    auth?.iam === undefined && auth?.secret === undefined
      ? openPlainly(connection)
      : async (limits, signal) => (await logins()).open({ url, auth, connection }, limits, signal);
}

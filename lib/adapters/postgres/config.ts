import { existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { UsageError } from "../../core/errors.ts";
import { type Environment, fromEnvironment, type Settings } from "./settings/keywords.ts";
import { passwordFor } from "./settings/password.ts";
import { isSocket, type Place } from "./settings/place.ts";
import { fromService } from "./settings/service-file.ts";
import { tlsOf } from "./settings/tls.ts";
import { parseUrl, severalHosts } from "./settings/url.ts";

/** What `openSession` needs beyond the driver's own configuration. */
export interface ConnectionConfig extends pg.ClientConfig {
  /** Go on without TLS, where the server offers none. */
  readonly tlsIsOptional?: boolean;
  readonly wants?: "primary" | "standby";
}

export interface Connection {
  readonly client: ConnectionConfig;
  readonly place: Place;
  /** Databases of one server share it: they are examined one after the other. */
  readonly serverKey: string;
}

export interface Sources {
  /** `postgres://…`; without it, the environment alone speaks. */
  readonly url?: string | undefined;
  readonly env: Environment;
  /** The name of an environment variable. It wins over every other password. */
  readonly passwordEnv?: string | undefined;
  /** Where ~/.pgpass, ~/.pg_service.conf and ~/.postgresql are. */
  readonly home?: string;
}

/**
 * Where to connect, as whom and how, by libpq's rules: the URL, then the service file, then the
 * environment, then the defaults (https://www.postgresql.org/docs/current/libpq-envars.html). All
 * is said to the driver explicitly, so that it never looks at the process's own environment.
 *
 * @throws UsageError for nonsense, without repeating a password
 */
export function clientConfigOf({ url, env, passwordEnv, home = homedir() }: Sources): Connection {
  const settings = merged(url === undefined ? {} : parseUrl(url), env, home);
  const port = portOf(settings.port);
  const host = settings.host ?? settings.hostaddr ?? defaultHost(port);
  if (`${host}${settings.hostaddr ?? ""}`.includes(",")) throw severalHosts();
  const user = settings.user ?? osUser();
  const place: Place = { host, port, database: settings.dbname ?? user, user };
  const tls = tlsOf(settings, host, home);
  const wants = wantsOf(settings.target_session_attrs);
  const timeout = timeoutOf(settings.connect_timeout);
  return {
    place,
    serverKey: `${host}:${port}`,
    client: {
      host: settings.hostaddr ?? host,
      port,
      user,
      database: place.database,
      password: passwordOf(settings, place, { env, passwordEnv, home }),
      ssl: tls.ssl,
      sslnegotiation: negotiation(settings.sslnegotiation, tls.ssl !== false),
      ...(settings.options ? { options: settings.options } : {}),
      ...(tls.ssl !== false && settings.channel_binding === "require"
        ? { enableChannelBinding: true }
        : {}),
      ...(timeout === undefined ? {} : { connectionTimeoutMillis: timeout }),
      ...(tls.isOptional ? { tlsIsOptional: true } : {}),
      ...(wants === undefined ? {} : { wants }),
    },
  };
}

function merged(url: Settings, env: Environment, home: string): Settings {
  const environment = fromEnvironment(env);
  const service = url.service ?? environment.service;
  const file = url.servicefile ?? environment.servicefile;
  const fromFile = service === undefined ? {} : fromService(service, file, env, home);
  return { ...environment, ...fromFile, ...url };
}

function passwordOf(
  settings: Settings,
  { host, ...account }: Place,
  {
    env,
    passwordEnv,
    home,
  }: Required<Pick<Sources, "env" | "home">> & Pick<Sources, "passwordEnv">,
): NonNullable<pg.ClientConfig["password"]> {
  if (passwordEnv !== undefined) {
    const password = env[passwordEnv];
    if (password) return password;
    throw new UsageError(
      `The environment variable ${passwordEnv} is not set.`,
      "passwordEnv names the variable that holds the password.",
    );
  }
  if (settings.password) return settings.password;
  const usual =
    process.platform === "win32"
      ? join(env.APPDATA ?? home, "postgresql", "pgpass.conf")
      : join(home, ".pgpass");
  const named = isSocket(host) ? "localhost" : host;
  return passwordFor({ host: named, ...account }, settings.passfile ?? usual);
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 5432;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new UsageError("The port is no number from 1 to 65535.", "PostgreSQL's own is 5432.");
}

/** libpq's is a socket whose directory was chosen when it was built; without one, TCP. */
function defaultHost(port: number): string {
  const directories = ["/var/run/postgresql", "/tmp"];
  return directories.find((path) => existsSync(`${path}/.s.PGSQL.${port}`)) ?? "localhost";
}

function osUser(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw new UsageError(
      "The connection names no user, and this process's own has no name.",
      "Write it into the URL, or set PGUSER.",
      { cause },
    );
  }
}

/** Milliseconds. As in libpq 0 means without end: then the session's own limit holds. */
function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) {
    throw new UsageError("connect_timeout is no number of seconds.", "connect_timeout=5");
  }
  return Number(text) > 0 ? Math.min(Number(text), 30) * 1000 : undefined;
}

const attributes: Readonly<Record<string, "primary" | "standby" | "either">> = {
  any: "either",
  "prefer-standby": "either", // with one host there is nothing to prefer
  primary: "primary",
  "read-write": "primary",
  standby: "standby",
  "read-only": "standby",
};

function wantsOf(text: string | undefined): "primary" | "standby" | undefined {
  const wants = attributes[text ?? "any"];
  if (wants === undefined) {
    throw new UsageError(
      `There is no target_session_attrs ${text}.`,
      `It is one of ${Object.keys(attributes).join(", ")}.`,
    );
  }
  return wants === "either" ? undefined : wants;
}

function negotiation(text: string | undefined, hasTls: boolean): "postgres" | "direct" {
  if (text === undefined || text === "postgres") return "postgres";
  if (text === "direct" && hasTls) return "direct";
  throw new UsageError(
    text === "direct" ? "sslnegotiation=direct needs TLS." : `There is no sslnegotiation ${text}.`,
    "sslnegotiation=direct&sslmode=verify-full, or leave it out.",
  );
}

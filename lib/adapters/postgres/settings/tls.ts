import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ConnectionOptions,
  createSecureContext,
  getCACertificates,
  type SecureContext,
} from "node:tls";
import { UsageError } from "../../../core/errors.ts";
import type { Settings } from "./keywords.ts";
import { isLocal, isSocket } from "./place.ts";
import { rdsRoots } from "./rds-roots.ts";

export interface Tls {
  /** As node-postgres takes it. */
  readonly ssl: false | ConnectionOptions;
  /** Go on without, where the server offers none (sslmode=prefer and allow). */
  readonly isOptional: boolean;
}

/**
 * Which TLS a connection has. Without a word about it: verified in full, except where nobody
 * listens in (a socket, loopback), which has none. With `sslmode`, as libpq
 * (https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION):
 * - disable: none
 * - allow, prefer: encrypted if the server offers it, unverified (allow tries TLS first here)
 * - require: encrypted; verified as verify-ca if there is a root certificate
 * - verify-ca: its root is trusted · verify-full: and the certificate names this host
 *
 * `no-verify` is node-postgres' word for require. `channel_binding=require` without a root, as
 * Neon's URLs have it, means that nobody may stand in between: the driver cannot promise to bind,
 * so that the certificate is verified in full instead.
 */
export function tlsOf(settings: Settings, host: string, home: string): Tls {
  const mode = modeOf(settings, host);
  if (mode === "disable" || isSocket(host)) return { ssl: false, isOptional: false };
  const isOptional = mode === "prefer" || mode === "allow";
  const roots = rootsOf(settings, host, home, mode);
  const verifies = !isOptional && (mode !== "require" || roots !== undefined);
  const checksName = mode === "verify-full";
  const own = {
    ...clientCertificate(settings, home),
    ...(settings.sslcrl ? { crl: fileOf(settings.sslcrl, "sslcrl") } : {}),
    ...minVersion(settings.ssl_min_protocol_version),
  };
  const isUsual = verifies && roots === undefined && Object.keys(own).length === 0;
  return {
    isOptional,
    ssl: {
      ...(verifies ? authorities(roots, host) : { rejectUnauthorized: false }),
      ...(checksName ? {} : { checkServerIdentity: () => undefined }),
      // Only for an address: a name is sent by the driver.
      ...(settings.hostaddr ? { servername: host } : {}),
      // Node's own least version is 1.2 too.
      ...own,
      ...(isUsual ? usualContext(host) : {}),
    },
  };
}

const contexts = new WeakMap<readonly string[], SecureContext>();

/**
 * Node's and Amazon's roots, parsed once a region: it takes 20 ms of a processor and megabytes, at
 * every connection where each brings its own. They stay what they are as long as the process does.
 */
function usualContext(host: string): { readonly secureContext?: SecureContext } {
  const amazons = rdsRoots(host);
  if (amazons.length === 0) return {};
  const secureContext = contexts.get(amazons) ?? createSecureContext({ ca: publicRoots(host) });
  contexts.set(amazons, secureContext);
  return { secureContext };
}

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
type Mode = (typeof modes)[number];
const isMode = (text: string): text is Mode => modes.some((mode) => mode === text);

function modeOf({ sslmode, sslrootcert, channel_binding }: Settings, host: string): Mode {
  if (sslmode === undefined) {
    return isLocal(host) && sslrootcert === undefined ? "disable" : "verify-full";
  }
  const mode = sslmode === "no-verify" ? "require" : sslmode;
  if (!isMode(mode)) {
    throw new UsageError(`There is no sslmode ${sslmode}.`, `It is one of ${modes.join(", ")}.`);
  }
  if (sslrootcert === "system" && mode !== "verify-full") {
    throw new UsageError(
      `sslrootcert=system needs sslmode=verify-full, not ${mode}.`,
      "A public authority gives anybody a certificate: only the name tells a server from another.",
    );
  }
  return mode === "require" && channel_binding === "require" ? "verify-full" : mode;
}

/** Those that somebody chose; undefined where nobody did. */
function rootsOf({ sslrootcert }: Settings, host: string, home: string, mode: Mode) {
  if (sslrootcert === "system") return [...getCACertificates("system"), ...publicRoots(host)];
  if (sslrootcert !== undefined) return [fileOf(sslrootcert, "sslrootcert")];
  const usual = join(home, ".postgresql", "root.crt");
  if (existsSync(usual)) return [fileOf(usual, "sslrootcert"), ...rdsRoots(host)];
  if (mode !== "verify-ca" || rdsRoots(host).length > 0) return undefined;
  throw new UsageError(
    "sslmode=verify-ca needs a root certificate: sslrootcert=FILE.",
    "A public authority gives anybody a certificate. Without a root of your own, verify-full.",
  );
}

/** Left out where Node's own do, as it keeps those ready: to parse them takes 20 ms. */
function authorities(chosen: readonly string[] | undefined, host: string): ConnectionOptions {
  if (chosen !== undefined) return { ca: [...chosen] };
  return rdsRoots(host).length > 0 ? { ca: publicRoots(host) } : {};
}

/** Node's, with NODE_EXTRA_CA_CERTS, and Amazon's for its own endpoints. */
const publicRoots = (host: string) => [...getCACertificates("default"), ...rdsRoots(host)];

function clientCertificate({ sslcert, sslkey, sslpassword }: Settings, home: string) {
  const cert = sslcert ?? join(home, ".postgresql", "postgresql.crt");
  const key = sslkey ?? join(home, ".postgresql", "postgresql.key");
  if (sslcert === undefined && !(existsSync(cert) && existsSync(key))) return {};
  return {
    cert: fileOf(cert, "sslcert"),
    key: fileOf(key, "sslkey"),
    ...(sslpassword === undefined ? {} : { passphrase: sslpassword }),
  };
}

function fileOf(path: string, keyword: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new UsageError(
      `The file of ${keyword} cannot be read: ${path} (${Object(cause).code}).`,
      "Is the path right, from where pgvigil runs, and may this user read it?",
      { cause },
    );
  }
}

function minVersion(version: string | undefined): ConnectionOptions {
  if (version === undefined || version === "") return {};
  if (version === "TLSv1.2" || version === "TLSv1.3") return { minVersion: version };
  throw new UsageError(
    `ssl_min_protocol_version=${version} is not supported.`,
    "TLSv1.2, which is the default, or TLSv1.3.",
  );
}

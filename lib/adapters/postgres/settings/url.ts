import { UsageError } from "../../../core/errors.ts";
import { isKeyword, type Keyword, refused, type Settings } from "./keywords.ts";

/**
 * `postgres://user:password@host:port/database?keyword=value`, as libpq reads it
 * (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS). WHATWG's URL
 * knows neither sockets nor several hosts, and pg-connection-string reads files, warns on stderr
 * and takes `sslmode=require` for `verify-full`, so that neither is used.
 *
 * No message repeats a part of the URL that may hold a piece of a password: an unencoded `/` or
 * `@` in one moves it to where the host or the port should be.
 *
 * @throws UsageError
 */
export function parseUrl(url: string): Settings {
  const { authority, path, query } = pieces(url);
  const at = authority.lastIndexOf("@");
  const [user, password] = splitOnce(at < 0 ? "" : authority.slice(0, at), ":");
  return {
    ...nonEmpty({
      user: decode(user, "user"),
      password: decode(password, "password"),
      ...hostAndPort(authority.slice(at + 1)),
      dbname: decode(path, "database"),
    }),
    ...parseQuery(query),
  };
}

/** The same address, fit to be shown: the password is out, and words that are not libpq's. */
export function withoutPassword(url: string): string {
  const { authority, path, query } = pieces(url);
  const at = authority.lastIndexOf("@");
  const [user] = splitOnce(at < 0 ? "" : authority.slice(0, at), ":");
  const shown = query.split("&").filter((pair) => {
    const name = decode(splitOnce(pair, "=")[0], "parameters");
    return name === "ssl" || (isKeyword(name) && !/password$/.test(name));
  });
  const place = `postgres://${user === "" ? "" : `${user}@`}${authority.slice(at + 1)}/${path}`;
  return shown.length === 0 ? place : `${place}?${shown.join("&")}`;
}

const form = "Write it as postgres://user:password@host:5432/database?sslmode=verify-full";

function pieces(url: string): { authority: string; path: string; query: string } {
  const [, authority, path = "", query = ""] =
    /^postgres(?:ql)?:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(url.trim()) ?? [];
  if (authority !== undefined) return { authority, path, query };
  const [, scheme] = /^([a-z][a-z0-9+.:-]*):\/\//i.exec(url) ?? [];
  throw new UsageError(
    scheme === undefined
      ? "This is no connection URL."
      : `A URL that begins with ${scheme}:// is not one of PostgreSQL's.`,
    form,
  );
}

function hostAndPort(text: string): { host: string; port: string } {
  if (text.includes(",")) throw severalHosts();
  const [, bracketed, plain = "", port = ""] =
    /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/s.exec(text) ?? [];
  const looksRight = /^\d*$/.test(port) && /^(\[.*\])?[^[\]:]*(:\d*)?$/s.test(text);
  if (!looksRight) {
    throw new UsageError(
      "The URL's host and port cannot be told apart.",
      "A password's / ? # : @ and % must be percent-encoded (%2F %3F %23 %3A %40 %25), " +
        "and an IPv6 address stands in [brackets].",
    );
  }
  return { host: decode(bracketed ?? plain, "host"), port };
}

export const severalHosts = () =>
  new UsageError(
    "The connection names several hosts.",
    "A target is one server, so that a report says which. Give each host a target of its own.",
  );

function parseQuery(query: string): Settings {
  const settings: Partial<Record<Keyword, string>> = {};
  for (const pair of query.split("&").filter(Boolean)) {
    const [rawName, rawValue] = splitOnce(pair, "=");
    const name = decode(rawName, "parameters");
    const value = decode(rawValue, `parameter ${name}`);
    if (refused[name] !== undefined) {
      throw new UsageError(`The parameter ${name} is not supported.`, refused[name]);
    }
    if (name === "ssl") settings.sslmode = modeOf(value);
    else if (isKeyword(name)) settings[name] = value;
    else if (looksMisspelt(name)) {
      throw new UsageError(
        `There is no connection parameter ${name}.`,
        "TLS is set by sslmode, sslrootcert, sslcert, sslkey, sslpassword and sslcrl.",
      );
    }
  }
  return settings;
}

/**
 * An application's URL carries words for its own driver (Prisma's `schema`, `pgbouncer`,
 * `connection_limit`): they are none of our business. A word about TLS that we did not
 * understand is.
 */
const looksMisspelt = (name: string): boolean =>
  name.startsWith("ssl") &&
  !["sslaccept", "sslidentity", "sslsni", "sslcompression"].includes(name);

/** JDBC, node-postgres, postgres.js and Heroku say `ssl=…`; true means verified in all of them. */
const modeOf = (ssl: string): string =>
  ({ true: "verify-full", "1": "verify-full", false: "disable", "0": "disable" })[ssl] ?? ssl;

function decode(text: string, part: string): string {
  if (/%(?![0-9a-f]{2})/i.test(text)) {
    throw new UsageError(
      `The URL's ${part} has a % that encodes nothing.`,
      "A % that stands for itself is written %25.",
    );
  }
  try {
    return refuseZero(decodeURIComponent(text), part);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `The URL's ${part} is not UTF-8 once its % are decoded.`,
      "Encode it with encodeURIComponent(), or Python's urllib.parse.quote(…, safe='').",
    );
  }
}

function refuseZero(text: string, part: string): string {
  if (!text.includes("\0")) return text;
  throw new UsageError(`The URL's ${part} has a zero byte.`, "PostgreSQL allows none.");
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + separator.length)];
}

const nonEmpty = (settings: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ""));

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientConfigOf } from "../../../lib/adapters/postgres/config.ts";
import { sayPlace, sayServer } from "../../../lib/adapters/postgres/settings/place.ts";
import { UsageError } from "../../../lib/core/errors.ts";

const home = mkdtempSync(join(tmpdir(), "home-"));
const of = (url: string | undefined, env: Record<string, string> = {}) =>
  clientConfigOf({ url, env, home });
const me = userInfo().username;

/** What a person reads: message and hint. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return `${error.message} ${error.hint}`;
    throw error;
  }
  throw new Error("accepted");
}

describe("where a URL leads", () => {
  test.each([
    ["postgres://h/d", { host: "h", port: 5432, database: "d", user: me }],
    ["postgresql://u@h:6432/d", { host: "h", port: 6432, database: "d", user: "u" }],
    ["postgres://u:p@[::1]:99/d", { host: "::1", port: 99, database: "d", user: "u" }],
    ["postgres://[fe80::1%25eth0]/d", { host: "fe80::1%eth0", port: 5432 }],
    ["postgres://u@%2Frun%2Fpg:5433/d", { host: "/run/pg", port: 5433, database: "d" }],
    ["postgres:///d?host=/run/pg&port=5433&user=u", { host: "/run/pg", port: 5433, user: "u" }],
    ["postgres://u%40corp:p@h/a%2Fb%20c", { user: "u@corp", database: "a/b c" }],
    ["postgres://u:p@ss@h/d", { host: "h", user: "u" }],
    ["postgres://u@h", { database: "u" }],
    ["postgres://h?dbname=d&user=u", { host: "h", database: "d", user: "u" }],
    ["postgres://u@h/d?host=other&port=1", { host: "other", port: 1 }],
    ["postgres://ü@höst/größe", { user: "ü", host: "höst", database: "größe" }],
    ["postgres://u@h/d?schema=public&pgbouncer=true&connection_limit=5", { database: "d" }],
  ])("%s", (url, place) => {
    expect(of(url).place).toMatchObject(place);
  });

  test("its host and port make the key of a server", () => {
    expect(of("postgres://u@h:6432/one").serverKey).toBe("h:6432");
    expect(of("postgres://v@h:6432/two").serverKey).toBe("h:6432");
  });

  test("an address beside the name is where to connect, and the name is what is verified", () => {
    const { client, place } = of("postgres://u@db.example.com/d?hostaddr=10.0.0.7");
    expect(client).toMatchObject({ host: "10.0.0.7", ssl: { servername: "db.example.com" } });
    expect(place.host).toBe("db.example.com");
  });
});

describe("who says what", () => {
  const env = {
    ...{ PGHOST: "env-host", PGPORT: "1111", PGUSER: "env-user", PGDATABASE: "env-db" },
    ...{ PGPASSWORD: "env-password", PGCONNECT_TIMEOUT: "7" },
  };

  test("without a URL the environment speaks, as for libpq", () => {
    const { place, client } = of(undefined, env);
    expect(place).toEqual({ host: "env-host", port: 1111, database: "env-db", user: "env-user" });
    expect(client).toMatchObject({ password: "env-password", connectionTimeoutMillis: 7000 });
  });

  test("what the URL says wins, and what it leaves out is still filled in", () => {
    const { place, client } = of("postgres://u@h", env);
    expect(place).toEqual({ host: "h", port: 1111, database: "env-db", user: "u" });
    expect(client.password).toBe("env-password");
  });

  test("a service file stands between them", () => {
    const folder = mkdtempSync(join(tmpdir(), "service-"));
    const file = join(folder, "services");
    writeFileSync(
      file,
      "# ours\n[other]\nhost=wrong\n\n[orders]\nhost = svc-host\nport=2222\ndbname=svc-db\nsslmode=disable\n\n[last]\nhost=wrong\n",
    );
    const { place } = of("postgres://u@/?service=orders", { ...env, PGSERVICEFILE: file });
    expect(place).toEqual({ host: "svc-host", port: 2222, database: "svc-db", user: "u" });
    expect(of(undefined, { PGSERVICE: "orders", PGSERVICEFILE: file }).client.ssl).toBe(false);
    expect(refusal(() => of("postgres:///?service=nope", { PGSERVICEFILE: file }))).toContain(
      `No service file defines the service nope. Looked in ${file}`,
    );
  });

  test("the system's service file is asked where the user's own does not know", () => {
    const folder = mkdtempSync(join(tmpdir(), "sysconf-"));
    writeFileSync(join(folder, "pg_service.conf"), "[orders]\r\nhost=sys-host\r\n");
    const { place } = of("postgres:///d?service=orders", { PGSYSCONFDIR: folder });
    expect(place.host).toBe("sys-host");
  });

  test("passwordEnv wins, and is an error where it is not set", () => {
    const config = { url: "postgres://u:in-url@h/d", env: { MINE: "s3cret" }, home };
    expect(clientConfigOf({ ...config, passwordEnv: "MINE" }).client.password).toBe("s3cret");
    expect(refusal(() => clientConfigOf({ ...config, passwordEnv: "THEIRS" }))).toContain(
      "THEIRS is not set",
    );
  });

  test("nothing at all leads to this machine, as this user", () => {
    const { place } = of(undefined);
    expect(["localhost", "/var/run/postgresql", "/tmp"]).toContain(place.host);
    expect(place).toMatchObject({ port: 5432, user: me, database: me });
  });
});

describe("nonsense is refused, with what to write instead", () => {
  test.each([
    ["mysql://h/d", "begins with mysql://"],
    ["postgresql+asyncpg://h/d", "begins with postgresql+asyncpg://"],
    ["orders.example.com", "no connection URL"],
    ["", "no connection URL"],
    ["postgres://a:1,b:2/d", "several hosts"],
    ["postgres:///d?host=a,b", "several hosts"],
    ["postgres://h:0/d", "no number from 1 to 65535"],
    ["postgres://h:70000/d", "no number from 1 to 65535"],
    ["postgres://::1/d", "in [brackets]"],
    ["postgres://h/d?sslmode=verify_full", "There is no sslmode verify_full"],
    ["postgres://h/d?sslmod=require", "no connection parameter sslmod"],
    ["postgres://h/d?sslrootcert=/nowhere/root.crt", "/nowhere/root.crt (ENOENT)"],
    ["postgres://h/d?sslmode=verify-ca", "needs a root certificate"],
    ["postgres://h/d?sslmode=require&sslrootcert=system", "needs sslmode=verify-full"],
    ["postgres://h/d?connect_timeout=soon", "no number of seconds"],
    ["postgres://h/d?target_session_attrs=master", "no target_session_attrs master"],
    ["postgres://h/d?replication=database", "replication is not supported"],
    ["postgres://h/d?require_auth=scram-sha-256", "require_auth is not supported"],
    ["postgres://h/d?sslnegotiation=direct&sslmode=disable", "needs TLS"],
    ["postgres://u%00@h/d", "zero byte"],
    ["postgres://u%ff@h/d", "not UTF-8"],
  ])("%s", (url, words) => {
    expect(refusal(() => of(url))).toContain(words);
  });
});

test("no message repeats a password, also of one that was not encoded", () => {
  const passwords = [
    "s3cret/12",
    "s3cret?x",
    "12:s3cret",
    "s3%cret",
    "s3cret%ff",
    "s3:cret@[x",
    "a,s3cret",
  ];
  for (const password of passwords) {
    for (const url of [`postgres://u:${password}@h/d`, `postgres://u:${password}@h:x/d`]) {
      let said = "";
      try {
        const { place } = of(url);
        said = `${sayPlace(place)} ${sayServer(place)}`;
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        said = `${error.message} ${error.hint}`;
      }
      expect(said).not.toMatch(/s3|cret/);
    }
  }
});

test("a place for people has neither password nor parameters", () => {
  const { place } = of("postgres://u%40x:pw@[::1]:99/a%20b?sslmode=require");
  expect(sayPlace(place)).toBe("postgres://u%40x@[::1]:99/a%20b");
  expect(sayPlace(of("postgres://u@%2Frun%2Fpg/d").place)).toBe("postgres://u@%2Frun%2Fpg:5432/d");
  expect(sayServer(of("postgres://u@%2Frun%2Fpg/d").place)).toBe("/run/pg/.s.PGSQL.5432");
});

test("what the driver would take from the process's own environment is always said", () => {
  const { client } = of("postgres://h/d");
  for (const key of ["host", "port", "user", "database", "password", "ssl", "sslnegotiation"]) {
    expect(client).toHaveProperty(key);
    expect(Object(client)[key]).toBeDefined();
  }
});

const word = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("\0"));

test("any user, password and database survive the URL", () => {
  fc.assert(
    fc.property(word, word, word, (user, password, database) => {
      const [u, p, d] = [user, password, database].map(encodeURIComponent);
      const { place, client } = of(`postgres://${u}:${p}@h/${d}`);
      expect({ ...place, password: client.password }).toMatchObject({ user, password, database });
    }),
  );
});

test("whatever stands in place of a URL, the answer is a connection or a refusal in words", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (rest) => {
      for (const url of [rest, `postgres://${rest}`, `postgres://u:p@h/d?${rest}`]) {
        try {
          of(url);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }
    }),
  );
});

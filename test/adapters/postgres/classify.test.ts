import { describe, expect, test } from "vitest";
import { classify } from "../../../lib/adapters/postgres/classify.ts";
import type { ErrorClass } from "../../../lib/core/errors.ts";

const place = { host: "db.example.com", port: 5432, database: "orders", user: "vigil" };

/** As the driver hands on what a server says. */
const fromServer = (code: string, message: string, routine = "") =>
  Object.assign(new Error(message), { code, routine, severity: "FATAL" });
const fromNode = (code: string, message = `connect ${code} 10.0.0.1:5432`) =>
  Object.assign(new Error(message), { code });

const connecting = (error: unknown, more = {}) => classify(error, { place, ...more });
const reading = (error: unknown, more = {}) => classify(error, { place, read: "locks", ...more });

type Case = readonly [error: Error, is: ErrorClass, hint: string | RegExp];

describe("while connecting", () => {
  const cases: readonly Case[] = [
    [fromNode("ENOTFOUND"), "unreachable", "spelt right"],
    [fromNode("EAI_AGAIN"), "unreachable", "DNS"],
    [fromNode("ECONNREFUSED"), "unreachable", "nobody listens there"],
    [fromNode("ETIMEDOUT"), "unreachable", "security group"],
    [fromNode("EHOSTUNREACH"), "unreachable", "Routing"],
    [fromNode("ENOENT"), "unreachable", "unix_socket_directories"],
    [fromNode("EACCES"), "unreachable", "permissions"],
    [fromNode("ECONNRESET"), "unreachable", "load balancer"],
    [new Error("Connection terminated unexpectedly"), "unreachable", "load balancer"],
    [new Error("timeout expired"), "unreachable", "firewall"],
    [fromServer("57P03", "the database system is starting up"), "unreachable", "by itself"],
    [fromServer("57P03", "the database system is shutting down"), "unreachable", "stops"],
    [
      fromServer("57P03", "the database system is not accepting connections"),
      "unreachable",
      "hot_standby",
    ],
    [fromServer("55000", 'cannot connect to invalid database "orders"'), "unreachable", "-2"],
    [fromNode("DEPTH_ZERO_SELF_SIGNED_CERT"), "tls", "sslrootcert=FILE"],
    [fromNode("SELF_SIGNED_CERT_IN_CHAIN"), "tls", "sslrootcert=FILE"],
    [fromNode("ERR_TLS_CERT_ALTNAME_INVALID"), "tls", "verify-ca"],
    [fromNode("CERT_HAS_EXPIRED"), "tls", "Renew"],
    [fromNode("CERT_NOT_YET_VALID"), "tls", "clock"],
    [fromNode("ERR_SSL_UNSUPPORTED_PROTOCOL"), "tls", "common version"],
    [new Error("The server does not support SSL connections"), "tls", "ssl = on"],
    [
      new Error("There was an error establishing an SSL connection"),
      "unexpected-answer",
      "web server",
    ],
    [
      fromServer("28000", 'no pg_hba.conf entry for host "::1", user "vigil", no encryption'),
      "tls",
      "only with TLS",
    ],
    [fromServer("28000", "connection requires a valid client certificate"), "tls", "sslcert"],
    [
      fromServer("28P01", 'password authentication failed for user "vigil"'),
      "authentication",
      "rotated",
    ],
    [
      fromServer("28P01", 'PAM authentication failed for user "vigil"'),
      "authentication",
      "rds_iam",
    ],
    [
      fromServer("28000", 'no pg_hba.conf entry for host "::1", SSL encryption'),
      "authentication",
      "hostssl orders vigil",
    ],
    [fromServer("28000", 'role "vigil" is not permitted to log in'), "authentication", "LOGIN;"],
    [fromServer("28000", 'role "vigil" does not exist'), "authentication", "CREATE ROLE"],
    [fromServer("3D000", 'database "orders" does not exist'), "authentication", "'orders'"],
    [
      new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"),
      "authentication",
      "PGPASSWORD",
    ],
    [
      new Error("SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature does not match"),
      "authentication",
      "Who answers",
    ],
    [
      fromServer("42501", 'permission denied for database "orders"', "CheckMyDatabase"),
      "privilege",
      'GRANT CONNECT ON DATABASE "orders" TO "vigil";',
    ],
    [fromServer("53300", "sorry, too many clients already"), "too-many-connections", "superuser"],
    [
      fromServer(
        "53300",
        "remaining connection slots are reserved for roles with the SUPERUSER attribute",
      ),
      "too-many-connections",
      "superuser",
    ],
    [
      fromServer("53300", 'too many connections for role "vigil"', "InitializeSessionUserId"),
      "too-many-connections",
      'ALTER ROLE "vigil" CONNECTION LIMIT',
    ],
    [
      fromServer("53300", "zu viele Verbindungen für Datenbank »orders«", "CheckMyDatabase"),
      "too-many-connections",
      "datconnlimit",
    ],
    [fromServer("42883", "unknown function: pg_control_system()"), "unexpected-answer", "13 to 18"],
    [new Error("received invalid response: 4a"), "unexpected-answer", "13 to 18"],
  ];
  test.each(cases)("%s is %s", (error, is, hint) => {
    const { errorClass, hint: said, message } = connecting(error);
    expect({ errorClass, said }).toEqual({ errorClass: is, said: expect.stringMatching(hint) });
    expect(message).not.toBe("");
  });
});

describe("from a pooler", () => {
  const cases: readonly (readonly [string, string, ErrorClass, string])[] = [
    ["08P01", "no such user: vigil", "authentication", "auth_file"],
    ["08P01", "SASL authentication failed", "authentication", "auth_file"],
    ["08P01", "no such database: orders", "authentication", "[databases]"],
    ["08P01", "query_wait_timeout", "too-many-connections", "SHOW POOLS"],
    [
      "08P01",
      "no more connections allowed (max_client_conn)",
      "too-many-connections",
      "max_client_conn",
    ],
    [
      "08P01",
      "client connections exceeded (max_user_client_connections)",
      "too-many-connections",
      "max_user",
    ],
    [
      "08P01",
      "server login has been failing, try again later (server_login_retry)",
      "unreachable",
      "behind it",
    ],
    [
      "08P01",
      "server login has been failing, cached error: connect failed (server_login_retry)",
      "unreachable",
      "behind it",
    ],
    [
      "08P01",
      "server login has been failing, cached error: FATAL: sorry, too many clients already (server_login_retry)",
      "too-many-connections",
      "full",
    ],
    ["08P01", "pgbouncer cannot connect to server", "unreachable", "behind it"],
    ["08P01", "client_login_timeout", "unreachable", "SHOW POOLS"],
    ["08P01", 'database "orders" is disabled', "unreachable", "RESUME"],
    ["08P01", "unsupported startup parameter: options", "other", "ignore_startup_parameters"],
    ["08P01", "SSL required", "tls", "verify-full"],
    ["XX000", "Tenant or user not found", "authentication", "user.project"],
    [
      "XX000",
      "MaxClientsInSessionMode: max clients reached",
      "too-many-connections",
      "max_client_conn",
    ],
  ];
  test.each(cases)("%s %s is %s", (code, message, is, words) => {
    const error = connecting(fromServer(code, message));
    expect(error.errorClass).toBe(is);
    expect(`${error.message} ${error.hint}`).toContain(words);
  });

  test("a full pool is not taken for a server where nobody can connect", () => {
    const { message } = connecting(fromServer("08P01", "query_wait_timeout"));
    expect(message).toMatch(/for database /);
  });
});

describe("while reading", () => {
  const cases: readonly Case[] = [
    [fromServer("42501", "permission denied for table orders"), "privilege", "GRANT"],
    [fromServer("55P03", "canceling statement due to lock timeout"), "lock", "steps aside"],
    [fromServer("57014", "canceling statement due to statement timeout"), "timeout", "slow"],
    [fromServer("57014", "canceling statement due to user request"), "other", "application_name"],
    [
      fromServer("40001", "canceling statement due to conflict with recovery"),
      "conflict",
      "standby",
    ],
    [
      fromServer("40P01", "canceling statement due to conflict with recovery"),
      "conflict",
      "standby",
    ],
    [
      fromServer("XX000", "cache lookup failed for relation 16385"),
      "changed-underneath",
      "dropped",
    ],
    [
      fromServer("XX000", "could not open relation with OID 16385"),
      "changed-underneath",
      "dropped",
    ],
    [fromServer("42P01", 'relation "orders" does not exist'), "changed-underneath", "dropped"],
    [fromServer("42703", "column x does not exist"), "changed-underneath", "dropped"],
    [
      fromServer("57P01", "terminating connection due to administrator command"),
      "going-away",
      "restarted",
    ],
    [fromServer("57P02", "terminating connection because of crash"), "going-away", "crashed"],
    [fromServer("57P04", 'database "orders" has been dropped'), "going-away", "configuration"],
    [
      fromServer("57P05", "terminating connection due to idle-session timeout"),
      "going-away",
      "idle",
    ],
    [fromNode("ECONNRESET", "read ECONNRESET"), "going-away", "Run again"],
    [fromNode("EPIPE", "write EPIPE"), "going-away", "Run again"],
    [fromNode("ETIMEDOUT", "read ETIMEDOUT"), "going-away", "Run again"],
    [new Error("Connection terminated unexpectedly"), "going-away", "Run again"],
    [
      new Error("Client has encountered a connection error and is not queryable"),
      "going-away",
      "Run",
    ],
    [
      fromServer("25006", "cannot execute nextval() in a read-only transaction"),
      "unexpected-answer",
      "report",
    ],
    [fromServer("42601", "syntax error"), "unexpected-answer", "13 to 18"],
    [fromServer("XX001", "invalid page in block 0 of relation base/1/2"), "other", "Corruption"],
    [fromServer("53100", "could not extend file"), "other", "pg_wal"],
    [fromServer("99999", "never heard of"), "other", "log"],
  ];
  test.each(cases)("%s is %s", (error, is, hint) => {
    const { errorClass, message, hint: said } = reading(error);
    expect({ errorClass, said }).toEqual({ errorClass: is, said: expect.stringMatching(hint) });
    expect(message).toMatch(/^locks: ./);
  });

  test("a timeout is told from a cancellation in any language, by how long it ran", () => {
    const error = fromServer("57014", "storniere Anfrage wegen Zeitüberschreitung der Anfrage");
    expect(reading(error, { ranOut: true }).errorClass).toBe("timeout");
    expect(reading(error, { ranOut: false }).errorClass).toBe("other");
  });

  test("the server's words about data stay with the server", () => {
    const error = reading(
      fromServer("22P02", 'invalid input syntax for type integer: "4111-1111"'),
    );
    expect(error.message).not.toContain("4111");
    expect(error.sqlstate).toBe("22P02");
  });
});

test("Node's error for several addresses has no words of its own, ours has", () => {
  const error = Object.assign(
    new AggregateError([
      fromNode("ECONNREFUSED", "connect ECONNREFUSED ::1:5432"),
      fromNode("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:5432"),
    ]),
    { code: "ECONNREFUSED" },
  );
  expect(connecting(error).message).toBe("db.example.com:5432 refused the connection");
  const other = new AggregateError([fromNode("EWEIRD", "one"), fromNode("EWEIRD", "two")]);
  expect(connecting(other).message).toBe("one; two");
});

test("a socket's code of five letters is no SQLSTATE", () => {
  expect(reading(fromNode("EPIPE")).sqlstate).toBeUndefined();
});

test("an error without words, or that is no Error, still says something", () => {
  expect(connecting(new Error("")).message).not.toBe("");
  expect(connecting(undefined).message).not.toBe("");
  expect(connecting(Object.assign(new Error(""), { code: "EODD" })).message).toBe("EODD");
});

test("RDS without a built-in root names the bundle to get", () => {
  const host = "o.c1.rds.cn-north-1.amazonaws.com.cn";
  const error = classify(fromNode("SELF_SIGNED_CERT_IN_CHAIN"), { place: { ...place, host } });
  expect(error.hint).toContain("docs.aws.amazon.com");
});

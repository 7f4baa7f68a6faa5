import { afterEach, beforeEach, expect, test } from "vitest";
import { openSession } from "../../../lib/adapters/postgres/session.ts";
import { listen } from "../../support/tcp.ts";

const limits = { connect: 300, statement: 300, lock: 100 };
const at = (port: number, more = {}) => ({
  ...{ host: "127.0.0.1", port, user: "vigil", password: "pw", database: "orders", ssl: false },
  ...more,
});
const attempt = (port: number, more = {}) => openSession(at(port, more), limits);

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
beforeEach(() => void process.on("unhandledRejection", note));
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

test("a host that accepts and never answers is given up on in time", async () => {
  await using hole = await listen(() => {});
  const began = performance.now();
  await expect(attempt(hole.port)).rejects.toMatchObject({
    errorClass: "unreachable",
    message: `127.0.0.1:${hole.port} did not answer in time`,
    hint: expect.stringContaining("security group"),
  });
  expect(performance.now() - began).toBeLessThan(1500);
});

test("so is one that never answers the request for TLS", async () => {
  await using hole = await listen(() => {});
  await expect(attempt(hole.port, { ssl: {} })).rejects.toMatchObject({
    errorClass: "unreachable",
  });
});

test("one that begins to answer and stops is told from a closed door", async () => {
  await using half = await listen((socket) => {
    socket.once("data", () => socket.write("R\0\0\0"));
  });
  await expect(attempt(half.port)).rejects.toMatchObject({
    errorClass: "unreachable",
    message: expect.stringContaining("began to answer"),
  });
});

test("a port where nobody listens", async () => {
  const closed = await listen(() => {});
  await closed[Symbol.asyncDispose]();
  await expect(attempt(closed.port)).rejects.toMatchObject({
    errorClass: "unreachable",
    message: `127.0.0.1:${closed.port} refused the connection`,
  });
});

test("a name with two addresses, nobody at either: the message is not empty", async () => {
  const closed = await listen(() => {});
  await closed[Symbol.asyncDispose]();
  await expect(attempt(closed.port, { host: "localhost" })).rejects.toMatchObject({
    errorClass: "unreachable",
    message: `localhost:${closed.port} refused the connection`,
  });
});

test("a name that nobody knows", async () => {
  await expect(attempt(5432, { host: "no-such-host.invalid" })).rejects.toMatchObject({
    errorClass: "unreachable",
    message: expect.stringMatching(/no address is known|name server did not answer/),
  });
});

test("a socket that is not there", async () => {
  await expect(attempt(5432, { host: "/nowhere" })).rejects.toMatchObject({
    errorClass: "unreachable",
    message: "there is no socket /nowhere/.s.PGSQL.5432",
  });
});

test("one that hangs up at once", async () => {
  await using rude = await listen((socket) => socket.destroy());
  await expect(attempt(rude.port)).rejects.toMatchObject({
    errorClass: "unreachable",
    message: expect.stringContaining("hung up"),
  });
});

const http = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

test.each([
  ["a web server", http, "hung up in the middle of the login"],
  [
    "MySQL",
    "J\0\0\0\n8.0.36\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "",
  ],
  ["SSH", "SSH-2.0-OpenSSH_9.2\r\n", ""],
])("%s is not PostgreSQL", async (_, greeting, words) => {
  await using other = await listen((socket) => {
    socket.once("data", () => socket.end(greeting));
  });
  const error = await attempt(other.port).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    errorClass: expect.stringMatching(/^(unreachable|unexpected-answer)$/),
    message: expect.stringContaining(words),
    hint: expect.stringContaining("PostgreSQL"),
  });
});

test("a web server that is asked for TLS", async () => {
  await using web = await listen((socket) => {
    socket.once("data", () => socket.end(http));
  });
  await expect(attempt(web.port, { ssl: {} })).rejects.toMatchObject({
    errorClass: "unexpected-answer",
    hint: expect.stringContaining("web server"),
  });
});

test("an interruption ends an attempt at once, also one that came before it", async () => {
  await using hole = await listen(() => {});
  const slow = { ...limits, connect: 30_000 };
  const early = AbortSignal.abort();
  await expect(openSession(at(hole.port), slow, early)).rejects.toThrow("interrupted");
  const later = new AbortController();
  const waiting = openSession(at(hole.port), slow, later.signal);
  setTimeout(() => later.abort(), 30);
  await expect(waiting).rejects.toThrow("interrupted");
});

/** ErrorResponse, as a server or a pooler sends it (protocol-error-fields). */
function refusal(code: string, message: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

test.each([
  ["57P03", "the database system is starting up", "unreachable"],
  ["57P03", "the database system is not yet accepting connections", "unreachable"],
  ["53300", "sorry, too many clients already", "too-many-connections"],
  ["08P01", "no more connections allowed (max_client_conn)", "too-many-connections"],
  ["08P01", "query_wait_timeout", "too-many-connections"],
  ["08P01", "server login has been failing, try again later (server_login_retry)", "unreachable"],
  ["08P01", "no such user: vigil", "authentication"],
  ["08P01", "unsupported startup parameter: options", "other"],
  ["XX000", "Tenant or user not found", "authentication"],
])("refused with %s %s: %s", async (code, message, is) => {
  await using pooler = await listen((socket) => {
    socket.once("data", () => socket.end(refusal(code, message)));
  });
  await expect(attempt(pooler.port)).rejects.toMatchObject({ errorClass: is, sqlstate: code });
});

test("thirty sessions may share one signal, and nobody warns of a leak", async () => {
  const warnings: unknown[] = [];
  const hear = (warning: unknown) => warnings.push(warning);
  process.on("warning", hear);
  await using rude = await listen((socket) => socket.destroy());
  const { signal } = new AbortController();
  await Promise.allSettled(
    Array.from({ length: 30 }, () => openSession(at(rude.port), limits, signal)),
  );
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off("warning", hear);
  expect(warnings).toEqual([]);
});

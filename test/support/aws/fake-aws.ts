import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { type Call, type FaultKind, Faults } from "./faults.ts";
import { FakeQueries } from "./queries.ts";
import { FakeQueues } from "./queues.ts";
import { type Answer, answer, ec2Error, jsonError, xmlError } from "./replies.ts";
import { FakeRest, restServices } from "./rest.ts";
import { FakeBuckets } from "./s3.ts";
import { FakeSecrets } from "./secrets.ts";
import { FakeTopics } from "./topics.ts";

/**
 * AWS as far as pgvigil speaks to it, over HTTP, for the real SDK clients: S3, SNS, SQS, Secrets
 * Manager, RDS, EC2, STS; CloudFormation, Lambda, Scheduler and KMS as far as a test answers for
 * them. As awkward as the original where that was ever a trap (opaque ETags, encoded keys in events,
 * 404 for If-Match on nothing), and with faults at any call.
 */
export interface FakeAws extends AsyncDisposable {
  readonly endpoint: string;
  /** What every SDK client of a test is made with. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly forcePathStyle: true;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly faults: Faults;
  /** Every call that came in, in order. */
  readonly calls: readonly Call[];
  readonly buckets: FakeBuckets;
  readonly topics: FakeTopics;
  readonly queues: FakeQueues;
  readonly secrets: FakeSecrets;
  readonly queries: FakeQueries;
  readonly rest: FakeRest;
  /** Who may do what; everybody everything, unless a test says otherwise. */
  permits: (call: Call) => boolean;
}

const region = "eu-central-1";

export async function fakeAws(): Promise<FakeAws> {
  const queues = new FakeQueues();
  const topics = new FakeTopics(queues);
  const buckets = new FakeBuckets(queues);
  const secrets = new FakeSecrets();
  const queries = new FakeQueries();
  const rest = new FakeRest();
  const faults = new Faults();
  const sockets = new Set<Socket>();

  const answerOf = (call: Call, request: Request): Answer => {
    if (call.service === "s3") return buckets.answer(call, request);
    if (call.service === "sqs") return queues.answer(call, request);
    if (call.service === "secretsmanager") return secrets.answer(call, request);
    if (call.service === "sns") return topics.answer(call, request);
    if (restServices.has(call.service)) return rest.answer(call, request);
    return queries.answer(call, request);
  };

  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming).catch(() => undefined);
    if (body === undefined) return;
    const request = requestOf(incoming, body);
    const call = faults.note(callOf(request));
    const fault = faults.due(call);
    if (fault === "reset") return void incoming.socket.destroy();
    const refusal = refusalOf(fake.permits(call) ? fault : "denied", call);
    const reply = refusal ?? answerOf(call, request);
    if (fault === "lost-reply") return void incoming.socket.destroy();
    if (fault === "torn-body") return torn(response, reply);
    if (fault === "slow-body") return slow(response, reply);
    answer(response, reply);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const endpoint = `http://127.0.0.1:${address.port}`;
  const fake: FakeAws = {
    endpoint,
    permits: () => true,
    client: {
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    },
    faults,
    calls: faults.calls,
    ...{ buckets, topics, queues, secrets, queries, rest },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return fake;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
  /** Of a query-protocol call. */
  readonly form: URLSearchParams;
}

function requestOf(incoming: IncomingMessage, raw: Buffer): Request {
  const url = new URL(incoming.url ?? "/", "http://fake");
  const header = (name: string) => incoming.headers[name]?.toString();
  const isForm = header("content-type")?.includes("x-www-form-urlencoded") ?? false;
  const isChunked = header("content-encoding")?.includes("aws-chunked") ?? false;
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    header,
    body: isChunked ? unchunked(raw) : raw,
    form: new URLSearchParams(isForm ? raw.toString() : ""),
  };
}

/** A streamed body comes in signed chunks: size in hex, the bytes, and trailers at the end. */
function unchunked(raw: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = raw.indexOf("\r\n", at);
    const size = Number.parseInt(raw.subarray(at, end).toString(), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(raw.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

function callOf({ method, path, query, header, form }: Request): Omit<Call, "nth"> {
  const [, who = "", scope] =
    /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(header("authorization") ?? "") ?? [];
  const target = header("x-amz-target");
  if (target !== undefined) {
    const operation = target.slice(target.indexOf(".") + 1);
    return { who, service: scope ?? "unknown", operation, key: "" };
  }
  const action = form.get("Action");
  if (action !== null) return { who, service: scope ?? "unknown", operation: action, key: "" };
  if (scope !== undefined && restServices.has(scope)) {
    return { who, service: scope, operation: `${method} ${path}`, key: "" };
  }
  const key = decodeURIComponent(path.split("/").slice(2).join("/"));
  const operation = key === "" && method === "GET" ? "LIST" : method;
  return { who, service: "s3", operation, key: key || (query.get("prefix") ?? "") };
}

function refusalOf(fault: FaultKind | undefined, { service }: Call): Answer | undefined {
  const isJson = ["sqs", "secretsmanager", ...restServices].includes(service);
  const error = (status: number, code: string) =>
    service === "ec2"
      ? ec2Error(status, code)
      : isJson
        ? jsonError(status, code)
        : xmlError(status, code, service === "s3");
  if (fault === "slow-down") return error(503, "SlowDown");
  if (fault === "server-error") return error(500, "InternalError");
  if (fault === "throttle") return error(400, isJson ? "ThrottlingException" : "Throttling");
  if (fault === "conflict") return error(409, "ConditionalRequestConflict");
  if (fault === "denied") {
    return error(403, service === "ec2" ? "UnauthorizedOperation" : "AccessDenied");
  }
  if (fault === "expired") return error(400, "ExpiredToken");
  if (fault === "elsewhere") {
    const redirect = error(301, "PermanentRedirect");
    return { ...redirect, headers: { ...redirect.headers, "x-amz-bucket-region": "us-east-1" } };
  }
  if (fault === "no-bucket") return error(404, "NoSuchBucket");
  if (fault === "key-denied") return error(400, "KMS.DisabledException");
  return undefined;
}

/** Half of the body that was promised, and then nobody. */
function torn(response: ServerResponse, reply: Answer): void {
  const body = Buffer.from(reply.body ?? "");
  response.writeHead(reply.status, { ...reply.headers, "content-length": body.length });
  response.write(body.subarray(0, body.length >> 1), () => response.destroy());
}

function slow(response: ServerResponse, reply: Answer): void {
  const body = Buffer.from(reply.body ?? "");
  response.writeHead(reply.status, { ...reply.headers, "content-length": body.length });
  const half = body.length >> 1;
  response.write(body.subarray(0, half));
  setTimeout(() => response.end(body.subarray(half)), 50).unref();
}

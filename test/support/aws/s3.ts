import { randomUUID } from "node:crypto";
import type { Request } from "./fake-aws.ts";
import type { Call } from "./faults.ts";
import type { FakeQueues } from "./queues.ts";
import { type Answer, escapeXml, xml, xmlError } from "./replies.ts";

interface Kept {
  readonly body: Buffer;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly at: Date;
}

/** Buckets that need no creation. A listing has pages of `pageSize`. */
export class FakeBuckets {
  pageSize = 3;
  /** Buckets that tell EventBridge of their objects. */
  readonly telling = new Set<string>();
  /** JSON, by bucket. */
  readonly policies = new Map<string, string>();
  /** Modes of Object Lock, by bucket and key. */
  readonly locks = new Map<string, string>();
  readonly #objects = new Map<string, Kept>();
  readonly #told: { bucket: string; prefix: string; queue: string }[] = [];
  readonly #queues: FakeQueues;

  constructor(queues: FakeQueues) {
    this.#queues = queues;
  }

  /** Objects that appear under the prefix are told to the queue, after the test event. */
  notify(bucket: string, prefix: string, queue: string): void {
    this.#told.push({ bucket, prefix, queue });
    this.#queues.send(
      queue,
      JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: bucket }),
    );
  }

  keys(bucket: string): string[] {
    const start = `${bucket}/`;
    return [...this.#objects.keys()]
      .filter((name) => name.startsWith(start))
      .map((name) => name.slice(start.length))
      .sort();
  }

  read(bucket: string, key: string): Buffer | undefined {
    return this.#objects.get(`${bucket}/${key}`)?.body;
  }

  write(bucket: string, key: string, body: Uint8Array | string): void {
    this.#keep(bucket, key, Buffer.from(body), {});
  }

  remove(bucket: string, key: string): void {
    this.#objects.delete(`${bucket}/${key}`);
  }

  answer(call: Call, request: Request): Answer {
    const bucket = request.path.split("/")[1] ?? "";
    if (request.query.has("policy")) return this.#policy(bucket);
    if (request.query.has("notification")) return this.#notifications(bucket);
    if (call.operation === "LIST") return this.#list(bucket, request.query);
    const object = this.#objects.get(`${bucket}/${call.key}`);
    if (call.operation === "PUT") return this.#put(bucket, call.key, object, request);
    if (call.operation === "DELETE") {
      this.remove(bucket, call.key);
      return { status: 204 };
    }
    if (object === undefined) return xmlError(404, "NoSuchKey", true);
    const headers = {
      etag: object.etag,
      "last-modified": object.at.toUTCString(),
      ...Object.fromEntries(
        Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
      ),
    };
    if (call.operation === "HEAD") {
      return { status: 200, headers: { ...headers, "content-length": String(object.body.length) } };
    }
    return ranged(object.body, headers, request.header("range"));
  }

  #put(bucket: string, key: string, now: Kept | undefined, request: Request): Answer {
    const source = request.header("x-amz-copy-source");
    const ifMatch = request.header("if-match");
    if (ifMatch !== undefined && now === undefined) return xmlError(404, "NoSuchKey", true);
    if (ifMatch !== undefined && now?.etag !== ifMatch) return failed;
    if (request.header("if-none-match") === "*" && now !== undefined) return failed;
    if (source !== undefined) {
      const from = this.#objects.get(decodeURIComponent(source).replace(/^\//, ""));
      if (from === undefined) return xmlError(404, "NoSuchKey", true);
      const { etag } = this.#keep(bucket, key, from.body, from.metadata);
      return xml(`<CopyObjectResult><ETag>${escapeXml(etag)}</ETag></CopyObjectResult>`);
    }
    const { etag } = this.#keep(bucket, key, request.body, metadataOf(request));
    const mode = request.header("x-amz-object-lock-mode");
    if (mode !== undefined) this.locks.set(`${bucket}/${key}`, mode);
    return { status: 200, headers: { etag } };
  }

  #keep(bucket: string, key: string, body: Buffer, metadata: Kept["metadata"]): Kept {
    // Under KMS an ETag is no hash of the content.
    const kept = { body, metadata, etag: `"${randomUUID()}"`, at: new Date() };
    this.#objects.set(`${bucket}/${key}`, kept);
    for (const each of this.#told) {
      if (each.bucket === bucket && key.startsWith(each.prefix)) {
        this.#queues.send(each.queue, JSON.stringify(eventOf(bucket, key, kept)));
      }
    }
    return kept;
  }

  #policy(bucket: string): Answer {
    const body = this.policies.get(bucket);
    return body === undefined ? xmlError(404, "NoSuchBucketPolicy", true) : { status: 200, body };
  }

  #notifications(bucket: string): Answer {
    const queues = this.#told
      .filter((each) => each.bucket === bucket)
      .map(({ queue }) => `<QueueConfiguration><Queue>${queue}</Queue></QueueConfiguration>`);
    const bridge = this.telling.has(bucket) ? "<EventBridgeConfiguration/>" : "";
    return xml(
      `<NotificationConfiguration>${queues.join("")}${bridge}</NotificationConfiguration>`,
    );
  }

  #list(bucket: string, query: URLSearchParams): Answer {
    const prefix = query.get("prefix") ?? "";
    const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
    const found = this.keys(bucket).filter((key) => key.startsWith(prefix) && key > after);
    const page = found.slice(0, this.pageSize);
    const isCut = found.length > page.length;
    const isEncoded = query.get("encoding-type") === "url";
    const shown = (key: string) => (isEncoded ? encodeURIComponent(key) : escapeXml(key));
    const contents = page.map((key) => {
      const kept = this.#objects.get(`${bucket}/${key}`);
      return `<Contents><Key>${shown(key)}</Key><LastModified>${kept?.at.toISOString()}</LastModified><ETag>${kept?.etag.replaceAll('"', "&quot;")}</ETag><Size>${kept?.body.length}</Size></Contents>`;
    });
    const next = isCut
      ? `<NextContinuationToken>${escapeXml(page.at(-1) ?? "")}</NextContinuationToken>`
      : "";
    const encoding = isEncoded ? "<EncodingType>url</EncodingType>" : "";
    return xml(
      `<ListBucketResult><IsTruncated>${isCut}</IsTruncated>${encoding}${next}${contents.join("")}</ListBucketResult>`,
    );
  }
}

const failed = xmlError(412, "PreconditionFailed", true);

function metadataOf({ header }: Request): Record<string, string> {
  const nonce = header("x-amz-meta-nonce");
  return nonce === undefined ? {} : { nonce };
}

function ranged(body: Buffer, headers: Record<string, string>, range: string | undefined): Answer {
  const bounds = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  if (bounds === null) return { status: 200, headers, body };
  const from = Number(bounds[1]);
  const to = bounds[2] === "" ? body.length - 1 : Math.min(Number(bounds[2]), body.length - 1);
  if (from >= body.length) return xmlError(416, "InvalidRange", true);
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${from}-${to}/${body.length}` },
    body: body.subarray(from, to + 1),
  };
}

/** In events keys are form-encoded: a blank is a plus, an equals sign %3D. */
const encodedKey = (key: string): string =>
  key
    .split("/")
    .map((part) => encodeURIComponent(part).replaceAll("%20", "+"))
    .join("/");

const eventOf = (bucket: string, key: string, { etag, body, at }: Kept) => ({
  Records: [
    {
      eventVersion: "2.1",
      eventSource: "aws:s3",
      awsRegion: "eu-central-1",
      eventTime: at.toISOString(),
      eventName: "ObjectCreated:Put",
      s3: {
        s3SchemaVersion: "1.0",
        bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
        object: {
          key: encodedKey(key),
          size: body.length,
          eTag: etag.replaceAll('"', ""),
          sequencer: at.getTime().toString(16),
        },
      },
    },
  ],
});

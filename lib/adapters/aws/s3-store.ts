import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Store } from "../../core/ports.ts";
import { nameOf, statusOf } from "./errors.ts";

export interface S3Place {
  readonly bucket: string;
  /** Ends in a slash, unless it is empty. */
  readonly prefix: string;
}

/**
 * A bucket, or a part of one. Every object is written with a nonce, so that a write whose reply
 * was lost is recognised as our own when its repetition is refused.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function s3Store(
  client: S3Client,
  { bucket, prefix }: S3Place,
  lock: (key: string) => object = () => ({}),
): Store {
  const at = (key: string) => ({ Bucket: bucket, Key: prefix + key });

  const isOurs = async (key: string, nonce: string): Promise<boolean> => {
    try {
      const { Metadata } = await client.send(new HeadObjectCommand(at(key)));
      return Metadata?.nonce === nonce;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  };

  const listed = async (wanted: string): Promise<ReadonlyMap<string, string>> => {
    const tags = new Map<string, string>();
    const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix + wanted });
    for await (const { Contents } of pages) {
      for (const { Key, ETag = "" } of Contents ?? []) {
        if (Key !== undefined) tags.set(Key.slice(prefix.length), ETag);
      }
    }
    return tags;
  };

  return {
    place: `s3://${bucket}${prefix === "" ? "" : `/${prefix.replace(/\/$/, "")}`}`,
    async get(key) {
      const got = await whole(() => client.send(new GetObjectCommand(at(key))));
      return got === undefined ? undefined : { body: got.body, tag: got.tag };
    },
    async put(key, body, condition) {
      const nonce = randomUUID();
      const write = new PutObjectCommand({
        ...at(key),
        Body: body,
        Metadata: { nonce },
        ...lock(key),
        ...(condition === "absent" ? { IfNoneMatch: "*" } : {}),
        ...(typeof condition === "object" ? { IfMatch: condition.tag } : {}),
      });
      for (let attempt = 1; ; attempt += 1) {
        try {
          await client.send(write);
          return true;
        } catch (error) {
          const status = statusOf(error);
          if (condition === undefined) throw error;
          // If-Match on what is not there is answered by 404, not by 412.
          if (status === 412 || nameOf(error) === "NoSuchKey") return await isOurs(key, nonce);
          // Two writers at once: S3 wants the loser to try again, and the SDK does not.
          if (status !== 409 || attempt >= patience) throw error;
          await sleep(backoff(attempt));
        }
      }
    },
    list: async (wanted) => [...(await listed(wanted)).keys()].sort(),
    tags: listed,
  };
}

/** Attempts where S3 says that somebody else writes, or a body breaks off. */
const patience = 6;

/** Milliseconds: 20 to 40, 40 to 80, … */
const backoff = (attempt: number): number => 2 ** attempt * 10 * (1 + Math.random());

/** The SDK tries a request again, but not a body that breaks off in the middle. */
async function whole(
  ask: () => Promise<GetObjectCommandOutput>,
): Promise<{ readonly body: Uint8Array; readonly tag: string } | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const reply = await ask().catch((error: unknown) => {
      if (nameOf(error) === "NoSuchKey") return undefined;
      throw error;
    });
    if (reply?.Body === undefined) return undefined;
    try {
      return { body: await reply.Body.transformToByteArray(), tag: reply.ETag ?? "" };
    } catch (error) {
      if (attempt >= patience) throw error;
      await sleep(backoff(attempt));
    }
  }
}

import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { UsageError } from "../../core/errors.ts";
import type { Store } from "../../core/ports.ts";
import { explaining } from "./explain.ts";
import { type S3Place, s3Store } from "./s3-store.ts";
import { type AwsWorld, clientSettings } from "./settings.ts";

/** @throws UsageError for what is no `s3://bucket` or `s3://bucket/prefix` */
export function placeOf(address: string): S3Place {
  const [, bucket, rest = ""] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(address) ?? [];
  const prefix = rest.replace(/\/+$/, "");
  const isPlain = prefix === "" || prefix.split("/").every((part) => !/^\.{0,2}$/.test(part));
  if (bucket === undefined || !isPlain) {
    throw new UsageError(
      `${address} is no address of a bucket`,
      "s3://bucket, or s3://bucket/prefix: a bucket's name has 3 to 63 of a-z, 0-9, '.' and '-'.",
    );
  }
  return { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
}

/**
 * The store of a deployment, for a person: what AWS refuses comes as a sentence. Whoever writes is
 * known by the ARN that AWS has of them.
 *
 * @throws UsageError
 */
export function openS3(address: string, world: AwsWorld): Store {
  const place = placeOf(address);
  const settings = clientSettings(world, "S3");
  const client = new S3Client({
    ...settings,
    // A bucket answers where it is; an emulator has no host a bucket.
    followRegionRedirects: true,
    ...("endpoint" in settings ? { forcePathStyle: true } : {}),
  });
  const store = s3Store(client, place);
  const said = <T>(work: () => Promise<T>): Promise<T> => explaining(store.place, work);
  return {
    place: store.place,
    get: (key) => said(() => store.get(key)),
    put: (key, body, condition) => said(() => store.put(key, body, condition)),
    list: (prefix) => said(() => store.list(prefix)),
    caller: () => callerOf(world),
  };
}

/** The ARN of whose credentials these are; nothing where AWS does not say. */
export async function callerOf(world: AwsWorld): Promise<string | undefined> {
  // It is asked of any region; without one, of the oldest.
  const client = new STSClient({ region: "us-east-1", ...clientSettings(world, "STS") });
  try {
    return (await client.send(new GetCallerIdentityCommand())).Arn;
  } catch {
    return undefined;
  }
}

import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Store } from "../../core/ports.ts";
import { explaining } from "./explain.ts";
import { placeOf } from "./place.ts";
import { s3Store } from "./s3-store.ts";
import { type AwsWorld, clientSettings } from "./settings.ts";

/**
 * The store of a deployment, for a person: what AWS refuses comes as a sentence. Whoever writes is
 * known by the ARN that AWS has of them.
 *
 * @param lock what each object is written with, where the deployment locks what is evidence
 * @throws UsageError
 */
export function openS3(address: string, world: AwsWorld, lock?: (key: string) => object): Store {
  const place = placeOf(address);
  const settings = clientSettings(world, "S3");
  const client = new S3Client({
    ...settings,
    // A bucket answers where it is; an emulator has no host a bucket.
    followRegionRedirects: true,
    ...("endpoint" in settings ? { forcePathStyle: true } : {}),
  });
  const store = s3Store(client, place, lock);
  const said = <T>(work: () => Promise<T>): Promise<T> => explaining(store.place, work);
  return {
    place: store.place,
    get: (key) => said(() => store.get(key)),
    put: (key, body, condition) => said(() => store.put(key, body, condition)),
    list: (prefix) => said(() => store.list(prefix)),
    tags: (prefix) => said(async () => (await store.tags?.(prefix)) ?? new Map()),
    caller: () => callerOf(world),
  };
}

/** The ARN of whose credentials these are; nothing where AWS does not say. */
async function callerOf(world: AwsWorld): Promise<string | undefined> {
  // It is asked of any region; without one, of the oldest.
  const client = new STSClient({ region: "us-east-1", ...clientSettings(world, "STS") });
  try {
    return (await client.send(new GetCallerIdentityCommand())).Arn;
  } catch {
    return undefined;
  }
}

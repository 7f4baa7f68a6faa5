import {
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { nameOf } from "../errors.ts";
import { placeOf } from "../place.ts";
import { type AwsWorld, clientSettings } from "../settings.ts";
import { type Part, partOf } from "./part.ts";

export interface DeployedBucket {
  readonly address: string;
  /** Who is told of new runs: a queue by the bucket itself, or EventBridge. */
  readonly tells: "queue" | "EventBridge" | "nobody";
  /** JSON; empty where it has none. */
  readonly policy: string;
}

export const readBucket = (address: string, world: AwsWorld): Promise<Part<DeployedBucket>> =>
  partOf(address, async () => {
    const settings = clientSettings(world, "S3");
    const client = new S3Client({
      ...settings,
      followRegionRedirects: true,
      ...("endpoint" in settings ? { forcePathStyle: true } : {}),
    });
    const { bucket } = placeOf(address);
    const { QueueConfigurations = [], EventBridgeConfiguration } = await client.send(
      new GetBucketNotificationConfigurationCommand({ Bucket: bucket }),
    );
    const tells =
      QueueConfigurations.length > 0
        ? "queue"
        : EventBridgeConfiguration === undefined
          ? "nobody"
          : "EventBridge";
    return { address, tells, policy: await policyOf(client, bucket) };
  });

async function policyOf(client: S3Client, bucket: string): Promise<string> {
  try {
    const { Policy = "" } = await client.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    return Policy;
  } catch (error) {
    if (nameOf(error) === "NoSuchBucketPolicy") return "";
    throw error;
  }
}

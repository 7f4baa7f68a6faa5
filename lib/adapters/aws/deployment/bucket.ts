import { GetBucketNotificationConfigurationCommand, S3Client } from "@aws-sdk/client-s3";
import { placeOf } from "../place.ts";
import { type AwsWorld, clientSettings } from "../settings.ts";
import { type Part, partOf } from "./part.ts";

export interface DeployedBucket {
  readonly address: string;
  /** Who is told of new runs: a queue by the bucket itself, or EventBridge. */
  readonly tells: "queue" | "EventBridge" | "nobody";
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
    return { address, tells };
  });

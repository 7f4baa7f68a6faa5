import {
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { nameOf } from "../errors.ts";
import { placeOf } from "../place.ts";
import { type AwsWorld, clientSettings } from "../settings.ts";
import { type Part, partOf } from "./part.ts";
import { type DeployedStack, ofType } from "./stack.ts";

export interface DeployedBucket {
  readonly address: string;
  /** How the stack hears of new runs: by a queue of its own, or by its rule of EventBridge. */
  readonly tells: "queue" | "EventBridge" | "nobody";
  /** Whom else it tells: as a rule the queue of a stack that is gone. */
  readonly others: readonly string[];
  /** JSON; empty where it has none. */
  readonly policy: string;
}

export const readBucket = (
  address: string,
  stack: DeployedStack,
  world: AwsWorld,
): Promise<Part<DeployedBucket>> =>
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
    const told = QueueConfigurations.flatMap(({ QueueArn }) => QueueArn ?? []);
    const own = ofType(stack, "AWS::SQS::Queue").map(({ physicalId }) => lastOf(physicalId, "/"));
    const others = told.filter((arn) => !own.includes(lastOf(arn, ":")));
    const hasRule = ofType(stack, "AWS::Events::Rule").length > 0;
    const tells =
      others.length < told.length
        ? "queue"
        : EventBridgeConfiguration !== undefined && hasRule
          ? "EventBridge"
          : "nobody";
    return { address, tells, others, policy: await policyOf(client, bucket) };
  });

/** The name of a queue, of its address or of its ARN. */
const lastOf = (text: string, separator: string) => text.slice(text.lastIndexOf(separator) + 1);

async function policyOf(client: S3Client, bucket: string): Promise<string> {
  try {
    const { Policy = "" } = await client.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    return Policy;
  } catch (error) {
    if (nameOf(error) === "NoSuchBucketPolicy") return "";
    throw error;
  }
}

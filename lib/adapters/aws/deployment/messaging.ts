import {
  GetTopicAttributesCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
} from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Topic, topics } from "../../../core/alert.ts";
import { type AwsWorld, clientSettings } from "../settings.ts";
import { partOf } from "./part.ts";
import { type DeployedStack, ofType, outputOf } from "./stack.ts";

export interface DeployedTopic {
  readonly name: Topic;
  readonly arn: string;
  /** The id or ARN of its key; empty where it has none. */
  readonly key: string;
  readonly policy: string;
  readonly subscriptions: readonly Subscription[];
}

interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly isPending: boolean;
}

/** Where the stack's alerts go out, by name; a collector has none. */
export const topicsOf = (stack: DeployedStack) =>
  topics.flatMap((name) => {
    const arn = outputOf(stack, `Topic${name}`);
    return arn === undefined ? [] : [{ name, arn }];
  });

export function readTopics(stack: DeployedStack, world: AwsWorld) {
  const client = new SNSClient(clientSettings(world, "SNS"));
  return Promise.all(
    topicsOf(stack).map(({ name, arn }) =>
      partOf(`the topic ${arn}`, async (): Promise<DeployedTopic> => {
        const { Attributes = {} } = await client.send(
          new GetTopicAttributesCommand({ TopicArn: arn }),
        );
        const subscriptions: Subscription[] = [];
        for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: arn })) {
          for (const { Protocol = "", Endpoint = "", SubscriptionArn } of page.Subscriptions ??
            []) {
            const isPending = SubscriptionArn === "PendingConfirmation";
            subscriptions.push({ protocol: Protocol, endpoint: Endpoint, isPending });
          }
        }
        const { KmsMasterKeyId: key = "", Policy: policy = "{}" } = Attributes;
        return { name, arn, key, policy, subscriptions };
      }),
    ),
  );
}

export interface DeployedQueue {
  readonly logicalId: string;
  readonly url: string;
  readonly waiting: number;
}

export function readQueues(stack: DeployedStack, world: AwsWorld) {
  const client = new SQSClient(clientSettings(world, "SQS"));
  return Promise.all(
    ofType(stack, "AWS::SQS::Queue").map(({ logicalId, physicalId }) =>
      partOf(`the queue ${logicalId}`, async (): Promise<DeployedQueue> => {
        const { Attributes } = await client.send(
          new GetQueueAttributesCommand({
            QueueUrl: physicalId,
            AttributeNames: ["ApproximateNumberOfMessages"],
          }),
        );
        const waiting = Number(Attributes?.ApproximateNumberOfMessages ?? 0);
        return { logicalId, url: physicalId, waiting };
      }),
    ),
  );
}

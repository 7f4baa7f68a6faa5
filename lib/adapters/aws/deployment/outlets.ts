import { SNSClient } from "@aws-sdk/client-sns";
import type { Outlet } from "../../../core/alert.ts";
import { UsageError } from "../../../core/errors.ts";
import { explaining } from "../explain.ts";
import { type AwsWorld, clientSettings } from "../settings.ts";
import { topicOutlet } from "../topic-outlet.ts";
import { topicsOf } from "./messaging.ts";
import { readStack } from "./stack.ts";

/**
 * The topics of a deployment, an outlet each, so that each can be told to work or not.
 *
 * @throws UsageError where there is no such stack, or it tells nobody itself
 */
export async function stackOutlets(name: string, world: AwsWorld): Promise<readonly Outlet[]> {
  const topics = topicsOf(await readStack(name, world));
  if (topics.length === 0) {
    throw new UsageError(
      `the stack ${name} has no topics`,
      "A collector tells nobody: its hub does. --stack NAME names another.",
    );
  }
  const client = new SNSClient(clientSettings(world, "SNS"));
  return topics.map(({ name: topic, arn }) => {
    const outlet = topicOutlet(client, { alerts: arn, chat: arn, page: arn, events: arn });
    return {
      name: `SNS topic ${topic}`,
      send: async (message) => {
        if (message.topic === topic) await explaining(arn, () => outlet.send(message));
      },
    };
  });
}

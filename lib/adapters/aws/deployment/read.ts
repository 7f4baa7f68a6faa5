import type { AwsWorld } from "../settings.ts";
import { readFunctions } from "./functions.ts";
import { readKey } from "./key.ts";
import { readQueues, readTopics } from "./messaging.ts";
import { readSchedules } from "./schedules.ts";
import { readStack } from "./stack.ts";

/** Everything that AWS says of a deployment; parts that may not be seen say so. */
export async function readDeployment(name: string, world: AwsWorld) {
  const stack = await readStack(name, world);
  const [functions, schedules, topics, queues, key] = await Promise.all([
    readFunctions(stack, world),
    readSchedules(stack, world),
    readTopics(stack, world),
    readQueues(stack, world),
    readKey(stack, world),
  ]);
  return { stack, ...functions, schedules, topics, queues, key };
}

export type Deployment = Awaited<ReturnType<typeof readDeployment>>;

import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { sendAll } from "../order-queues.ts";
import { variableOf } from "./variable.ts";
import type { World } from "./world.ts";

type Lane = "pulse" | "deep";

const urls = z.record(z.string(), z.object({ pulse: z.string(), deep: z.string() }));

/** Puts bodies into the queue of a network and lane. @throws where it does not take them */
export function queuesIn({ env, aws }: Pick<World, "env" | "aws">) {
  const queues = variableOf(env, "PGVIGIL_QUEUES", urls);
  const client = new SQSClient({
    requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 },
    maxAttempts: 4,
    ...aws,
  });
  return async (network: string, lane: Lane, bodies: readonly unknown[]): Promise<void> => {
    const queue = queues[network]?.[lane];
    if (queue === undefined) throw new Error(`no function examines the network ${network}`);
    await sendAll(
      client,
      queue,
      bodies.map((body) => JSON.stringify(body)),
    );
  };
}

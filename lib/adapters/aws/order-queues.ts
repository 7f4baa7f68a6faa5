import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** Bodies that a queue did not take, after it was asked twice. */
export class NotTaken extends Error {
  override readonly name = "NotTaken";
}

const batchSize = 10;

/**
 * Sends each body to a queue, ten a request. Of a batch some may fail while the others are taken:
 * those are tried once more. A body may arrive twice.
 *
 * @throws NotTaken where some were refused again, and whatever the request threw
 */
export async function sendAll(
  client: SQSClient,
  queue: string,
  bodies: readonly string[],
): Promise<void> {
  for (let at = 0; at < bodies.length; at += batchSize) {
    const batch = bodies.slice(at, at + batchSize);
    const refused = await offer(client, queue, batch);
    const again = refused.length === 0 ? [] : await offer(client, queue, refused);
    if (again.length > 0) throw new NotTaken(`${again.length} messages were not taken by ${queue}`);
  }
}

async function offer(
  client: SQSClient,
  queue: string,
  bodies: readonly string[],
): Promise<readonly string[]> {
  const { Failed = [] } = await client.send(
    new SendMessageBatchCommand({
      QueueUrl: queue,
      Entries: bodies.map((MessageBody, i) => ({ Id: String(i), MessageBody })),
    }),
  );
  return Failed.flatMap(({ Id }) => bodies[Number(Id)] ?? []);
}

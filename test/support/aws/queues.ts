import { createHash, randomUUID } from "node:crypto";
import type { Request } from "./fake-aws.ts";
import type { Call } from "./faults.ts";
import { type Answer, json, jsonError } from "./replies.ts";

export interface Queued {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, { DataType: string; StringValue?: string }>>;
  receives: number;
}

interface SqsEvent {
  readonly Records: readonly Record<string, unknown>[];
}

interface BatchReply {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface PumpOptions {
  readonly batchSize?: number;
  /** Then a message goes to the dead letters. */
  readonly maxReceives?: number;
  /** Every message comes twice, and the newest first. */
  readonly isAwkward?: boolean;
}

interface Entry {
  readonly Id: string;
  readonly MessageBody?: string;
  readonly MessageAttributes?: Queued["attributes"];
}

/** Queues by name. `pump` is the event source mapping of a function. */
export class FakeQueues {
  readonly #queues = new Map<string, Queued[]>();
  readonly dead: Queued[] = [];
  #refusal: (body: string) => boolean = () => false;

  /** The next so many bodies of a batch that fit are refused, while the others are taken. */
  refuse(fits: (body: string) => boolean, times: number): void {
    let left = times;
    this.#refusal = (body) => {
      if (left === 0 || !fits(body)) return false;
      left -= 1;
      return true;
    };
  }

  of(queue: string): Queued[] {
    const messages = this.#queues.get(queue) ?? [];
    this.#queues.set(queue, messages);
    return messages;
  }

  send(queue: string, body: string, attributes: Queued["attributes"] = {}): Queued {
    const message = { id: randomUUID(), body, attributes, receives: 0 };
    this.of(queue).push(message);
    return message;
  }

  /**
   * Hands what waits to a handler, batch by batch, until the queue is empty or everything that is
   * left was handed over once; what the handler says has failed stays for the next pump.
   */
  async pump(
    queue: string,
    handler: (event: SqsEvent) => Promise<BatchReply | undefined>,
    { batchSize = 10, maxReceives = 5, isAwkward = false }: PumpOptions = {},
  ): Promise<void> {
    const waiting = this.of(queue).splice(0);
    const handed = isAwkward ? [...waiting, ...waiting].reverse() : waiting;
    const failed = new Set<Queued>();
    for (let at = 0; at < handed.length; at += batchSize) {
      const batch = handed.slice(at, at + batchSize);
      for (const message of batch) message.receives += 1;
      const reply = await handler({ Records: batch.map((each) => recordOf(queue, each)) }).catch(
        () => ({ batchItemFailures: batch.map(({ id }) => ({ itemIdentifier: id })) }),
      );
      for (const { itemIdentifier } of reply?.batchItemFailures ?? []) {
        const message = batch.find(({ id }) => id === itemIdentifier);
        if (message !== undefined) failed.add(message);
      }
    }
    for (const message of failed) {
      if (message.receives >= maxReceives) this.dead.push(message);
      else this.of(queue).push(message);
    }
  }

  answer({ operation }: Call, { body }: Request): Answer {
    const input = JSON.parse(body.toString());
    const queue = nameOf(input.QueueUrl ?? "");
    if (operation === "SendMessage") return json(this.#sent(queue, input));
    if (operation === "SendMessageBatch") {
      const entries: readonly Entry[] = input.Entries;
      const isRefused = (entry: Entry) => this.#refusal(entry.MessageBody ?? "");
      const refused = entries.filter(isRefused);
      const Successful = entries
        .filter((entry) => !refused.includes(entry))
        .map((entry) => ({ Id: entry.Id, ...this.#sent(queue, entry) }));
      const Failed = refused.map(({ Id }) => ({ Id, Code: "InternalError", SenderFault: false }));
      return json({ Successful, Failed });
    }
    if (operation === "GetQueueAttributes") {
      return json({ Attributes: { ApproximateNumberOfMessages: String(this.of(queue).length) } });
    }
    return jsonError(400, "InvalidAction");
  }

  #sent(queue: string, input: Entry) {
    const body = input.MessageBody ?? "";
    const { id } = this.send(queue, body, input.MessageAttributes);
    return { MessageId: id, MD5OfMessageBody: createHash("md5").update(body).digest("hex") };
  }
}

const nameOf = (url: string): string => url.slice(url.lastIndexOf("/") + 1);

const recordOf = (queue: string, { id, body, receives }: Queued) => ({
  messageId: id,
  receiptHandle: id,
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: String(Date.now()),
    SenderId: "fake",
    ApproximateFirstReceiveTimestamp: String(Date.now()),
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: `arn:aws:sqs:eu-central-1:111122223333:${queue}`,
  awsRegion: "eu-central-1",
});

import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { sendAll } from "../../../lib/adapters/aws/order-queues.ts";
import { fakeAws } from "../../support/aws/fake-aws.ts";

const queue = "https://sqs.eu-central-1.amazonaws.com/111122223333/pulse-main";

test("Twenty-three messages are three requests, in order", async () => {
  await using aws = await fakeAws();
  const bodies = Array.from({ length: 23 }, (_, i) => `{"n":${i}}`);
  await sendAll(new SQSClient(aws.client), queue, bodies);
  expect(aws.queues.of("pulse-main").map(({ body }) => body)).toEqual(bodies);
  expect(aws.calls).toHaveLength(3);
});

test("Nothing to send asks nobody", async () => {
  await using aws = await fakeAws();
  await sendAll(new SQSClient(aws.client), queue, []);
  expect(aws.calls).toEqual([]);
});

test("What a queue refuses of a batch is offered once more, and then said", async () => {
  await using aws = await fakeAws();
  const client = new SQSClient(aws.client);
  aws.queues.refuse((body) => body === "b", 1);
  await sendAll(client, queue, ["a", "b", "c"]);
  expect(aws.queues.of("pulse-main").map(({ body }) => body)).toEqual(["a", "c", "b"]);
  aws.queues.refuse((body) => body === "b", 2);
  await expect(sendAll(client, queue, ["b"])).rejects.toThrow("1 messages were not taken");
});

test.each(["throttle", "server-error", "reset", "lost-reply"] as const)(
  "After %s every message is there at least once",
  async (kind) => {
    await using aws = await fakeAws();
    aws.faults.plan(kind);
    await sendAll(new SQSClient(aws.client), queue, ["a", "b"]);
    expect(new Set(aws.queues.of("pulse-main").map(({ body }) => body))).toEqual(
      new Set(["a", "b"]),
    );
  },
);

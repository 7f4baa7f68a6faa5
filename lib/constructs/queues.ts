import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { acknowledge } from "./nag.ts";

/** Two lanes, so that a pulse never waits behind a night's work. */
export const lanes = {
  pulse: {
    timeout: Duration.seconds(60),
    visibility: Duration.minutes(6),
    // Older than a rhythm is worth nothing: the next pulse is on its way.
    retention: Duration.minutes(15),
    tries: 2,
    concurrency: 5,
    patience: Duration.minutes(10),
  },
  deep: {
    timeout: Duration.minutes(15),
    visibility: Duration.minutes(90),
    retention: Duration.hours(12),
    tries: 3,
    concurrency: 3,
    patience: Duration.hours(3),
  },
} as const;

export type Lane = keyof typeof lanes;
export const laneNames: readonly Lane[] = ["pulse", "deep"];

/** Run objects, on their way to `notify`. */
export const runs = {
  timeout: Duration.seconds(60),
  visibility: Duration.minutes(6),
  retention: Duration.days(4),
  tries: 5,
  concurrency: 5,
  patience: Duration.minutes(15),
};

export interface WorkQueueProps {
  /** Of the function that reads the queue. */
  readonly timeout: Duration;
  readonly visibility: Duration;
  readonly retention: Duration;
  /** Tries before a message goes to the dead letters. */
  readonly tries: number;
}

/** One for the whole stack: each message says where it comes from, and one alarm tells of all. */
export function deadLetters(scope: Construct): Queue {
  const queue = new Queue(scope, "DeadLetters", {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, {
    "AwsSolutions-SQS3": "These are the dead letters, and an alarm reads them.",
  });
  return queue;
}

export function workQueue(scope: Construct, id: string, props: WorkQueueProps, dead: Queue): Queue {
  const { timeout, visibility, retention, tries } = props;
  // Six times the timeout is what AWS asks for: batches that are throttled come back meanwhile.
  if (visibility.toSeconds() < 6 * timeout.toSeconds()) {
    throw new Error(`${id}: a message could come again while it is worked on`);
  }
  return new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    visibilityTimeout: visibility,
    retentionPeriod: retention,
    deadLetterQueue: { queue: dead, maxReceiveCount: tries },
  });
}

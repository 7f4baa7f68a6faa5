import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

/** Two lanes, so that a pulse never waits behind a night's work. */
export const lanes = {
  pulse: {
    timeout: Duration.seconds(60),
    visibility: Duration.minutes(6),
    // Older than a rhythm is worth nothing: the next pulse is on its way.
    retention: Duration.minutes(15),
    tries: 2,
  },
  deep: {
    timeout: Duration.minutes(15),
    visibility: Duration.minutes(90),
    retention: Duration.hours(12),
    tries: 3,
  },
} as const;

export type Lane = keyof typeof lanes;

export interface LaneProps {
  /** Of the function that reads the queue. */
  readonly timeout: Duration;
  readonly visibility: Duration;
  readonly retention: Duration;
  /** Tries before a message goes to the dead letters. */
  readonly tries: number;
}

/** One for the whole stack: each message says where it comes from, and one alarm tells of all. */
export const deadLetters = (scope: Construct): Queue =>
  new Queue(scope, "DeadLetters", {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });

export function laneQueue(scope: Construct, id: string, props: LaneProps, dead: Queue): Queue {
  const { timeout, visibility, retention, tries } = props;
  if (visibility.toSeconds() < timeout.toSeconds()) {
    throw new Error(`${id}: a message would come again while it is worked on`);
  }
  return new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    visibilityTimeout: visibility,
    retentionPeriod: retention,
    deadLetterQueue: { queue: dead, maxReceiveCount: tries },
  });
}

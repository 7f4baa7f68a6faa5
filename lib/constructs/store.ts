import { Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { type Aws, bucketNameOf } from "../config/aws.ts";
import { collectorStatements } from "./collectors.ts";
import { RunBucket } from "./run-bucket.ts";

/** The bucket of the stack, or the one that is there; run objects are told to the queue, if any. */
export function storeOf(
  scope: Construct,
  aws: Partial<Aws>,
  key: IKey,
  heard: Queue | undefined,
): IBucket {
  if (aws.bucket === undefined && heard !== undefined) {
    const objectLock = aws.objectLock !== undefined;
    const { bucket } = new RunBucket(scope, "Runs", { key, queue: heard, objectLock });
    for (const statement of collectorStatements(bucket, aws)) {
      bucket.addToResourcePolicy(statement);
    }
    return bucket;
  }
  const name = bucketNameOf(aws.bucket ?? "");
  const bucket = Bucket.fromBucketAttributes(scope, "Runs", {
    bucketName: name,
    encryptionKey: key,
  });
  // Its notifications are its owner's: another configuration of them would be lost.
  if (heard !== undefined) {
    new Rule(scope, "RunsOfTheBucket", {
      description: "pgvigil: runs in a bucket that the stack does not own",
      eventPattern: {
        source: ["aws.s3"],
        detailType: ["Object Created"],
        detail: { bucket: { name: [name] }, object: { key: [{ prefix: "runs/v1/" }] } },
      },
      targets: [new SqsQueue(heard)],
    });
  }
  return bucket;
}

import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { CfnQueuePolicy, type Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledge } from "./nag.ts";

export interface RunBucketProps {
  readonly key: IKey;
  /** Told of every run object. */
  readonly queue: Queue;
  /** Versioned buckets only, and only from their beginning; what is locked is said per object. */
  readonly objectLock: boolean;
}

/**
 * Where runs, snapshots, baselines and incidents are. It outlives the stack; a bucket of an
 * earlier one is adopted by naming it in the configuration.
 */
export class RunBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { key, queue, objectLock }: RunBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      objectLockEnabled: objectLock,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: "runs", prefix: "runs/", expiration: Duration.days(7) },
        { id: "weekly", prefix: "kept/weekly/", expiration: Duration.days(28) },
        { id: "monthly", prefix: "kept/monthly/", expiration: Duration.days(365) },
        { id: "cursors", prefix: "cursors/", expiration: Duration.days(14) },
        {
          id: "old-versions",
          noncurrentVersionExpiration: Duration.days(7),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
      ],
    });
    tell(this.bucket, queue);
    acknowledge(this.bucket, {
      "AwsSolutions-S1":
        "Who read or wrote what is CloudTrail's to say; a second bucket would be a second thing to keep.",
    });
  }
}

/**
 * Run objects are told to the queue by the bucket's own configuration: the L2 way would bring a
 * function of its own that may change the notifications of any bucket.
 */
function tell(bucket: Bucket, queue: Queue): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: "TheBucketTellsOfRuns",
      principals: [new ServicePrincipal("s3.amazonaws.com")],
      actions: ["sqs:SendMessage"],
      resources: [queue.queueArn],
      // The bucket's own ARN would make a circle; its account is as safe, names are global.
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(bucket).account } },
    }),
  );
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new Error("the bucket has no resource");
  resource.notificationConfiguration = {
    // Not EventBridge as well, by which a later stack that adopts this bucket hears of runs: each
    // object would be an event that is paid for when it is written, and three when it expires.
    queueConfigurations: [
      {
        event: "s3:ObjectCreated:*",
        queue: queue.queueArn,
        filter: { s3Key: { rules: [{ name: "prefix", value: "runs/v1/" }] } },
      },
    ],
  };
  // S3 sends a test event while it is made: the queue must let it in by then.
  const policy = queue.node.findChild("Policy").node.defaultChild;
  if (!(policy instanceof CfnQueuePolicy)) throw new Error("the queue has no policy");
  resource.addResourceDependency(policy);
}

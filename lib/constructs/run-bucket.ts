import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  type IBucket,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { CfnQueuePolicy, type Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

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
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, { key, queue, objectLock }: RunBucketProps) {
    super(scope, id);
    const bucket = new Bucket(this, "Bucket", {
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
      // A stack that adopts this bucket later hears of runs this way. It costs nothing.
      eventBridgeEnabled: false,
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
    this.bucket = bucket;
    tell(bucket, queue);
  }
}

/**
 * Run objects are told to the queue by the bucket's own configuration: the L2 way would bring a
 * function of its own that may change the notifications of any bucket.
 */
function tell(bucket: Bucket, queue: Queue): void {
  const { account } = Stack.of(bucket);
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: "TheBucketTellsOfRuns",
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("s3.amazonaws.com")],
      actions: ["sqs:SendMessage"],
      resources: [queue.queueArn],
      // The bucket's own ARN would make a circle; its account is as safe, names are global.
      conditions: { StringEquals: { "aws:SourceAccount": account } },
    }),
  );
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new Error("the bucket has no resource");
  resource.notificationConfiguration = {
    eventBridgeConfiguration: { eventBridgeEnabled: true },
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

import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { ResolvedTarget } from "../config/targets.ts";

/** What each half may do, an action and a folder at a time. Nobody deletes. */
export class Policies {
  readonly #bucket: IBucket;
  readonly #key: IKey;

  constructor(bucket: IBucket, key: IKey) {
    this.#bucket = bucket;
    this.#key = key;
  }

  /** Writing over what is there (If-Match) and recognising one's own work takes reading. */
  readsAndWrites(...folders: readonly string[]): PolicyStatement {
    return new PolicyStatement({
      sid: "ReadAndWriteItsDocuments",
      actions: ["s3:GetObject", "s3:PutObject"],
      resources: folders.map((folder) => this.#bucket.arnForObjects(`${folder}/*`)),
    });
  }

  reads(...folders: readonly string[]): PolicyStatement {
    return new PolicyStatement({
      sid: "ReadDocuments",
      actions: ["s3:GetObject"],
      resources: folders.map((folder) => this.#bucket.arnForObjects(`${folder}/*`)),
    });
  }

  /** Without it S3 says "denied" of what is absent, and nothing could be told apart. */
  lists(): PolicyStatement {
    return new PolicyStatement({
      sid: "TellAbsentFromDenied",
      actions: ["s3:ListBucket"],
      resources: [this.#bucket.bucketArn],
    });
  }

  seals(): PolicyStatement {
    return new PolicyStatement({
      sid: "EncryptAndDecrypt",
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [this.#key.keyArn],
    });
  }

  publishes(topics: readonly ITopic[]): PolicyStatement {
    return new PolicyStatement({
      sid: "TellPeople",
      actions: ["sns:Publish"],
      resources: topics.map(({ topicArn }) => topicArn),
    });
  }

  sends(queues: readonly IQueue[]): PolicyStatement {
    return new PolicyStatement({
      sid: "HandOutWork",
      actions: ["sqs:SendMessage"],
      resources: queues.map(({ queueArn }) => queueArn),
    });
  }
}

/**
 * Logging in: a token for exactly this role of exactly this database, or exactly this secret.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export function logsIn(scope: Construct, targets: readonly ResolvedTarget[]): PolicyStatement[] {
  const { account, region, partition } = Stack.of(scope);
  const users = targets.flatMap(({ auth, url }) => {
    if (auth?.iam === undefined) return [];
    const user = decodeURIComponent(new URL(url).username) || "pgvigil";
    return [`arn:${partition}:rds-db:${region}:${account}:dbuser:${auth.iam.resourceId}/${user}`];
  });
  const secrets = targets.flatMap(({ auth }) => (auth?.secret === undefined ? [] : [auth.secret]));
  return [
    ...statement("LogInByToken", "rds-db:connect", users),
    ...statement("LogInBySecret", "secretsmanager:GetSecretValue", secrets),
  ];
}

const statement = (sid: string, action: string, resources: readonly string[]) =>
  resources.length === 0
    ? []
    : [new PolicyStatement({ sid, actions: [action], resources: [...new Set(resources)].sort() })];

/** The state of instances that do not answer. The actions know no resources worth naming. */
export const asksRds = (): PolicyStatement =>
  new PolicyStatement({
    sid: "AskWhetherTheyAreStopped",
    actions: ["rds:DescribeDBInstances", "rds:DescribeDBClusters"],
    resources: ["*"],
  });

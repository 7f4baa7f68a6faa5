import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { ResolvedTarget } from "../config/targets.ts";
import { inBucket } from "./folders.ts";
import type { Grant } from "./nag.ts";

/** What each half may do, an action and a folder at a time. Nobody deletes. */
export class Policies {
  readonly #bucket: IBucket;
  readonly #key: IKey;
  readonly #locks: boolean;

  /** @param locks does the configuration ask for Object Lock? Then writing is locking, too. */
  constructor(bucket: IBucket, key: IKey, locks: boolean) {
    this.#bucket = bucket;
    this.#key = key;
    this.#locks = locks;
  }

  /** The bucket and its key: what every function may do, with its own folders. */
  store(writes: readonly string[], reads: readonly string[]): readonly Grant[] {
    const locked = writes.filter((key) => /^(runs|snapshots|baselines)\//.test(key));
    return [
      // Writing over what is there (If-Match) and recognising one's own work takes reading.
      ...this.#grant("ReadAndWriteDocuments", ["s3:GetObject", "s3:PutObject"], writes),
      ...this.#grant("ReadDocuments", ["s3:GetObject"], reads),
      ...(this.#locks ? this.#grant("LockDocuments", ["s3:PutObjectRetention"], locked) : []),
      // Without it S3 says "denied" of what is absent, and nothing could be told apart.
      only("TellAbsentFromDenied", ["s3:ListBucket"], [this.#bucket.bucketArn]),
      only("EncryptAndDecrypt", ["kms:Decrypt", "kms:GenerateDataKey"], [this.#key.keyArn]),
    ];
  }

  publishes(topics: readonly ITopic[]): Grant {
    return only(
      "TellPeople",
      ["sns:Publish"],
      topics.map(({ topicArn }) => topicArn),
    );
  }

  sends(queues: readonly IQueue[]): readonly Grant[] {
    if (queues.length === 0) return [];
    const resources = queues.map(({ queueArn }) => queueArn);
    return [only("HandOutWork", ["sqs:SendMessage"], resources)];
  }

  #grant(sid: string, actions: string[], keys: readonly string[]): readonly Grant[] {
    if (keys.length === 0) return [];
    const resources = inBucket(this.#bucket, keys);
    const wildcards = "A folder of the one bucket: the objects in it are named by what they hold.";
    return [{ statement: new PolicyStatement({ sid, actions, resources }), wildcards }];
  }
}

const only = (sid: string, actions: string[], resources: string[]): Grant => ({
  statement: new PolicyStatement({ sid, actions, resources }),
});

/**
 * Logging in: a token for exactly this role of exactly this database, or exactly this secret.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export function logsIn(scope: Construct, targets: readonly ResolvedTarget[]): readonly Grant[] {
  const { account, region, partition } = Stack.of(scope);
  const users = targets.flatMap(({ auth, url }) => {
    if (auth?.iam === undefined) return [];
    const user = decodeURIComponent(new URL(url).username) || "pgvigil";
    return [`arn:${partition}:rds-db:${region}:${account}:dbuser:${auth.iam.resourceId}/${user}`];
  });
  const here = `arn:${partition}:secretsmanager:${region}:${account}:secret:`;
  const secrets = targets.flatMap(({ auth }) =>
    auth?.secret === undefined ? [] : [wholeArn(auth.secret, here)],
  );
  const each = (sid: string, action: string, resources: readonly string[]) =>
    resources.length === 0 ? [] : [only(sid, [action], [...new Set(resources)].sort())];
  return [
    ...each("LogInByToken", "rds-db:connect", users),
    ...each("LogInBySecret", "secretsmanager:GetSecretValue", secrets).map((grant) => ({
      ...grant,
      wildcards: "The six characters that Secrets Manager adds to a name, where nobody wrote them.",
    })),
  ];
}

/** A policy must name a secret with the six characters that Secrets Manager adds to its name. */
function wholeArn(secret: string, here: string): string {
  const arn = secret.startsWith("arn:") ? secret : here + secret;
  return /-[A-Za-z0-9]{6}$/.test(arn) ? arn : `${arn}-??????`;
}

/** The state of instances and clusters that do not answer. */
export function asksRds(scope: Construct): Grant {
  const { account, region, partition } = Stack.of(scope);
  const all = (kind: string) => `arn:${partition}:rds:${region}:${account}:${kind}:*`;
  return {
    statement: new PolicyStatement({
      sid: "AskWhetherTheyAreStopped",
      actions: ["rds:DescribeDBInstances", "rds:DescribeDBClusters"],
      resources: [all("db"), all("cluster")],
    }),
    wildcards: "RDS is asked for all that it has: an endpoint does not say which instance it is.",
  };
}

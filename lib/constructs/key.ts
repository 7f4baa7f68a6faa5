import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { AccountPrincipal, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

/**
 * The one key of bucket and topics. Functions and people use it by their own policies. S3 and SNS
 * use it in the name of who calls them; S3 tells its queue without it, and Scheduler's ticks hold
 * nothing to hide: queues are encrypted by SQS. CloudWatch calls as itself: without the statement
 * below an alarm's action fails, and nobody is told.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function vigilKey(
  scope: Construct,
  { given, accounts }: { given: string | undefined; accounts: readonly string[] },
): IKey {
  if (given !== undefined) return Key.fromKeyArn(scope, "Key", given);
  const key = new Key(scope, "Key", {
    description: "pgvigil: runs, snapshots and alerts",
    enableKeyRotation: true,
    // It opens what the bucket keeps, and the bucket outlives the stack.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  for (const statement of keyStatements(Stack.of(scope), accounts)) {
    key.addToResourcePolicy(statement);
  }
  return key;
}

/** What a key must say beyond "the account itself": printed for one that is given. */
export const keyStatements = (
  { account, region }: Pick<Stack, "account" | "region">,
  accounts: readonly string[],
): readonly PolicyStatement[] => [
  new PolicyStatement({
    sid: "AlarmsReachTheTopics",
    principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    resources: ["*"],
    conditions: { StringEquals: { "aws:SourceAccount": account } },
  }),
  ...(accounts.length === 0
    ? []
    : [
        new PolicyStatement({
          sid: "CollectorsReadAndWrite",
          principals: accounts.map((each) => new AccountPrincipal(each)),
          actions: ["kms:Decrypt", "kms:GenerateDataKey"],
          resources: ["*"],
          conditions: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
        }),
      ]),
];

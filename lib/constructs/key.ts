import { RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import { Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/**
 * The one key of bucket and topics. Services of AWS that publish to an encrypted topic need it
 * themselves: without the statements below an alarm's action fails, and nobody is told.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function vigilKey(scope: Construct, arn: string | undefined): IKey {
  if (arn !== undefined) return Key.fromKeyArn(scope, "Key", arn);
  const key = new Key(scope, "Key", {
    description: "pgvigil: runs, snapshots and alerts",
    enableKeyRotation: true,
    // It opens what the bucket keeps, and the bucket outlives the stack.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsReachTheTopics",
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
  );
  return key;
}

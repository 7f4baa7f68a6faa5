import { CfnOutput } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { topics as topicNames } from "../core/alert.ts";
import type { AlertTopics } from "./alert-topics.ts";

export interface OutputsProps {
  readonly bucket: IBucket;
  readonly key: IKey;
  readonly dispatch: IFunction;
  readonly alerts: AlertTopics | undefined;
  /** By which `pgvigil deploy-status` tells it from the one that stands there. */
  readonly configuration: string;
}

/** What people type afterwards, and what the next stack adopts. */
export function outputs(
  scope: Construct,
  { bucket, key, dispatch, alerts, configuration }: OutputsProps,
): void {
  const room = new Construct(scope, "Outputs");
  const say = (name: string, description: string, value: string) =>
    new CfnOutput(room, name, { description, value });
  say("Store", "For --store: runs, snapshots, incidents", `s3://${bucket.bucketName}`);
  say("Key", "Of the store: with it, a later stack adopts the bucket", key.keyArn);
  say("Configuration", "Hash of the configuration that is deployed", configuration);
  say("Dispatch", "The function that every tick calls", dispatch.functionName);
  for (const name of alerts === undefined ? [] : topicNames) {
    say(`Topic${name}`, `SNS topic ${name}`, alerts?.topics[name].topicArn ?? "");
  }
}

import { Annotations, Stack } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { Aws } from "../config/aws.ts";
import { alarmsMayTell } from "./alert-topics.ts";
import { collectorStatements } from "./collectors.ts";
import { keyStatements } from "./key.ts";

/**
 * A bucket, key or topic that was there before the stack keeps its own policy, and the stack does
 * not change it: synth says what must stand in it, and `pgvigil deploy-status` looks whether it does.
 */
export function ownResources(
  scope: Construct,
  { aws, bucket }: { aws: Partial<Aws>; bucket: IBucket },
): void {
  const stack = Stack.of(scope);
  const say = (id: string, text: string) => Annotations.of(scope).addInfoV2(`pgvigil:${id}`, text);
  const policy = (id: string, what: string, statements: readonly PolicyStatement[]) => {
    if (statements.length === 0) return;
    const written = statements.map((statement) => stack.resolve(statement.toStatementJson()));
    say(id, `${what} must hold:\n${JSON.stringify(written.map(readable), null, 2)}`);
  };
  if (aws.mode === "collector") return;
  if (aws.bucket !== undefined) {
    say(
      "bucket-events",
      `aws.bucket: it must tell EventBridge of its objects, of which this stack's rule hears: aws s3api put-bucket-notification-configuration --bucket ${bucket.bucketName} --notification-configuration '{"EventBridgeConfiguration":{}}' (which replaces what stands there: add it to that).`,
    );
    policy("bucket-policy", "aws.bucket: its policy", collectorStatements(bucket, aws));
    if (aws.key === undefined) {
      say(
        "bucket-key",
        "aws.bucket without aws.key: where a key of KMS encrypts it, name that key.",
      );
    }
  }
  if (aws.key !== undefined) {
    const accounts = (aws.collectors ?? []).map(({ account }) => account);
    policy("key-policy", "aws.key: its policy", keyStatements(stack, accounts));
  }
  for (const name of ["alerts", "page"] as const) {
    const topicArn = aws.topics?.[name];
    if (topicArn === undefined) continue;
    policy(`${name}-policy`, `aws.topics.${name}: its policy`, [
      alarmsMayTell({ topicArn }, stack),
    ]);
  }
}

/** What a template says by reference, as a person writes it. */
const readable = (statement: unknown): unknown =>
  JSON.parse(
    JSON.stringify(statement, (_, value: unknown) => {
      const { Ref, "Fn::Join": join } = Object(value);
      if (typeof Ref === "string") return `<${Ref}>`;
      if (!Array.isArray(join)) return value;
      return join[1]
        .map((part: unknown) => (typeof part === "string" ? part : said(part)))
        .join("");
    }),
  );

const said = (part: unknown): string => `<${Object(part).Ref}>`;

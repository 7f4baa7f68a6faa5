import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsSettings } from "../../lib/adapters/aws/lambda/world.ts";
import { type Made, resolved, type Template } from "./template.ts";
import { keys, region } from "./user.ts";

const account = "123456789012";

const settingsOf = (endpoint: string, credentials: NonNullable<AwsSettings["credentials"]>) => ({
  ...{ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 },
});

/** What the policies of the template are about, made by hand: moto's CloudFormation leaves much out. */
export async function makeResources(
  endpoint: string,
  template: Template,
): Promise<Map<string, Made>> {
  const settings = settingsOf(endpoint, keys);
  const made = new Map<string, Made>([
    ...Object.entries({
      "AWS::Partition": "aws",
      "AWS::AccountId": account,
      "AWS::Region": region,
      "AWS::URLSuffix": "amazonaws.com",
    }).map(([name, ref]) => [name, { ref, arn: ref }] as const),
  ]);
  const arn = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;
  for (const [id] of template.ofType("AWS::S3::Bucket")) {
    const [s3, Bucket] = [new S3Client(settings), "pgvigil-acceptance"];
    await s3.send(
      new CreateBucketCommand({
        Bucket,
        CreateBucketConfiguration: { LocationConstraint: region },
      }),
    );
    made.set(id, { ref: Bucket, arn: `arn:aws:s3:::${Bucket}` });
  }
  for (const [id] of template.ofType("AWS::SQS::Queue")) {
    const sqs = new SQSClient(settings);
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: id }));
    made.set(id, { ref: QueueUrl, arn: arn("sqs", id) });
  }
  for (const [id] of template.ofType("AWS::SNS::Topic")) {
    const sns = new SNSClient(settings);
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: id }));
    made.set(id, { ref: TopicArn, arn: TopicArn });
  }
  for (const [type, service] of [
    ["AWS::KMS::Key", "kms"],
    ["AWS::Logs::LogGroup", "logs"],
  ] as const) {
    for (const [id] of template.ofType(type)) made.set(id, { ref: id, arn: arn(service, id) });
  }
  return made;
}

/** Beyond these moto holds no resource against a policy: there it asks for all of them. */
const heldToResources = /^(s3|sqs):/;

/** A role with exactly the statements of the template, assumed. */
export async function assumed(
  endpoint: string,
  role: string,
  template: Template,
  made: ReadonlyMap<string, Made>,
): Promise<AwsSettings> {
  const [id] = template.only("AWS::IAM::Role", role);
  const policies = template
    .ofType("AWS::IAM::Policy")
    .filter(([, { Properties }]) => JSON.stringify(Properties.Roles).includes(`"${id}"`))
    .map(([, { Properties }]) => resolved(Properties.PolicyDocument, made));
  const statements = policies.flatMap((policy) => Object(policy).Statement);
  return assumeRole(endpoint, id, statements.map(loosened));
}

function loosened(statement: object): object {
  const actions = [Object(statement).Action].flat().map(String);
  return actions.every((action) => heldToResources.test(action))
    ? statement
    : { ...statement, Resource: "*" };
}

/** Who may do everything: reads what the functions left. */
export const admin = (endpoint: string): Promise<AwsSettings> =>
  assumeRole(endpoint, "admin", [{ Effect: "Allow", Action: "*", Resource: "*" }]);

async function assumeRole(
  endpoint: string,
  name: string,
  statements: readonly object[],
): Promise<AwsSettings> {
  const RoleName = name.slice(0, 64);
  await iam(endpoint, { Action: "CreateRole", RoleName, AssumeRolePolicyDocument: "{}" });
  const document = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const policy = { PolicyName: "of-the-template", PolicyDocument: document };
  await iam(endpoint, { Action: "PutRolePolicy", RoleName, ...policy });
  const { Credentials } = await new STSClient(settingsOf(endpoint, keys)).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${account}:role/${RoleName}`,
      RoleSessionName: "acceptance",
    }),
  );
  return settingsOf(endpoint, {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  });
}

/** IAM by its own protocol: the product has no client of it. */
async function iam(endpoint: string, form: Readonly<Record<string, string>>): Promise<void> {
  const scope = `${keys.accessKeyId}/20260101/${region}/iam/aws4_request`;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ Version: "2010-05-08", ...form }),
  });
  if (!response.ok) throw new Error(`${form.Action}: ${await response.text()}`);
}

/** From here on every request is held against the policies of who signed it. */
export async function enforce(endpoint: string): Promise<void> {
  const response = await fetch(`${endpoint}/moto-api/reset-auth`, { method: "POST", body: "0" });
  if (!response.ok) throw new Error(`moto enforces nothing: ${await response.text()}`);
}

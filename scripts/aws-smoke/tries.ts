import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { SmokeStack } from "./stack.ts";

export interface Tried {
  readonly what: string;
  readonly holds: boolean;
  readonly detail: string;
}

/** What AWS answered: 200, or the status and name of its refusal. */
const answer = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "200",
    (error: Error) => `${Object(error).$metadata?.httpStatusCode ?? "no answer"} ${error.name}`,
  );

async function as(roleArn: string): Promise<S3Client> {
  const assume = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "pgvigil-smoke" });
  const { Credentials = {} } = await new STSClient().send(assume);
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Object(Credentials);
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  return new S3Client({ credentials: { ...credentials, sessionToken: SessionToken } });
}

/** What lib/constructs/policies.ts and lib/adapters/aws/s3-store.ts rely on. */
export async function conditionalWrites({ bucket, outputs }: SmokeStack): Promise<Tried[]> {
  const put = (Key: string, more: object) =>
    new PutObjectCommand({ Bucket: bucket, Key, Body: "{}", ...more });
  const [both, writer] = [await as(outputs.ReadsToo ?? ""), await as(outputs.WritesOnly ?? "")];
  const first = await both.send(put("one", { IfNoneMatch: "*" }));
  const match = { IfMatch: first.ETag };
  const tries: [string, string, () => Promise<unknown>][] = [
    [
      "If-None-Match on what is there: 412",
      "412",
      () => both.send(put("one", { IfNoneMatch: "*" })),
    ],
    ["If-Match with GetObject: 200", "200", () => both.send(put("one", match))],
    ["If-Match with a stale ETag: 412", "412", () => both.send(put("one", { IfMatch: '"0"' }))],
    ["If-Match on nothing: 404", "404", () => both.send(put("none", { IfMatch: '"0"' }))],
    [
      "If-Match without GetObject: 403, so it is granted",
      "403",
      () => writer.send(put("one", match)),
    ],
    [
      "If-None-Match without GetObject: 200",
      "200",
      () => writer.send(put("two", { IfNoneMatch: "*" })),
    ],
    [
      "what is absent is 404 with ListBucket",
      "404",
      () => both.send(new GetObjectCommand({ Bucket: bucket, Key: "none" })),
    ],
  ];
  const tried: Tried[] = [];
  for (const [what, expected, asked] of tries) {
    const detail = await answer(asked());
    tried.push({ what, holds: detail.startsWith(expected), detail });
  }
  return tried;
}

/** What arrives by itself in the two queues: of S3, SNS, CloudWatch and Scheduler. */
export async function deliveries({ outputs }: SmokeStack, seconds: number): Promise<Tried[]> {
  const MessageAttributes = (values: readonly string[]) => ({
    severity: { DataType: "String.Array", StringValue: JSON.stringify(values) },
  });
  const sns = new SNSClient();
  for (const [Message, values] of [
    ["smoke critical", ["warning", "critical"]],
    ["smoke warning", ["warning"]],
  ] as const) {
    const attributes = MessageAttributes(values);
    const { Topic } = outputs;
    await sns.send(new PublishCommand({ TopicArn: Topic, Message, MessageAttributes: attributes }));
  }
  const wanted: [string, RegExp][] = [
    ["a run object is told to an SSE-SQS queue by the bucket", /"eventSource": ?"aws:s3"/],
    ["a message of an encrypted topic arrives", /^smoke critical/],
    ["an alarm reaches the encrypted topic", /"AlarmName"/],
    ["a tick has its scheduled time in it", /"scheduledTime": ?"\d{4}-\d\d-\d\dT\d\d:\d\d/],
  ];
  const all = await read(outputs.Queue, seconds, (bodies) =>
    wanted.every(([, words]) => bodies.some((body) => words.test(body))),
  );
  const critical = await read(outputs.Critical, 10, () => false);
  const own = critical.filter((body) => body.startsWith("smoke"));
  return [
    ...wanted.map(([what, words]) => {
      const found = all.find((body) => words.test(body));
      const detail = found?.slice(0, 60) ?? `not within ${seconds} s`;
      return { what, holds: found !== undefined, detail };
    }),
    {
      what: "a mail's list of severities is filtered by each of them",
      holds: own.length === 1 && own[0] === "smoke critical",
      detail: own.join(", ") || "nothing arrived",
    },
  ];
}

async function read(
  url: string | undefined,
  seconds: number,
  isEnough: (bodies: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const sqs = new SQSClient();
  const bodies: string[] = [];
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end && !isEnough(bodies)) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
    );
    bodies.push(...Messages.map(({ Body = "" }) => Body));
  }
  return bodies;
}

import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { AwsSettings } from "../../lib/adapters/aws/lambda/world.ts";
import type { Made } from "./template.ts";

/** What each may not do. `put:` and `get:` are folders of the bucket, the rest actions. */
const lists: Readonly<Record<string, string>> = {
  dispatch: "put:runs put:snapshots put:baselines put:kept secret receive delete",
  examine:
    "put:incidents put:baselines put:targets put:watches put:kept get:incidents publish send states delete",
  notify: "put:runs put:snapshots put:baselines put:cursors put:kept secret send delete",
  digest: "put:runs put:snapshots put:baselines put:watches put:cursors secret send receive delete",
};

export const deedsOf = (name: string): readonly string[] => lists[name]?.split(" ") ?? [];

interface Where {
  readonly made: ReadonlyMap<string, Made>;
  readonly bucket: string;
}

/** Tries all of them. @throws Error naming those that were let through, or failed otherwise */
export async function forbidden(name: string, as: AwsSettings, where: Where): Promise<void> {
  const through: string[] = [];
  for (const deed of deedsOf(name)) {
    const outcome = await attempt(deed, as, where).then(
      () => "was allowed",
      // A refusal in XML is no JSON to the client of SQS: its status says what it is.
      (error: unknown) =>
        Object(error).$metadata?.httpStatusCode === 403 ? undefined : `failed: ${error}`,
    );
    if (outcome !== undefined) through.push(`${deed} ${outcome}`);
  }
  if (through.length > 0) throw new Error(`${name}: ${through.join("; ")}`);
}

function attempt(deed: string, as: AwsSettings, { made, bucket }: Where): Promise<unknown> {
  const [action, folder = "runs"] = deed.split(":");
  const object = { Bucket: bucket, Key: `${folder}/v1/production/intruder.json` };
  const of = (words: string): Made => {
    const [, found] = [...made].find(([id]) => id.includes(words)) ?? [];
    if (found === undefined) throw new Error(`there is no ${words}`);
    return found;
  };
  const QueueUrl = of("Queuepulse").ref;
  switch (action) {
    case "put":
      return new S3Client(as).send(new PutObjectCommand({ ...object, Body: "{}" }));
    case "get":
      return new S3Client(as).send(new GetObjectCommand(object));
    case "delete":
      return new S3Client(as).send(new DeleteObjectCommand(object));
    case "publish": {
      const TopicArn = of("AlertsPage").arn;
      return new SNSClient(as).send(new PublishCommand({ TopicArn, Message: "x" }));
    }
    case "send":
      return new SQSClient(as).send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
    case "receive":
      return new SQSClient(as).send(new ReceiveMessageCommand({ QueueUrl }));
    case "secret": {
      const secret = new GetSecretValueCommand({ SecretId: "shop-vigil" });
      return new SecretsManagerClient(as).send(secret);
    }
    case "states":
      return new RDSClient(as).send(new DescribeDBInstancesCommand({}));
    default:
      throw new Error(`what is ${deed}?`);
  }
}

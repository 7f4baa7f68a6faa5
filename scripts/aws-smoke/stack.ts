import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from "@aws-sdk/client-cloudformation";
import { DeleteObjectsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { smokeTemplate } from "./template.ts";

export interface SmokeStack extends AsyncDisposable {
  readonly bucket: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Made for the time of this run; its end takes everything with it, however the run ends. */
export async function smokeStack(name: string): Promise<SmokeStack> {
  const cloud = new CloudFormationClient();
  const waiting = { client: cloud, maxWaitTime: 600 };
  const remove = async () => {
    await empty(name);
    await cloud.send(new DeleteStackCommand({ StackName: name }));
    await waitUntilStackDeleteComplete(waiting, { StackName: name });
  };
  await cloud.send(
    new CreateStackCommand({
      StackName: name,
      TemplateBody: JSON.stringify(
        smokeTemplate(name, new Date(Date.now() + 90_000).toISOString()),
      ),
      Capabilities: ["CAPABILITY_IAM"],
      Tags: [{ Key: "pgvigil", Value: "aws-smoke" }],
    }),
  );
  try {
    await waitUntilStackCreateComplete(waiting, { StackName: name });
    const { Stacks = [] } = await cloud.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = Object.fromEntries(
      (Stacks[0]?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [
        ...[OutputKey, OutputValue],
      ]),
    );
    return { bucket: name, outputs, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A bucket that holds something cannot be deleted. One that was never made holds nothing. */
async function empty(bucket: string): Promise<void> {
  const s3 = new S3Client();
  const { Contents = [] } = await s3
    .send(new ListObjectsV2Command({ Bucket: bucket }))
    .catch((error: Error) => {
      if (error.name === "NoSuchBucket") return { Contents: [] };
      throw error;
    });
  if (Contents.length === 0) return;
  const Objects = Contents.map(({ Key }) => ({ Key }));
  await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
}

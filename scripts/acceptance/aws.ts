import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CancelKeyDeletionCommand, EnableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateDBInstanceCommand,
  CreateDBSubnetGroupCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import { until } from "./steps.ts";
import { keys, region } from "./user.ts";

/** A message as a subscriber with raw delivery has it. */
export interface Told {
  readonly subject: string | undefined;
  readonly severity: string | undefined;
  readonly status: string | undefined;
  readonly check: string | undefined;
  readonly body: string;
}

/** A queue that is subscribed, and everything that it was told so far. */
export interface Reader {
  readonly arn: string;
  read(): Promise<readonly Told[]>;
}

/** What exists before pgvigil does, and what only a test looks at. */
export function awsAt(endpoint: string) {
  // A busy emulator resets connections.
  const settings = { endpoint, region, credentials: keys, maxAttempts: 12 };
  const sqs = new SQSClient(settings);
  const cloud = new CloudFormationClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  return {
    async reader(name: string): Promise<Reader> {
      const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
      );
      const told: Told[] = [];
      return {
        arn: Attributes.QueueArn ?? "",
        async read() {
          for (;;) {
            const { Messages = [] } = await sqs.send(
              new ReceiveMessageCommand({
                ...{ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 },
                MessageAttributeNames: ["All"],
              }),
            );
            for (const { Body = "", MessageAttributes = {}, ReceiptHandle } of Messages) {
              const of = (name: string) => MessageAttributes[name]?.StringValue;
              const said = { severity: of("severity"), status: of("status"), check: of("check") };
              told.push({ subject: of("subject"), ...said, body: Body });
              await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
            }
            if (Messages.length === 0) return told;
          }
        },
      };
    },
    /** Messages in the stack's queue whose id has these words in it. */
    async waiting(stack: string, words: string): Promise<number> {
      const { StackResources = [] } = await cloud.send(
        new DescribeStackResourcesCommand({ StackName: stack }),
      );
      const queue = StackResources.find(
        ({ ResourceType, LogicalResourceId = "" }) =>
          ResourceType === "AWS::SQS::Queue" && LogicalResourceId.includes(words),
      );
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: queue?.PhysicalResourceId,
          AttributeNames: ["ApproximateNumberOfMessages"],
        }),
      );
      return Number(Attributes.ApproximateNumberOfMessages);
    },
    async secret(name: string, value: object): Promise<string> {
      const client = new SecretsManagerClient(settings);
      const SecretString = JSON.stringify(value);
      const { ARN } = await client.send(new CreateSecretCommand({ Name: name, SecretString }));
      return z.string().parse(ARN);
    },
    /**
     * What is in a bucket, and how to put it and its key back: MiniStack deletes with a stack what
     * its template says is to stay.
     */
    async kept(bucket: string, KeyId: string): Promise<() => Promise<void>> {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      const objects = await Promise.all(
        Contents.map(async ({ Key = "" }) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
          return { Key, Body: (await Body?.transformToByteArray()) ?? new Uint8Array() };
        }),
      );
      return async () => {
        const told = { EventBridgeConfiguration: {} };
        const kms = new KMSClient(settings);
        await kms.send(new CancelKeyDeletionCommand({ KeyId }));
        await kms.send(new EnableKeyCommand({ KeyId }));
        await s3.send(new CreateBucketCommand({ Bucket: bucket }));
        for (const { Key, Body } of objects) {
          await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
        }
        await s3.send(
          new PutBucketNotificationConfigurationCommand({
            ...{ Bucket: bucket, NotificationConfiguration: told },
          }),
        );
      };
    },
    /** As `cdk destroy` does, which does not understand what MiniStack says at the end. */
    async deleteStack(name: string): Promise<void> {
      await cloud.send(new DeleteStackCommand({ StackName: name }));
      await until("the stack is gone", 60, async () => {
        const there = await cloud.send(new DescribeStacksCommand({ StackName: name })).then(
          ({ Stacks = [] }) => Stacks.some(({ StackStatus }) => StackStatus !== "DELETE_COMPLETE"),
          () => false,
        );
        return there ? undefined : true;
      });
    },
    /**
     * An instance in a network of its own, into which nobody is let; no server stands behind it.
     * Answers with its security group.
     */
    async instance(name: string, environment: string): Promise<string> {
      const [ec2, rds] = [new EC2Client(settings), new RDSClient(settings)];
      const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
      const subnets = ["a", "b"].map(async (zone, at) => {
        const CidrBlock = `10.0.${at}.0/24`;
        const AvailabilityZone = `${region}${zone}`;
        const subnet = { VpcId: Vpc?.VpcId, CidrBlock, AvailabilityZone };
        const { Subnet } = await ec2.send(new CreateSubnetCommand(subnet));
        return z.string().parse(Subnet?.SubnetId);
      });
      const { GroupId = "" } = await ec2.send(
        new CreateSecurityGroupCommand({ VpcId: Vpc?.VpcId, GroupName: name, Description: name }),
      );
      await rds.send(
        new CreateDBSubnetGroupCommand({
          ...{ DBSubnetGroupName: name, DBSubnetGroupDescription: name },
          SubnetIds: await Promise.all(subnets),
        }),
      );
      await rds.send(
        new CreateDBInstanceCommand({
          ...{ DBInstanceIdentifier: name, Engine: "postgres", DBInstanceClass: "db.t4g.micro" },
          ...{ DBName: "shop", AllocatedStorage: 20, EnableIAMDatabaseAuthentication: true },
          ...{ MasterUsername: "root", MasterUserPassword: "not-asked-for" },
          ...{ DBSubnetGroupName: name, VpcSecurityGroupIds: [GroupId] },
          Tags: [{ Key: "env", Value: environment }],
        }),
      );
      return GroupId;
    },
    async keysOf(bucket: string, prefix: string): Promise<readonly string[]> {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
      );
      return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    },
    async bytesOf(bucket: string, key: string): Promise<string> {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString("base64")) ?? "";
    },
  };
}

/**
 * Everything that is tried, in one stack, so that one deletion takes all of it away. Its key's
 * statement for CloudWatch, and its roles' for S3, are those of `lib/constructs/`.
 */
export function smokeTemplate(bucket: string, everyMinuteFrom: string): object {
  const here = { account: { Ref: "AWS::AccountId" }, arn: att("Queue", "Arn") };
  const ours = { StringEquals: { "aws:SourceAccount": here.account } };
  const allow = (Action: string[], Resource: unknown, more: object = {}) => ({
    ...{ Effect: "Allow", Action, Resource, ...more },
  });
  const service = (name: string) => ({ Principal: { Service: `${name}.amazonaws.com` } });
  const root = { AWS: { "Fn::Sub": `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root` } };
  const objects = { "Fn::Sub": `arn:\${AWS::Partition}:s3:::${bucket}/*` };
  const useKey = allow(["kms:Decrypt", "kms:GenerateDataKey"], att("Key", "Arn"));
  const list = allow(["s3:ListBucket"], { "Fn::Sub": `arn:\${AWS::Partition}:s3:::${bucket}` });
  const resources = {
    Key: resource("KMS::Key", {
      PendingWindowInDays: 7,
      KeyPolicy: policy([
        { Effect: "Allow", Principal: root, Action: "kms:*", Resource: "*" },
        allow(["kms:Decrypt", "kms:GenerateDataKey"], "*", {
          ...service("cloudwatch"),
          Condition: ours,
        }),
      ]),
    }),
    Queue: resource("SQS::Queue", { SqsManagedSseEnabled: true }),
    Critical: resource("SQS::Queue", { SqsManagedSseEnabled: true }),
    QueuePolicy: resource("SQS::QueuePolicy", {
      Queues: [{ Ref: "Queue" }, { Ref: "Critical" }],
      PolicyDocument: policy(
        ["s3", "sns"].map((name) =>
          allow(["sqs:SendMessage"], "*", { ...service(name), Condition: ours }),
        ),
      ),
    }),
    Bucket: {
      ...resource("S3::Bucket", {
        BucketName: bucket,
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              ServerSideEncryptionByDefault: {
                ...{ SSEAlgorithm: "aws:kms", KMSMasterKeyID: att("Key", "Arn") },
              },
              BucketKeyEnabled: true,
            },
          ],
        },
        NotificationConfiguration: {
          QueueConfigurations: [{ Event: "s3:ObjectCreated:*", Queue: here.arn }],
        },
      }),
      DependsOn: ["QueuePolicy"],
    },
    Topic: resource("SNS::Topic", { KmsMasterKeyId: att("Key", "Arn") }),
    TopicPolicy: resource("SNS::TopicPolicy", {
      Topics: [{ Ref: "Topic" }],
      PolicyDocument: policy([
        allow(["sns:Publish"], { Ref: "Topic" }, { ...service("cloudwatch"), Condition: ours }),
      ]),
    }),
    All: subscription("Queue"),
    Filtered: subscription("Critical", { severity: ["critical"] }),
    // Nobody counts it, and what is missing breaches: it rings a few minutes after it was made.
    Alarm: resource("CloudWatch::Alarm", {
      ...{ Namespace: "pgvigil-smoke", MetricName: "Nothing", Statistic: "Sum", Period: 60 },
      ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "LessThanThreshold" },
      ...{ TreatMissingData: "breaching", AlarmActions: [{ Ref: "Topic" }] },
    }),
    Ticker: role(service("scheduler"), [allow(["sqs:SendMessage"], here.arn)]),
    Tick: resource("Scheduler::Schedule", {
      ScheduleExpression: "rate(1 minute)",
      StartDate: everyMinuteFrom,
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        ...{ Arn: here.arn, RoleArn: att("Ticker", "Arn") },
        Input: JSON.stringify({ scheduledTime: "<aws.scheduler.scheduled-time>" }),
      },
    }),
    WritesOnly: role({ Principal: root }, [allow(["s3:PutObject"], objects), useKey, list]),
    ReadsToo: role({ Principal: root }, [
      allow(["s3:PutObject", "s3:GetObject"], objects),
      ...[useKey, list],
    ]),
  };
  const outputs = ["Queue", "Critical", "Topic"].map((name) => [name, { Value: { Ref: name } }]);
  const roles = ["WritesOnly", "ReadsToo"].map((name) => [name, { Value: att(name, "Arn") }]);
  return { Resources: resources, Outputs: Object.fromEntries([...outputs, ...roles]) };
}

const resource = (type: string, properties: object) => ({
  ...{ Type: `AWS::${type}`, Properties: properties },
});

const att = (id: string, attribute: string) => ({ "Fn::GetAtt": [id, attribute] });

const policy = (statements: readonly object[]) => ({
  ...{ Version: "2012-10-17", Statement: statements },
});

const subscription = (queue: string, filter?: object) =>
  resource("SNS::Subscription", {
    ...{ TopicArn: { Ref: "Topic" }, Protocol: "sqs", Endpoint: att(queue, "Arn") },
    ...{ RawMessageDelivery: true, ...(filter === undefined ? {} : { FilterPolicy: filter }) },
  });

const role = (who: object, statements: readonly object[]) =>
  resource("IAM::Role", {
    AssumeRolePolicyDocument: policy([{ Effect: "Allow", Action: "sts:AssumeRole", ...who }]),
    Policies: [{ PolicyName: "smoke", PolicyDocument: policy(statements) }],
  });

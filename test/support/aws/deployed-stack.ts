import type { FakeAws } from "./fake-aws.ts";

export const topicArn = (name: string): string => `arn:aws:sns:eu-central-1:111122223333:${name}`;
const queueUrl = (name: string): string =>
  `https://sqs.eu-central-1.amazonaws.com/111122223333/${name}`;
const lambdaArn = (name: string) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;

const allowing = (actions: readonly string[]) =>
  JSON.stringify({
    Statement: [
      { Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" }, Action: actions },
    ],
  });

const functions = {
  dispatch: "what is due, and what nobody has seen",
  "pulse-main": "looks at databases: pulse, main",
  notify: "from runs to incidents and alerts",
};

/**
 * A stack of pgvigil as AWS describes it, healthy in everything, for a test to break.
 *
 * @param hears how it is told of runs: by its own bucket, or by a rule where the bucket was given
 */
export function deployedStack(
  aws: FakeAws,
  configuration: string,
  hears: "queue" | "rule" = "queue",
): void {
  const resource = (type: string, logical: string, physical: string) =>
    `<member><ResourceType>${type}</ResourceType><LogicalResourceId>${logical}</LogicalResourceId><PhysicalResourceId>${physical}</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>2026-11-01T00:00:00Z</LastUpdatedTimestamp></member>`;
  const resources = [
    ...Object.keys(functions).map((name) => resource("AWS::Lambda::Function", name, name)),
    resource("AWS::Lambda::EventSourceMapping", "PulseSource", "uuid-1"),
    resource("AWS::Scheduler::ScheduleGroup", "Group", "vigil"),
    resource("AWS::Scheduler::Schedule", "Nightly", "nightly-1"),
    resource("AWS::Scheduler::Schedule", "Pulse", "vigil|pulse-1"),
    resource("AWS::SQS::Queue", "VigilDeadLetters", queueUrl("dead")),
    resource("AWS::SQS::Queue", "VigilQueuepulsemain", queueUrl("pulse-main-queue")),
    resource("AWS::KMS::Key", "VigilKey", "key-1"),
    hears === "queue"
      ? resource("AWS::SQS::Queue", "VigilRunsQueue", queueUrl("heard"))
      : resource("AWS::Events::Rule", "VigilRunsOfTheBucket", "rule-1"),
  ];
  // Two pages.
  aws.queries.results.set("ListStackResources", (form) => {
    const isFirst = form.get("NextToken") === null;
    const page = isFirst ? resources.slice(0, 5) : resources.slice(5);
    const next = isFirst ? "<NextToken>more</NextToken>" : "";
    return `<StackResourceSummaries>${page.join("")}</StackResourceSummaries>${next}`;
  });
  const outputs = {
    VigilOutputsStore1A2B3C4D: "s3://runs",
    VigilOutputsKey1A2B3C4D: "arn:aws:kms:eu-central-1:111122223333:key/key-1",
    VigilOutputsConfiguration1A2B3C4D: configuration,
    ...Object.fromEntries(
      ["alerts", "chat", "page", "events"].map((name) => {
        aws.topics.create(name);
        aws.topics.attributes.set(topicArn(name), {
          KmsMasterKeyId: "key-1",
          Policy: allowing(["sns:Publish"]),
        });
        return [`VigilOutputsTopic${name}1A2B3C4D`, topicArn(name)];
      }),
    ),
  };
  const said = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  setStack(aws, "UPDATE_COMPLETE", said.join(""));
  subscribe(aws, "alerts", "email", "dba@example.com");
  const queues = { main: { pulse: queueUrl("pulse-main-queue"), deep: queueUrl("deep") } };
  for (const [name, description] of Object.entries(functions)) {
    setFunction(aws, name, {
      Description: `pgvigil: ${description}`,
      ...(name === "dispatch"
        ? { Environment: { Variables: { PGVIGIL_QUEUES: JSON.stringify(queues) } } }
        : {}),
    });
  }
  setSource(aws, { State: "Enabled", LastProcessingResult: "OK" });
  setSchedule(aws, "nightly-1", "cron(0 3 * * ? *)", "Europe/Berlin");
  setSchedule(aws, "pulse-1", "rate(5 minutes)", "Europe/Berlin");
  setKey(aws, "Enabled", allowing(["kms:Decrypt", "kms:GenerateDataKey*"]));
  aws.buckets.pageSize = 1000;
  aws.buckets.notify("runs", "runs/v1/", "heard");
  aws.queries.results.set("DescribeDBInstances", "<DBInstances></DBInstances>");
  aws.queries.results.set("DescribeDBClusters", "<DBClusters></DBClusters>");
}

export const setStack = (aws: FakeAws, status: string, outputs: string): void =>
  void aws.queries.results.set(
    "DescribeStacks",
    `<Stacks><member><StackName>Pgvigil</StackName><StackStatus>${status}</StackStatus><CreationTime>2026-11-01T00:00:00Z</CreationTime><LastUpdatedTime>2026-11-19T00:00:00Z</LastUpdatedTime><Outputs>${outputs}</Outputs></member></Stacks>`,
  );

export const setFunction = (aws: FakeAws, name: string, more: object): void =>
  void aws.rest.results.set(`lambda GET /2015-03-31/functions/${name}/configuration`, {
    ...{ FunctionArn: lambdaArn(name), State: "Active", LastUpdateStatus: "Successful" },
    ...{ Runtime: "nodejs24.x", LastModified: "2026-11-19T08:00:00.000+0000" },
    CodeSha256: "9c1e52abXYZ=",
    ...more,
  });

export const setSource = (aws: FakeAws, more: object): void =>
  void aws.rest.results.set("lambda GET /2015-03-31/event-source-mappings/uuid-1", {
    FunctionArn: lambdaArn("pulse-main"),
    EventSourceArn: "arn:aws:sqs:eu-central-1:111122223333:pulse-main-queue",
    ...more,
  });

export const setSchedule = (
  aws: FakeAws,
  name: string,
  expression: string,
  timezone: string,
  State = "ENABLED",
): void =>
  void aws.rest.results.set(`scheduler GET /schedules/${name}`, {
    ...{ Name: name, Description: `pgvigil: ${name}`, State },
    ...{ ScheduleExpression: expression, ScheduleExpressionTimezone: timezone },
  });

export function setKey(aws: FakeAws, KeyState: string, Policy: string): void {
  const Arn = "arn:aws:kms:eu-central-1:111122223333:key/key-1";
  aws.rest.results.set("kms DescribeKey", { KeyMetadata: { Arn, KeyState } });
  aws.rest.results.set("kms GetKeyPolicy", { Policy });
}

export function subscribe(
  aws: FakeAws,
  topic: string,
  protocol: string,
  endpoint: string,
  arn = "arn:aws:sns:eu-central-1:111122223333:alerts:1",
): void {
  const there = aws.topics.people.get(topicArn(topic)) ?? [];
  aws.topics.people.set(topicArn(topic), [...there, { protocol, endpoint, arn }]);
}

export const answerProbe = (aws: FakeAws, name: string, reply: object): void =>
  void aws.rest.results.set(`lambda POST /2015-03-31/functions/${name}/invocations`, reply);

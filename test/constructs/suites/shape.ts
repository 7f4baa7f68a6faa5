import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { toSecrets } from "../../../lib/constructs/secrets-endpoint.ts";
import {
  collector,
  example,
  flat,
  hub,
  ofType,
  type Resource,
  type Synthesized,
} from "../stacks.ts";

const types = (stack: Synthesized): readonly string[] => [
  ...new Set(Object.values(stack.resources).map(({ Type }) => Type)),
];

const propertiesOf = (stack: Synthesized, type: string) =>
  ofType(stack, type).map(([, { Properties }]) => Properties);

/** What a part of the stack is made of; code is named, not hashed. */
const part = (stack: Synthesized, prefix: string): string =>
  stringify(
    Object.fromEntries(Object.entries(stack.resources).filter(([id]) => id.startsWith(prefix))),
    (key, value: unknown) => (key === "S3Key" ? "<code>" : value),
    { lineWidth: 100, aliasDuplicateObjects: false },
  );

describe("shape", () => {
  test.each([
    ["key", example, "VigilKey"],
    ["run-bucket", example, "VigilRuns"],
    ["dead-letters", example, "VigilDeadLetters"],
    ["alert-topics", example, "VigilAlerts"],
    ["examiner-pulse", example, "VigilExaminersExaminepulsemain"],
    ["examiner-queue", example, "VigilExaminersQueuepulsemain"],
    ["network-existing", example, "VigilExaminersNetworkmain"],
    ["network-created", collector, "VigilExaminersNetwork"],
    ["dispatch", example, "VigilDispatch"],
    ["notify", example, "VigilNotify"],
    ["digest", example, "VigilDigest"],
    ["schedules", example, "VigilSchedules"],
    ["self-alarms", hub, "VigilSelfAlarms"],
    ["dashboard", hub, "VigilDashboard"],
  ])("%s, as it was agreed on", async (name, stack, prefix) => {
    const text = part(stack, prefix);
    expect(text.length).toBeGreaterThan(10);
    await expect(text).toMatchFileSnapshot(`./goldens/${name}.golden.yaml`);
  });

  test("a logical id that changes is a resource that is made anew: a bucket, its alarms, its mails", async () => {
    const ids = Object.entries(example.resources).map(([id, { Type }]) => `${Type} ${id}`);
    await expect(`${ids.sort().join("\n")}\n`).toMatchFileSnapshot(
      "./goldens/logical-ids.golden.txt",
    );
  });

  test("no resource has a name of its own, so that two stacks fit into one account", () => {
    const named =
      /^(Bucket|Function|Queue|Topic|Role|Policy|LogGroup|Alarm|Dashboard|Group|Rule)Name$/;
    for (const stack of [example, hub, collector]) {
      const found = Object.entries(stack.resources).flatMap(([id, { Type, Properties }]) =>
        Object.keys(Properties ?? {})
          // A policy's name is within its role.
          .filter((key) => named.test(key) && Type !== "AWS::IAM::Policy")
          // A schedule names the group that it is in, which is another resource.
          .filter((key) => typeof Properties[key] === "string")
          .map((key) => `${id}.${key}`),
      );
      expect(found).toEqual([]);
    }
  });

  test("a mode is what it deploys: a hub looks at nothing, a collector tells nobody", () => {
    const count = (stack: Synthesized, type: string) => ofType(stack, type).length;
    expect(count(example, "AWS::Lambda::Function")).toBe(7);
    expect(count(hub, "AWS::Lambda::Function")).toBe(3);
    expect(count(collector, "AWS::Lambda::Function")).toBe(3);
    expect(types(collector)).not.toContain("AWS::SNS::Topic");
    expect(types(collector)).not.toContain("AWS::S3::Bucket");
    expect(types(collector)).not.toContain("AWS::KMS::Key");
    const [queues] = propertiesOf(hub, "AWS::Lambda::Function").flatMap(
      ({ Environment }) => Environment.Variables.PGVIGIL_QUEUES ?? [],
    );
    expect(queues).toBe("{}");
  });

  test("every function runs on Node 24 on ARM, from a role and to a log group of its own", () => {
    const functions = propertiesOf(example, "AWS::Lambda::Function");
    for (const each of functions) {
      expect(each).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        LoggingConfig: { LogFormat: "JSON" },
      });
      // Node refuses to start with an option that NODE_OPTIONS may not hold.
      expect(each.Environment.Variables).not.toHaveProperty("NODE_OPTIONS");
      expect(each).not.toHaveProperty("ReservedConcurrentExecutions");
    }
    const roles = functions.map(({ Role }) => flat(Role));
    expect(new Set(roles).size).toBe(functions.length);
    for (const { RetentionInDays } of propertiesOf(example, "AWS::Logs::LogGroup")) {
      expect(RetentionInDays).toBe(30);
    }
  });

  test("the bucket is made after the queue lets S3 in, functions after their rights", () => {
    const [[, bucket] = []] = ofType(example, "AWS::S3::Bucket");
    expect(bucket?.DependsOn).toEqual([expect.stringMatching(/^VigilRunsQueuePolicy/)]);
    for (const type of ["AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"]) {
      for (const [id, { DependsOn }] of ofType(example, type)) {
        expect(DependsOn, id).toContainEqual(expect.stringMatching(/DefaultPolicy/));
      }
    }
  });

  test("bucket and key stay when the stack goes; what can be made again goes with it", () => {
    const kept = Object.values(example.resources).filter(
      ({ DeletionPolicy }) => DeletionPolicy === "Retain",
    );
    expect(kept.map(({ Type }) => Type).sort()).toEqual(["AWS::KMS::Key", "AWS::S3::Bucket"]);
  });

  test("the bucket tells one queue of runs, and EventBridge, which is paid for each object, of nothing", () => {
    const [[, bucket] = []] = ofType(example, "AWS::S3::Bucket");
    expect(Object.keys(bucket?.Properties.NotificationConfiguration)).toEqual([
      "QueueConfigurations",
    ]);
    expect(ofType(collector, "AWS::Events::Rule")).toEqual([]);
  });

  test("a message stays hidden for six times as long as it may be worked on", () => {
    for (const stack of [example, hub, collector]) {
      for (const { EventSourceArn, FunctionName, ScalingConfig } of propertiesOf(
        stack,
        "AWS::Lambda::EventSourceMapping",
      )) {
        const queue = named(stack, EventSourceArn);
        const handler = named(stack, FunctionName);
        expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * handler.Timeout);
        expect(queue.RedrivePolicy.maxReceiveCount).toBeGreaterThan(1);
        expect(queue.SqsManagedSseEnabled).toBe(true);
        expect(ScalingConfig.MaximumConcurrency).toBeLessThanOrEqual(5);
      }
    }
  });

  test("functions in a network go to the databases' ports and to S3, nowhere else", () => {
    const [main] = propertiesOf(example, "AWS::EC2::SecurityGroup");
    expect(main.SecurityGroupEgress.map(pathOf)).toEqual([
      "5432 sg-0d4e5f60718293a4b",
      "443 pl-6ea54007",
      "443 sg-0c9d8e7f6a5b41302",
    ]);
    const into = propertiesOf(example, "AWS::EC2::SecurityGroupIngress").map(
      ({ GroupId, FromPort }) => `${GroupId} ${FromPort}`,
    );
    expect(into).toContain("sg-0c9d8e7f6a5b41302 443");
    const [staging] = propertiesOf(example, "AWS::EC2::SecurityGroup").slice(1);
    expect(staging.SecurityGroupEgress.map(pathOf)).toEqual([
      "5433 sg-0e7d6c5b4a3928170",
      "443 pl-6ea54007",
    ]);
    const [created] = propertiesOf(collector, "AWS::EC2::SecurityGroup");
    expect(created.SecurityGroupEgress.map(pathOf)).toEqual([
      "5432 0.0.0.0/0",
      "6432 0.0.0.0/0",
      "443 pl-6ea54007",
    ]);
    const [toSecrets] = propertiesOf(collector, "AWS::EC2::SecurityGroupEgress");
    expect(toSecrets).toMatchObject({ FromPort: 443, ToPort: 443 });
    expect(flat(toSecrets.DestinationSecurityGroupId)).toMatch(/SecretsGroup/);
  });

  test.each([
    ["existing", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]],
    ["10.20.0.0/16", ["10.20.0.0/16"]],
  ])(
    "an endpoint of Secrets Manager that is %s is looked for in no public place",
    (said, ranges) => {
      const rules = toSecrets({ secretsEndpoint: said });
      expect(rules.map(({ cidrIp, fromPort, toPort }) => [cidrIp, fromPort, toPort])).toEqual(
        ranges.map((range) => [range, 443, 443]),
      );
    },
  );

  test("tags and the permissions boundary go through to everything that takes them", () => {
    for (const role of propertiesOf(collector, "AWS::IAM::Role")) {
      expect(role.PermissionsBoundary).toBe("arn:aws:iam::444455556666:policy/boundary");
    }
    for (const { Tags } of propertiesOf(collector, "AWS::Lambda::Function")) {
      expect(Tags).toContainEqual({ Key: "team", Value: "platform" });
    }
  });
});

const pathOf = (rule: Record<string, unknown>): string =>
  `${rule.FromPort} ${rule.DestinationSecurityGroupId ?? rule.DestinationPrefixListId ?? rule.CidrIp}`;

function named({ resources }: Synthesized, reference: unknown): Resource["Properties"] {
  const id = flat(reference).replace(/^<|(\.Arn)?>$/g, "");
  return resources[id]?.Properties;
}

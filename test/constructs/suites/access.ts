import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { collector, example, flat, hub, ofType, type Synthesized } from "../stacks.ts";

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

const list = <T>(value: T | readonly T[]): readonly T[] => [value].flat() as T[];

const statementsOf = (
  stack: Synthesized,
  type: string,
): readonly (readonly [string, Statement])[] =>
  ofType(stack, type).flatMap(([id, { Properties }]) =>
    (Properties.PolicyDocument ?? Properties.KeyPolicy).Statement.map(
      (statement: Statement) => [id, statement] as const,
    ),
  );

/** Which role may do what, with what: a line an action and a resource. */
const permissions = (stack: Synthesized): string =>
  ofType(stack, "AWS::IAM::Policy")
    .flatMap(([, { Properties }]) => {
      const role = flat(Properties.Roles[0]).slice(1, -9);
      const lines = Properties.PolicyDocument.Statement.flatMap((each: Statement) =>
        list(each.Action).flatMap((action) =>
          list(each.Resource).map(
            (resource) =>
              `  ${each.Effect === "Deny" ? "not " : ""}${action}  ${flat(resource)}` +
              (each.Condition === undefined ? "" : `  if ${JSON.stringify(each.Condition)}`),
          ),
        ),
      );
      return [role, ...lines, ""];
    })
    .join("\n");

describe("access", () => {
  test.each([
    ["all", example],
    ["hub", hub],
    ["collector", collector],
  ])("of %s: each role, what it may do and with what, as agreed", async (name, stack) => {
    await expect(permissions(stack)).toMatchFileSnapshot(
      `./goldens/permissions-${name}.golden.txt`,
    );
  });

  test("no action is a wildcard, nobody deletes, and nobody may use what it cannot name", () => {
    for (const stack of [example, hub, collector]) {
      for (const [id, { Effect, Action, Resource, Sid = "" }] of statementsOf(
        stack,
        "AWS::IAM::Policy",
      )) {
        expect(
          list(Action).filter((action) => /[*?]|:Delete(?!Message|NetworkI)/.test(action)),
        ).toEqual([]);
        if (Effect === "Deny" || Sid === "StandInTheNetwork") continue;
        expect(list(Resource).map(flat), `${id} ${Sid}`).not.toContain("*");
      }
    }
  });

  test("what examines cannot publish, and writes no incident and no baseline", () => {
    const examiners = permissions(example)
      .split("\n\n")
      .filter((each) => each.startsWith("VigilExaminers"));
    expect(examiners).toHaveLength(4);
    for (const each of examiners) {
      expect(each).not.toContain("sns:");
      expect(each).not.toMatch(/PutObject.*(incidents|baselines|targets|watches)/);
      expect(each.match(/rds-db:connect|secretsmanager:GetSecretValue/g)).not.toBeNull();
    }
  });

  test("a collector writes the runs of its own environments, at a place that no key can shift", () => {
    const put = permissions(collector)
      .split("\n")
      .filter((line) => line.includes("PutObject"))
      .map((line) => line.replace(/.*:s3:::the-bucket-of-the-hub\//, ""));
    expect([...new Set(put)].sort()).toEqual([
      "cursors/v1/staging/*",
      ...["hourly", "nightly", "pulse", "watch"].map(
        (profile) =>
          `runs/v1/profile=${profile}/date=????-??-??/????????T??????Z-staging=*.json.gz`,
      ),
      "seen/v1/staging/*",
      "snapshots/*",
      "states/v1/staging/*",
    ]);
  });

  test("the hub's bucket lets a collector's account do that, and no more", () => {
    const allowed = statementsOf(hub, "AWS::S3::BucketPolicy")
      .map(([, statement]) => statement)
      .filter(({ Effect }) => Effect === "Allow");
    expect(allowed.map(({ Action }) => Action)).toEqual([
      ["s3:GetObject", "s3:PutObject"],
      "s3:GetObject",
      "s3:ListBucket",
    ]);
    for (const { Principal } of allowed) {
      expect(flat(Object(Principal).AWS)).toBe("arn:aws:iam::444455556666:root");
    }
    const written = list(allowed[0]?.Resource).map((each) => flat(each).replace(/^<[^>]+>\//, ""));
    expect(written).toEqual(expect.arrayContaining(["snapshots/*", "states/v1/staging/*"]));
    expect(
      written.filter((key) => key.startsWith("runs/")).every((key) => key.includes("-staging=")),
    ).toBe(true);
  });

  test("the key serves alarms, which call as themselves, and nobody else beside the account", () => {
    const services = statementsOf(example, "AWS::KMS::Key").flatMap(
      ([, { Principal, Condition }]) => {
        const { Service } = Object(Principal);
        return Service === undefined ? [] : [[Service, Condition] as const];
      },
    );
    expect(services).toEqual([
      [
        "cloudwatch.amazonaws.com",
        { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      ],
    ]);
  });

  test("queues take messages from S3 of this account, and from nobody without TLS", () => {
    const statements = statementsOf(example, "AWS::SQS::QueuePolicy");
    const senders = statements.filter(([, { Effect }]) => Effect === "Allow");
    expect(senders.map(([, { Principal, Condition }]) => [Principal, Condition])).toEqual([
      [
        { Service: "s3.amazonaws.com" },
        { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      ],
    ]);
    const refused = statements.filter(([, { Effect }]) => Effect === "Deny").map(([id]) => id);
    expect(refused).toHaveLength(ofType(example, "AWS::SQS::Queue").length);
  });

  test("topics take what alarms of this account say, and nothing without TLS", () => {
    const statements = statementsOf(example, "AWS::SNS::TopicPolicy").map(([, each]) => each);
    expect(statements.map(({ Sid }) => Sid)).toEqual(
      Array(4).fill(["OnlyEncryptedOnTheWay", "AlarmsOfThisAccount"]).flat(),
    );
  });

  test("Object Lock is said of each object: the bucket has no default, and writers may lock", () => {
    const [[, bucket] = []] = ofType(hub, "AWS::S3::Bucket");
    expect(bucket?.Properties).toMatchObject({ ObjectLockEnabled: true });
    expect(bucket?.Properties).not.toHaveProperty("ObjectLockConfiguration");
    expect(permissions(hub)).toMatch(/s3:PutObjectRetention\s+\S+\/baselines\/\*/);
    for (const [, { Properties }] of ofType(hub, "AWS::Lambda::Function")) {
      expect(Properties.Environment.Variables.PGVIGIL_OBJECT_LOCK).toBe(
        '{"mode":"governance","days":30}',
      );
    }
    expect(permissions(example)).not.toContain("Retention");
  });

  test("cdk-nag (AwsSolutions) has nothing to add to what is acknowledged with a reason", () => {
    for (const { stack } of [example, hub, collector]) {
      const { violations } = new AwsSolutionsChecks().validateScope(stack);
      expect(violations).toEqual([]);
    }
    const reasons = example.stack.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.values(Object(data)));
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(String(reason).length).toBeGreaterThan(30);
  });
});

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../lib/core/errors.ts";
import { collector, example, hub, stackOf } from "../stacks.ts";

const configured = ({ more = "", aws = "" }): string => `
schemaVersion: 1
timezone: Europe/Berlin
environments: { production: { targets: { orders: { url: "postgres://pgvigil@orders.internal/orders" } } } }
${more}
aws: { region: eu-central-1, ${aws} }
`;

const network = "vpc: vpc-0a1b, subnets: [subnet-0c2d]";

describe("refusals and words at synth", () => {
  test("a bad configuration ends with the words of the command line, and no stack trace", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pgvigil-synth-"));
    const file = join(folder, "pgvigil.config.yaml");
    await writeFile(file, "schemaVersion: 1\nenvironments: { a: { target: {} } }\n");
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((done) => {
      const env = { ...process.env, PGVIGIL_CONFIG: file };
      execFile(process.execPath, ["bin/app.ts"], { env }, (error, _, stderr) =>
        done({ code: error?.code, stderr }),
      );
    });
    expect(code).toBe(5);
    expect(stderr).toContain("pgvigil.config.yaml:2:22: environments.a.target: ");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.each([
    [{ more: "alerts: { subscriptions: [{ topic: page, httpsEnv: NOT_SET }] }" }, /NOT_SET/],
    [
      {
        more: 'alerts: { subscriptions: [{ topic: page, email: a@example.com, check: ["locks/*-chain"] }] }',
      },
      /prefix or a suffix/,
    ],
    [{ more: "profiles: { pulse: { every: 90s } }" }, /whole minutes/],
    [{ more: 'profiles: { nightly: { cron: "0 3 */2 * 1" } }' }, /knows no day that fits both/],
    [{ aws: `networks: { main: { ${network}, s3Endpoint: create } }` }, /needs routeTables/],
    [
      { aws: `networks: { main: { ${network}, secretsEndpoint: anywhere } }` },
      /create, existing, the security group of the one that is there/,
    ],
    [{ aws: "mode: collector" }, /write bucket and key/],
    [{ aws: "environments: [production]" }, /goes with mode: collector/],
    [
      { aws: 'collectors: [{ account: "111122223333", environments: [production] }]' },
      /goes with mode: hub/,
    ],
    [
      { aws: 'mode: hub, collectors: [{ account: "111122223333", environments: [nowhere] }]' },
      /there is no environment "nowhere"/,
    ],
  ])("%j is refused", (config, words) => {
    let error: unknown;
    try {
      stackOf(configured(config));
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toMatch(words);
  });

  test("an hour that daylight saving skips, a login that is missing, alarms that nobody hears: warned of", () => {
    const said = stackOf(configured({ more: 'profiles: { nightly: { cron: "30 2 * * *" } }' }))
      .node.findAll()
      .flatMap(({ node }) => node.metadata.map(({ data }) => String(data)))
      .join("\n");
    expect(said).toMatch(
      /nightly \(30 2 \* \* \*, Europe\/Berlin\) leaves out a day: 20\d\d-03-\d\d 02:30/,
    );
    expect(said).toContain("production/orders: the functions have no password for it");
    expect(said).toContain("nobody is told when pgvigil itself stands still");
  });

  test("the example is warned of what it lacks, and of nothing else", () => {
    expect(example.said).toEqual([]);
    expect(collector.said).toEqual([expect.stringContaining("staging/legacy: the functions have")]);
  });

  test("synth prints what a key and a topic that were there before must say", () => {
    const words = hub.said.join("\n");
    expect(words).toContain("aws.key: its policy must hold");
    expect(words).toMatch(/"Service": "cloudwatch.amazonaws.com"/);
    expect(words).toContain('"arn:aws:iam::444455556666:root"');
    expect(words).toContain("aws.topics.alerts: its policy must hold");
    expect(words).toContain('"Resource": "arn:aws:sns:eu-central-1:111122223333:dba"');
  });

  test("a bucket that was there before: heard by a rule, whose queue lets EventBridge in", () => {
    const stack = stackOf(configured({ aws: "bucket: an-old-bucket" }));
    const rule = stack.node.findChild("Vigil").node.findChild("RunsOfTheBucket").node.defaultChild;
    expect(stack.resolve(Object(rule).eventPattern)).toMatchObject({
      source: ["aws.s3"],
      detail: { bucket: { name: ["an-old-bucket"] }, object: { key: [{ prefix: "runs/v1/" }] } },
    });
    const policy = stack.node
      .findChild("Vigil")
      .node.findChild("RunsQueue")
      .node.findChild("Policy");
    const { Statement } = stack.resolve(Object(policy.node.defaultChild).policyDocument);
    expect(Statement).toContainEqual(
      expect.objectContaining({ Principal: { Service: "events.amazonaws.com" } }),
    );
    expect(stack.node.findAll().some(({ node }) => node.id === "BucketPolicy")).toBe(false);
  });
});

test.each(["hub", "collector"])("the worked example of several accounts: %s", (name) => {
  const stack = stackOf(readFileSync(`examples/accounts/${name}.config.yaml`, "utf8"));
  const said = stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === "aws:cdk:warning");
  expect(said).toEqual([]);
});

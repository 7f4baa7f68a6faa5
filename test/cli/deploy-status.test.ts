import { expect, test } from "vitest";
import { known } from "../../lib/cli/known.ts";
import { configHash } from "../../lib/config/hash.ts";
import { parseConfig } from "../../lib/config/load.ts";
import type { ProfileName } from "../../lib/core/profile.ts";
import { keepRun } from "../../lib/run/keep-run.ts";
import { at, passed, runAt } from "../incidents/fleet.ts";
import {
  answerProbe,
  deployedStack,
  setFunction,
  setKey,
  setSchedule,
  setSource,
  setStack,
  subscribe,
  topicArn,
} from "../support/aws/deployed-stack.ts";
import { type Checkout, checkout } from "../support/aws/deployment.ts";
import { xmlError } from "../support/aws/replies.ts";

const configuration = `
schemaVersion: 1
store: s3://runs
environments:
  production:
    targets:
      orders: { url: "postgres://vigil@orders.c1ab.eu-central-1.rds.amazonaws.com/orders" }
      reports: { url: "postgres://vigil@reports.c1ab.eu-central-1.rds.amazonaws.com/reports", pausable: true }
aws:
  region: eu-central-1
  networks: { main: { vpc: vpc-0a1b, subnets: [subnet-0c2d] } }
`;

const hash = configHash(parseConfig(configuration, "pgvigil.config.yaml", known));

/** A deployment that is well, looked at three minutes, an hour and ten hours ago. */
async function deployed(): Promise<Checkout> {
  const place = await checkout(configuration, { now: at(60) });
  deployedStack(place.aws, hash);
  for (const [minutes, profile] of [
    [57, "pulse"],
    [0, "hourly"],
    [-540, "nightly"],
  ] as const satisfies readonly (readonly [number, ProfileName])[]) {
    await keepRun(place.store, runAt(minutes, [passed("server/unreachable")], { profile }));
  }
  return place;
}

interface Line {
  readonly area: string;
  readonly name: string;
  readonly state: string;
  readonly detail: string;
  readonly cure?: string;
}

async function linesOf(place: Checkout, ...args: string[]) {
  const { code, stdout, stderr } = await place.run("deploy-status", "--format", "json", ...args);
  expect(stderr).toBe("");
  const lines: readonly Line[] = JSON.parse(stdout);
  return { code, lines, bad: lines.filter(({ state }) => state !== "ok") };
}

test("a deployment that is well says of each part how it is, and exits 0", async () => {
  await using place = await deployed();
  const { code, bad } = await linesOf(place);
  expect(bad).toEqual([]);
  expect(code).toBe(0);
  const { stdout } = await place.run("deploy-status");
  expect(stdout).toContain("  ok    Pgvigil  UPDATE_COMPLETE, since 2026-11-19 00:00 UTC");
  expect(stdout).toContain("nodejs24.x, updated 2026-11-19 08:00 UTC, code 9c1e52ab");
  expect(stdout).toContain("next 2026-11-21 02:00 UTC, cron(0 3 * * ? *) Europe/Berlin");
  expect(stdout).toContain("pulse-main-queue  to pulse-main: Enabled, OK");
  expect(stdout).toContain("0 messages waiting");
  expect(stdout).toContain("production/orders  pulse 3 min ago, hourly 1 h ago, nightly 10 h ago");
  expect(stdout).toContain("(it may sleep)");
});

test("everything that is broken is told, each with what mends it, and exits 1", async () => {
  await using place = await deployed();
  const { aws } = place;
  setFunction(aws, "notify", { State: "Failed", StateReason: "the subnet is gone" });
  setSchedule(aws, "pulse-1", "rate(5 minutes)", "UTC", "DISABLED");
  setSource(aws, { State: "Disabled", LastProcessingResult: "OK" });
  aws.queues.send("dead", "{}");
  // On the second page of them, too; the path of a webhook is a secret.
  subscribe(aws, "alerts", "email", "b@example.com");
  subscribe(aws, "alerts", "email", "ada@example.com", "PendingConfirmation");
  subscribe(aws, "alerts", "https", "https://hooks.example.com/secret", "PendingConfirmation");
  aws.topics.attributes.delete(topicArn("page"));
  setKey(aws, "Disabled", "{}");
  const { code, bad } = await linesOf(place);
  expect(bad.map(({ area, detail }) => [area, detail])).toEqual([
    ["function", expect.stringMatching(/Failed.*the subnet is gone/)],
    ["schedule", expect.stringContaining("switched off")],
    ["event source", expect.stringContaining("Disabled")],
    ["queue", expect.stringContaining("1 message could not be worked on")],
    ["topic", expect.stringContaining("email ada@example.com has not confirmed")],
    ["topic", expect.stringContaining("https hooks.example.com has not confirmed")],
    ["topic", expect.stringContaining("does not let CloudWatch publish")],
    ["key", expect.stringContaining("it is Disabled")],
  ]);
  expect(bad.every(({ cure = "" }) => cure !== "")).toBe(true);
  expect(JSON.stringify(bad)).not.toContain("/secret");
  expect(code).toBe(1);

  setStack(aws, "UPDATE_ROLLBACK_COMPLETE", "");
  setSource(aws, { State: "Enabled", LastProcessingResult: "PROBLEM: Lambda is not authorized" });
  setKey(aws, "Enabled", "{}");
  const again = (await linesOf(place)).bad;
  expect(again).toContainEqual(expect.objectContaining({ area: "stack", state: "warning" }));
  expect(again).toContainEqual(
    expect.objectContaining({ area: "event source", detail: expect.stringContaining("PROBLEM") }),
  );
});

test("a target that is late, one that nobody ever saw, and one that cannot be read", async () => {
  const longAgo = await checkout(configuration, { now: at(60 * 24 * 3) });
  await using place = longAgo;
  deployedStack(place.aws, hash);
  const never = await linesOf(place);
  expect(never.bad).toMatchObject([
    { area: "look", name: "production/orders", detail: "nobody has ever looked at it" },
  ]);
  await keepRun(place.store, runAt(0, [passed("server/unreachable")], { profile: "pulse" }));
  const late = await linesOf(place);
  expect(late.bad).toMatchObject([{ detail: "late: pulse 3 d ago, hourly never, nightly never" }]);
  expect(late.code).toBe(1);
  place.aws.buckets.write("runs", "targets/v1/production/orders.json", "{");
  const torn = await linesOf(place);
  expect(torn.bad).toMatchObject([{ state: "unknown", name: "production/orders" }]);
  expect(torn.code).toBe(6);
});

test("another configuration than the deployed one is a warning; its spelling is none", async () => {
  await using place = await deployed();
  const same = `# rearranged\naws: { networks: { main: { subnets: [subnet-0c2d], vpc: vpc-0a1b } }, region: eu-central-1 }\n${configuration.slice(0, configuration.indexOf("\naws:"))}`;
  expect(configHash(parseConfig(same, "x", known))).toBe(hash);
  deployedStack(place.aws, "0123456789abcdef");
  const { bad, code } = await linesOf(place);
  expect(bad).toMatchObject([{ area: "configuration", state: "warning" }]);
  expect(code).toBe(1);
  expect((await linesOf(place, "--fail-on", "critical")).code).toBe(0);
});

test("a bucket that does not tell this stack of new runs is critical", async () => {
  await using place = await deployed();
  const { aws } = place;
  const outputs =
    "<member><OutputKey>VigilOutputsStore1A2B3C4D</OutputKey><OutputValue>s3://mute</OutputValue></member>";
  const bucketLine = async () =>
    (await linesOf(place)).lines.find(({ area }) => area === "bucket") ?? {};
  setStack(aws, "UPDATE_COMPLETE", outputs);
  const critical = (words: string) => ({
    ...{ state: "critical", detail: expect.stringContaining(words) },
  });
  expect(await bucketLine()).toMatchObject(critical("it tells nobody of new runs"));
  // Its notifications outlive the stack that wrote them; a queue of that name may be long gone.
  aws.buckets.notify("mute", "runs/v1/", "arn:aws:sqs:eu-central-1:111122223333:gone");
  expect(await bucketLine()).toMatchObject(critical(":gone, and not this stack, of new runs"));
  // The bucket would tell; a stack with a bucket of its own has no rule that listens.
  aws.buckets.telling.add("mute");
  expect(await bucketLine()).toMatchObject(critical("and not this stack"));
  deployedStack(aws, hash, "rule");
  setStack(aws, "UPDATE_COMPLETE", outputs);
  expect(await bucketLine()).toMatchObject({ detail: "it tells EventBridge of new runs" });
});

test("the policies of a hub are held against its collectors", async () => {
  const hub = `${configuration}  mode: hub
  collectors: [{ account: "444455556666", environments: [production] }]
`;
  await using place = await checkout(hub, { now: at(60) });
  deployedStack(place.aws, configHash(parseConfig(hub, "pgvigil.config.yaml", known)));
  const closed = await linesOf(place);
  expect(closed.code).toBe(1);
  expect(closed.bad).toMatchObject([
    { area: "key", detail: expect.stringContaining("leaves out the collectors of 444455556666") },
    { area: "bucket", detail: expect.stringContaining("account 444455556666") },
    { area: "look", name: "production/orders", detail: "nobody has ever looked at it" },
  ]);
  const open = (Action: readonly string[]) => ({
    ...{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::444455556666:root" }, Action },
  });
  const policy = { Statement: open(["s3:Get*", "s3:PutObject", "s3:ListBucket"]) };
  place.aws.buckets.policies.set("runs", JSON.stringify(policy));
  const alarms = {
    Effect: "Allow",
    Principal: { Service: ["cloudwatch.amazonaws.com"] },
    Action: "kms:*",
  };
  const both = [open(["kms:Decrypt", "kms:GenerateDataKey"]), alarms];
  setKey(place.aws, "Enabled", JSON.stringify({ Statement: both }));
  const left = (await linesOf(place)).bad.map(({ area }) => area);
  expect(left).toEqual(["look"]);
});

test("without a configuration here the machinery is told, and that the targets are not known", async () => {
  await using place = await checkout(undefined);
  deployedStack(place.aws, hash);
  const { code, bad } = await linesOf(place);
  expect(bad).toMatchObject([{ area: "configuration", state: "unknown", cure: "--config FILE" }]);
  expect(code).toBe(6);
});

test("what one may not see is said, and the rest is told all the same: exit 6", async () => {
  await using place = await deployed();
  place.aws.faults.plan("denied", ({ service }) => service === "kms" || service === "rds", 99);
  const { code, bad } = await linesOf(place);
  expect(bad).toMatchObject([
    { area: "key", state: "unknown", detail: expect.stringContaining("AWS denies it") },
    { area: "RDS", state: "unknown" },
  ]);
  expect(code).toBe(6);
});

test("what RDS runs and no target names is a notice: it fails nothing", async () => {
  await using place = await deployed();
  const instance = (name: string, database: string) =>
    `<DBInstance><DBInstanceIdentifier>${name}</DBInstanceIdentifier><Engine>postgres</Engine><DBName>${database}</DBName><DBInstanceStatus>available</DBInstanceStatus><Endpoint><Address>${name}.c1ab.eu-central-1.rds.amazonaws.com</Address><Port>5432</Port></Endpoint></DBInstance>`;
  place.aws.queries.results.set(
    "DescribeDBInstances",
    `<DBInstances>${instance("orders", "orders")}${instance("reports", "warehouse")}${instance("shop", "shop")}</DBInstances>`,
  );
  const { code, bad } = await linesOf(place);
  expect(code).toBe(0);
  expect(bad.map(({ state, name, detail }) => [state, name, detail])).toEqual([
    ["notice", "", "1 PostgreSQL server in no configuration"],
    ["notice", "reports", "nobody watches its database warehouse"],
    ["notice", "shop", "nobody watches the instance (available)"],
  ]);
  expect((await linesOf(place, "--fail-on", "notice")).code).toBe(1);
});

test("--probe asks the function of each network, and tells each step", async () => {
  await using place = await deployed();
  const step = { name: "DNS", ok: true, milliseconds: 3, detail: "10.0.0.7" };
  const closed = {
    ...{ name: "TCP", ok: false, milliseconds: 5000, detail: "no answer within 5 s" },
    ...{ errorClass: "unreachable", hint: "A security group drops the packets." },
  };
  let asked: unknown;
  place.aws.rest.results.set(
    "lambda POST /2015-03-31/functions/pulse-main/invocations",
    (request) => {
      asked = JSON.parse(request.body.toString());
      return { probed: [{ target: "production/orders", steps: [step, closed] }] };
    },
  );
  const { bad, code } = await linesOf(place, "--probe");
  expect(asked).toEqual({ probe: { targets: ["production/orders", "production/reports"] } });
  expect(bad).toEqual([
    {
      ...{ area: "way", name: "production/orders", state: "critical" },
      detail: "TCP: unreachable, no answer within 5 s, 5000 ms",
      cure: "A security group drops the packets.",
    },
    expect.objectContaining({ name: "production/reports", state: "warning" }),
  ]);
  expect(code).toBe(1);
  answerProbe(place.aws, "pulse-main", { something: "else" });
  const strange = await linesOf(place, "--probe");
  expect(strange.bad).toMatchObject([
    { area: "way", state: "unknown", detail: expect.stringContaining("something else") },
  ]);
  expect(strange.code).toBe(6);
});

test.each([
  ["no stack", [], "there is no stack Pgvigil in eu-central-1"],
  ["a region that is none", ["--region", "europe"], "--region europe: no region"],
])("%s is a mistake that is said: exit 5", async (_, args, says) => {
  await using place = await checkout(configuration);
  const gone = xmlError(400, "ValidationError", false);
  const body = String(gone.body).replace(
    "ValidationError, says the fake",
    "Stack with id Pgvigil does not exist",
  );
  place.aws.queries.results.set("DescribeStacks", { ...gone, body });
  const { code, stderr, stdout } = await place.run("deploy-status", ...args);
  expect([code, stdout]).toEqual([5, ""]);
  expect(stderr).toContain(says);
});

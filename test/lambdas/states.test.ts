import { expect, test } from "vitest";
import type { Config } from "../../lib/config/schema.ts";
import { configFor, type Deployment, deployment } from "../support/aws/functions.ts";

const now = new Date("2026-11-20T12:00:00Z");

/** Hosts of RDS that nobody reaches from here. */
const host = (name: string) => `${name}.c1ab.eu-central-1.rds.amazonaws.com`;

function configOf(names: readonly string[], pausable: readonly string[]): Config {
  const config = configFor(
    Object.fromEntries(names.map((name) => [`staging/${name}`, `postgres://v@${host(name)}/app`])),
  );
  for (const name of pausable) {
    Object.assign(config.environments.staging?.targets[name] ?? {}, { pausable: true });
  }
  return config;
}

const instance = (name: string, status: string, cluster = "") =>
  `<DBInstance><DBInstanceIdentifier>${name}</DBInstanceIdentifier><DBInstanceStatus>${status}</DBInstanceStatus>${
    cluster === "" ? "" : `<DBClusterIdentifier>${cluster}</DBClusterIdentifier>`
  }<Endpoint><Address>${host(name)}</Address></Endpoint></DBInstance>`;

function rdsSays({ aws }: Deployment, instances: readonly string[], sleeper?: string): void {
  const cluster =
    sleeper === undefined
      ? ""
      : `<DBCluster><DBClusterIdentifier>${sleeper}</DBClusterIdentifier><Status>available</Status><ServerlessV2ScalingConfiguration><MinCapacity>0</MinCapacity></ServerlessV2ScalingConfiguration></DBCluster>`;
  aws.queries.results.set("DescribeDBClusters", `<DBClusters>${cluster}</DBClusters>`);
  aws.queries.results.set(
    "DescribeDBInstances",
    `<DBInstances>${instances.join("")}</DBInstances>`,
  );
}

const ordered = (here: Deployment, lane: string): readonly string[] =>
  here.aws.queues
    .of(lane)
    .flatMap(({ body }) => JSON.parse(body).targets)
    .sort();

test("what may be paused is not knocked at while it is off, nor woken by a frequent look", async () => {
  const config = configOf(["off", "on", "serverless", "steady"], ["off", "on", "serverless"]);
  await using here = await deployment(config, { now });
  rdsSays(
    here,
    [
      instance("off", "stopped"),
      instance("on", "available"),
      instance("serverless", "available", "sleepy"),
      instance("steady", "stopped"),
    ],
    "sleepy",
  );
  await here.tick("pulse");
  expect(ordered(here, "pulse")).toEqual(["staging/on", "staging/steady"]);
  await here.tick("nightly");
  expect(ordered(here, "deep")).toEqual(["staging/on", "staging/serverless", "staging/steady"]);
});

test("where all sleep the chain ends with its tick, and no night is overdue", async () => {
  await using here = await deployment(configOf(["off"], ["off"]), { now });
  rdsSays(here, [instance("off", "stopped")]);
  for (const profile of ["pulse", "hourly", "nightly"]) await here.tick(profile);
  expect(here.counted).toEqual([
    "Heartbeat{pulse}=1",
    "Heartbeat{hourly}=1",
    "NightlyAgeHours=0",
    "Heartbeat{nightly}=1",
  ]);
});

test("where RDS does not say, a pulse lets sleepers sleep, and everybody else is looked at", async () => {
  const config = configOf(["maybe", "steady"], ["maybe"]);
  await using here = await deployment(config, { now });
  here.aws.faults.plan("denied", ({ service }) => service === "rds", 99);
  await here.tick("pulse");
  expect(ordered(here, "pulse")).toEqual(["staging/steady"]);
  await here.tick("hourly");
  expect(ordered(here, "deep")).toEqual(["staging/maybe", "staging/steady"]);
});

test.each([
  ["start-db-instance --db-instance-identifier off", ""],
  ["start-db-cluster --db-cluster-identifier orders", "orders"],
])("what is stopped is started as what it is: %s", async (command, cluster) => {
  await using here = await deployment(configOf(["off"], []), { now });
  rdsSays(here, [instance("off", "stopped", cluster)]);
  await here.tick("pulse");
  await here.examine("pulse");
  await here.notify();
  expect(here.aws.queues.of("mail")[0]?.body.replace(/\s+/g, " ")).toContain(`aws rds ${command}`);
});

test("an alert of somebody who does not answer says what RDS says, and what to type", async () => {
  const config = configOf(["full"], []);
  await using here = await deployment(config, { now });
  rdsSays(here, [instance("full", "storage-full")]);
  await here.tick("pulse");
  expect(here.aws.buckets.keys("vigil")).toContain("states/v1/staging/hosts.json");
  // No name resolves here: the host is gone from the network, as RDS would have it.
  await here.examine("pulse");
  await here.notify();
  const [mail] = here.aws.queues.of("mail");
  const text = mail?.body.replace(/\s+/g, " ");
  expect(text).toContain("RDS says that full is out of storage");
  expect(text).toContain("aws rds modify-db-instance --db-instance-identifier full");
  const writes = () =>
    here.aws.calls.filter(({ operation, key }) => operation === "PUT" && key.startsWith("states/"));
  expect(writes()).toHaveLength(1);
  await here.tick("pulse");
  expect(writes()).toHaveLength(1);
});

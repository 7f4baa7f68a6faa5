import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { known } from "../../lib/cli/known.ts";
import { parseConfig } from "../../lib/config/load.ts";
import { type Checkout, checkout } from "../support/aws/deployment.ts";
import { ec2, type Rule, type Table } from "../support/aws/ec2.ts";
import { cluster, type Given, rds } from "../support/aws/rds.ts";

const written = (place: Checkout) => readFile(join(place.cwd, "pgvigil.config.yaml"), "utf8");
const read = (text: string) => parseConfig(text, "pgvigil.config.yaml", known);

const production = { env: "production" };
const orders: Given = { id: "orders", database: "orders", tags: production };
const missing = "an ingress rule each. Missing until then:";

test.each<[string, Readonly<Record<string, readonly Rule[]>>, string]>([
  ["no rule", { "sg-0d4e": [] }, "#   sg-0d4e, port 5432: billing, orders"],
  [
    "a rule for another port, protocol, part of the network and group",
    {
      "sg-0d4e": [
        { ports: [5433, 6000], ranges: ["10.0.0.0/16"] },
        { protocol: "udp", ports: [5432, 5432], ranges: ["10.0.0.0/16"] },
        { ports: [5432, 5432], ranges: ["10.0.1.0/24", "10.0.2.0/25", "192.168.0.0/16"] },
        { ports: [5432, 5432], from: ["sg-0bbb", "the application"] },
      ],
    },
    "#   sg-0d4e, port 5432: billing, orders",
  ],
  [
    "the whole network",
    { "sg-0d4e": [{ ports: [5432, 5432], ranges: ["10.0.0.0/16"] }] },
    "already",
  ],
  [
    "a range of its own for each subnet, to many ports",
    {
      "sg-0d4e": [{ ports: [5000, 6000], ranges: ["10.0.1.0/24", "10.0.2.0/24"] }],
    },
    "already",
  ],
  [
    "everybody, by every protocol",
    { "sg-0d4e": [{ protocol: "-1", ranges: ["0.0.0.0/0"] }] },
    "already",
  ],
  [
    "what an earlier deployment wrote",
    {
      "sg-0d4e": [{ ports: [5432, 5432], from: ["sg-0bbb", "pgvigil"] }],
    },
    "already",
  ],
])("%s: the rules that are missing are named, and no others", async (_, groups, says) => {
  await using place = await checkout(undefined);
  rds(place.aws, [orders, { id: "billing", database: "billing", tags: production }]);
  ec2(place.aws, groups);
  const { code, stderr } = await place.run("init", "--from", "rds");
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("ingress")]);
  const text = await written(place);
  expect(text).toContain(says);
  expect(text.includes(missing)).toBe(says !== "already");
  expect(read(text).aws?.networks?.main?.databaseSecurityGroups).toEqual(["sg-0d4e"]);
});

test("one of a server's groups that lets them in is enough; each port is asked for", async () => {
  await using place = await checkout(undefined);
  rds(
    place.aws,
    [orders, { id: "shop-1", engine: "aurora-postgresql", cluster: "shop", tags: production }],
    [cluster("shop", production)],
  );
  ec2(place.aws, {
    "sg-0d4e": [{ ports: [5432, 5432], ranges: ["10.0.0.0/8"] }],
    "sg-0aaa": [{ ports: [5432, 5432], ranges: ["10.0.0.0/8"] }],
  });
  await place.run("init", "--from", "rds");
  const text = await written(place);
  expect(text).toContain("#   sg-0aaa, port 5433: shop");
  expect(text).not.toContain("#   sg-0d4e");
});

test("who may not ask EC2 is told what is not known, and has the rest", async () => {
  await using place = await checkout(undefined);
  rds(place.aws, [orders]);
  ec2(place.aws, {});
  place.aws.faults.plan("denied", ({ service }) => service === "ec2", 99);
  const { code, stderr } = await place.run("init", "--from", "rds");
  expect(code).toBe(0);
  expect(stderr).toContain(
    "What is missing on the way from the functions to there is not known: EC2: AWS denies it",
  );
  expect(await written(place)).toContain("to port 5432: an ingress rule each");
});

test.each<[string, Readonly<Record<string, Table>>, object]>([
  [
    "both have it, the second by the main table",
    {
      "rtb-0a9b": { subnets: ["subnet-0c2d"], endpoint: "Gateway" },
      "rtb-0main": { isMain: true, endpoint: "Gateway" },
    },
    { s3Endpoint: "existing" },
  ],
  [
    "one has none, and one that goes by DNS alone is none",
    {
      "rtb-0a9b": { subnets: ["subnet-0c2d"], endpoint: "Gateway" },
      "rtb-0main": { isMain: true, endpoint: "Interface" },
    },
    { s3Endpoint: "create", routeTables: ["rtb-0main"] },
  ],
  [
    "none has, and a table of other subnets does not matter",
    {
      "rtb-0a9b": { subnets: ["subnet-0c2d", "subnet-0e3f"] },
      "rtb-0main": { isMain: true },
      "rtb-0fff": { subnets: ["subnet-0fff"], endpoint: "Gateway" },
    },
    { s3Endpoint: "create", routeTables: ["rtb-0a9b"] },
  ],
])("S3 from the functions' subnets: %s", async (_, tables, expected) => {
  await using place = await checkout(undefined);
  rds(place.aws, [orders]);
  ec2(place.aws, {}, tables);
  expect((await place.run("init", "--from", "rds")).code).toBe(0);
  const { s3Endpoint, routeTables } = read(await written(place)).aws?.networks?.main ?? {};
  expect({ s3Endpoint, routeTables }).toEqual(expected);
});

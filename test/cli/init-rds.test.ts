import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { known } from "../../lib/cli/known.ts";
import { parseConfig } from "../../lib/config/load.ts";
import { targetsOf } from "../../lib/config/targets.ts";
import { type Checkout, checkout } from "../support/aws/deployment.ts";
import { cluster, type Given, host, rds } from "../support/aws/rds.ts";

const written = (place: Checkout) => readFile(join(place.cwd, "pgvigil.config.yaml"), "utf8");
const read = (text: string) => parseConfig(text, "pgvigil.config.yaml", known);

const production = { env: "production" };

test("what RDS knows is written, what is missing stands beside it, and the file is valid", async () => {
  await using place = await checkout(undefined);
  rds(
    place.aws,
    [
      { id: "orders", database: "orders", tags: production },
      { id: "orders-replica", source: "orders", tags: production },
      { id: "billing", tags: { Environment: "Staging EU" }, iam: false, status: "stopped" },
      { id: "new", tags: production, isMade: false, status: "creating" },
      { id: "legacy", engine: "mysql", tags: production },
      { id: "shop-1", engine: "aurora-postgresql", cluster: "shop" },
      { id: "shop-2", engine: "aurora-postgresql", cluster: "shop" },
    ],
    [cluster("shop", production)],
  );
  const { code, stdout, stderr } = await place.run("init", "--from", "rds");
  expect(code).toBe(0);
  const text = await written(place);
  const config = read(text);
  expect(
    targetsOf(config).map(({ target, url, replica, auth }) => [
      `${target.environment}/${target.name}`,
      url,
      replica,
      auth?.iam?.resourceId,
    ]),
  ).toEqual([
    [
      "production/orders",
      `postgres://pgvigil@${host("orders")}/orders`,
      `postgres://pgvigil@${host("orders-replica")}/orders`,
      "db-ORDERS",
    ],
    [
      "production/shop",
      "postgres://pgvigil@shop.cluster-c1ab.eu-central-1.rds.amazonaws.com:5433/shop",
      "postgres://pgvigil@shop.cluster-ro-c1ab.eu-central-1.rds.amazonaws.com:5433/shop",
      "cluster-ABC",
    ],
    [
      "staging-eu/billing",
      `postgres://pgvigil@${host("billing")}/postgres`,
      undefined,
      "db-BILLING",
    ],
  ]);
  expect(config.aws).toMatchObject({
    region: "eu-central-1",
    networks: {
      main: {
        ...{ vpc: "vpc-0a1b", subnets: ["subnet-0c2d", "subnet-0e3f"], s3Endpoint: "existing" },
        databaseSecurityGroups: ["sg-0aaa", "sg-0d4e"],
      },
    },
  });
  expect(text).toContain("to port 5432 and 5433: an ingress rule each");
  expect(text).toContain("aws rds modify-db-cluster --db-cluster-identifier shop --enable-iam");
  expect(text).toContain("aws rds modify-db-instance --db-instance-identifier billing");
  expect(text).toContain("put the name of yours in the place of postgres");
  expect(text).toContain("# RDS says: stopped.");
  expect(text).toContain("# new (creating) has no endpoint yet.");
  expect(text).not.toContain("legacy");
  expect(stdout).toContain('GRANT CONNECT ON DATABASE "orders" TO "pgvigil";');
  expect(stdout).toContain('GRANT rds_iam TO "pgvigil";');
  expect(stderr).toContain("3 targets; something is missing at 2");
  expect((await place.run("init", "--from", "rds")).code).toBe(5);
});

test("--tag narrows, and names the environment", async () => {
  await using place = await checkout(undefined);
  rds(place.aws, [
    { id: "a", database: "a", tags: { Stage: "x", team: "shop" } },
    { id: "b", database: "b", tags: { team: "payments" } },
  ]);
  expect((await place.run("init", "--from", "rds", "--tag", "team=shop")).code).toBe(0);
  const config = read(await written(place));
  expect(targetsOf(config).map(({ target }) => target)).toEqual([
    { environment: "shop", name: "a" },
  ]);
  const none = await place.run("init", "--from", "rds", "--tag", "team=nobody");
  expect(none.code).toBe(5);
  expect(none.stderr).toContain(
    "no PostgreSQL server with the tag team=nobody; 2 have another tag",
  );
});

test("three hundred servers in two networks come over pages, with names that are valid and unique", async () => {
  await using place = await checkout(undefined);
  const given = Array.from(
    { length: 300 },
    (_, i): Given => ({
      id: `db-${i}`,
      database: "app",
      vpc: i % 2 === 0 ? "vpc-0a1b" : "vpc-0c3d",
      tags: { env: ["no", "Ünïcode!", "1e3", "x".repeat(80)][i % 4] ?? "" },
    }),
  );
  rds(place.aws, given);
  expect((await place.run("init", "--from", "rds")).code).toBe(0);
  const config = read(await written(place));
  const targets = targetsOf(config);
  expect(targets).toHaveLength(300);
  expect(new Set(targets.map(({ target }) => `${target.environment}/${target.name}`)).size).toBe(
    300,
  );
  expect(Object.keys(config.aws?.networks ?? {})).toEqual(["vpc-0a1b", "vpc-0c3d"]);
  expect(targets.every(({ network }) => network !== undefined)).toBe(true);
  const asked = place.aws.calls.filter(({ operation }) => operation === "DescribeDBInstances");
  expect(asked).toHaveLength(3);
});

test("a server without a tag is nobody's environment until somebody says so", async () => {
  await using place = await checkout(undefined);
  rds(place.aws, [{ id: "a", database: "a" }]);
  await place.run("init", "--from", "rds");
  const text = await written(place);
  expect(text).toContain("  unsorted:\n    # No tag says which environment");
  expect(Object.keys(read(text).environments)).toEqual(["unsorted"]);
});

test("--check writes nothing and says what nobody watches; a notice fails where it is to", async () => {
  await using place = await checkout(undefined);
  rds(place.aws, [
    { id: "a", database: "a", tags: production },
    { id: "b", database: "b" },
  ]);
  expect((await place.run("init", "--from", "rds", "--tag", "env=production")).code).toBe(0);
  const before = await written(place);
  const { code, stdout } = await place.run("init", "--from", "rds", "--check");
  expect(code).toBe(0);
  expect(stdout).toContain("1 PostgreSQL server in no configuration");
  expect(stdout).toContain("b  nobody watches the instance (available)");
  expect((await place.run("init", "--from", "rds", "--check", "--fail-on", "notice")).code).toBe(1);
  expect(await written(place)).toBe(before);
  await writeFile(join(place.cwd, "pgvigil.config.yaml"), before.replace('/a"', '/other"'));
  const other = await place.run("init", "--from", "rds", "--check", "--tag", "env=production");
  expect(other.stdout).toContain("nobody watches its database a");
});

test.each([
  [["--tag", "env"], "--tag env: not KEY=VALUE"],
  [["--url", "postgres://x/y"], "--url does not go with --from rds"],
  [["--region", "Frankfurt"], "--region Frankfurt: no region"],
])("%j is refused", async (args, says) => {
  await using place = await checkout(undefined);
  rds(place.aws, []);
  const { code, stderr } = await place.run("init", "--from", "rds", ...args);
  expect([code, stderr.includes(says)]).toEqual([5, true]);
});

test("RDS that may not be asked is a sentence; flags of RDS alone say so", async () => {
  await using place = await checkout(undefined);
  place.aws.faults.plan("denied", undefined, 99);
  const { code, stderr } = await place.run("init", "--from", "rds");
  expect(code).toBe(5);
  expect(stderr).toContain("RDS: AWS denies it");
  expect((await place.run("init", "--check")).stderr).toContain("--check goes with --from rds");
});

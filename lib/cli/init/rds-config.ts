import type { WaysIn } from "../../adapters/aws/ingress.ts";
import type { RdsServer } from "../../adapters/aws/rds-inventory.ts";
import { count } from "../../core/units.ts";
import { missingIngress } from "./missing-ingress.ts";
import { isResourceId, type RdsTarget, unsorted } from "./rds-targets.ts";
import { key, scalar } from "./words.ts";

/**
 * A configuration of everything that RDS runs: what it knows is written, and what is missing stands
 * beside it as a comment.
 *
 * @param ways what EC2 says of the way there, where it may be asked
 */
export function rdsConfig(
  servers: readonly RdsServer[],
  targets: readonly RdsTarget[],
  region: string,
  ways: WaysIn | undefined,
): string {
  const networks = networksOf(targets);
  const environments = Map.groupBy(targets, ({ environment }) => environment);
  const nowhere = servers.filter(({ host }) => host === undefined);
  return [
    "# yaml-language-server: $schema=./node_modules/pgvigil/schema/config.schema.json",
    `# ${count(servers.length, "PostgreSQL server")} that RDS runs in ${region}. A target is one database: copy one for another`,
    "# database of its server, with another name and path.",
    "schemaVersion: 1",
    "timezone: UTC",
    "# store: s3://…                    # the output Store, once it is deployed",
    "",
    "environments:",
    ...[...environments]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, of]) => environmentLines(name, of, networks)),
    ...nowhere.map(({ name, status }) => `# ${name} (${status}) has no endpoint yet.`),
    "",
    "aws:",
    `  region: ${region}`,
    ...(networks.size === 0
      ? []
      : ["  networks:", ...[...networks.values()].flatMap((net) => lines(net, ways))]),
    "",
  ].join("\n");
}

interface Net {
  readonly name: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
  readonly ports: readonly number[];
  readonly servers: readonly RdsServer[];
}

/** One a VPC; the functions stand in the subnets of the first server there. */
function networksOf(targets: readonly RdsTarget[]): ReadonlyMap<string, Net> {
  const byVpc = Map.groupBy(targets, ({ server }) => server.vpc);
  byVpc.delete(undefined);
  return new Map(
    [...byVpc].flatMap(([vpc, there]) => {
      const [first] = there.filter(({ server }) => server.subnets.length > 0);
      if (vpc === undefined || first === undefined) return [];
      const groups = new Set(there.flatMap(({ server }) => server.securityGroups));
      const ports = new Set(there.map(({ server }) => server.port));
      const net = {
        ...{ name: byVpc.size === 1 ? "main" : vpc, vpc, subnets: first.server.subnets },
        ...{ groups: [...groups].sort(), ports: [...ports].sort((a, b) => a - b) },
        servers: there.map(({ server }) => server),
      };
      return [[vpc, net] as const];
    }),
  );
}

function environmentLines(
  name: string,
  targets: readonly RdsTarget[],
  networks: ReadonlyMap<string, Net>,
): readonly string[] {
  const isUnsorted = name === unsorted;
  return [
    `  ${key(name)}:`,
    ...(isUnsorted
      ? ["    # No tag says which environment they are of (environment, env, stage): move them."]
      : []),
    "    targets:",
    ...targets.flatMap((target) => targetLines(target, networks)),
  ];
}

function targetLines(
  { name, url, replica, server, missing }: RdsTarget,
  networks: ReadonlyMap<string, Net>,
): readonly string[] {
  const net = networks.size > 1 ? networks.get(server.vpc ?? "") : undefined;
  return [
    `      ${key(name)}:`,
    `        url: ${scalar(url)}`,
    ...(replica === undefined ? [] : [`        replica: ${scalar(replica)}`]),
    ...(isResourceId(server.resourceId)
      ? [`        auth: { iam: { resourceId: ${server.resourceId} } }`]
      : []),
    ...(net === undefined ? [] : [`        network: ${net.name}`]),
    ...missing.map((line) => `        # ${line}`),
  ];
}

function lines(net: Net, ways: WaysIn | undefined): readonly string[] {
  const { name, vpc, subnets, groups } = net;
  const listed = subnets.join(",");
  return [
    `    ${name}:`,
    `      vpc: ${vpc}`,
    `      subnets: [${subnets.join(", ")}]`,
    ...(groups.length === 0
      ? ["      # No security group is known: let the functions' own one in by hand."]
      : [
          ...ingressLines(net, ways).map((line) => `      # ${line}`),
          "      # Where somebody else keeps the rules, take the line out and let them in by hand.",
          `      databaseSecurityGroups: [${groups.join(", ")}]`,
        ]),
    "      # Runs are kept over S3's gateway endpoint, which is free. Where the VPC has none yet, write",
    "      # s3Endpoint: create and routeTables: [rtb-…], those of the subnets:",
    `      # aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=${listed} --query RouteTables[].RouteTableId`,
    "      s3Endpoint: existing",
  ];
}

function ingressLines(
  { ports, subnets, servers }: Net,
  ways: WaysIn | undefined,
): readonly string[] {
  const deploys = "cdk deploy lets its functions into these";
  if (ways === undefined)
    return [`${deploys}, to port ${ports.join(" and ")}: an ingress rule each.`];
  const missing = missingIngress(servers, subnets, ways);
  if (missing.length === 0) {
    return [
      "They let these subnets in already: no ingress rule is missing. cdk deploy adds its own.",
    ];
  }
  return [
    `${deploys}: an ingress rule each. Missing until then:`,
    ...missing.map((it) => `  ${it.group}, port ${it.port}: ${some(it.servers)}`),
  ];
}

const some = (names: readonly string[]): string =>
  names.length <= 4
    ? names.join(", ")
    : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;

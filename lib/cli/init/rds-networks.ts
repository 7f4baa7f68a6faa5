import type { RdsServer } from "../../adapters/aws/rds-inventory.ts";
import type { MissingIngress } from "./missing-ingress.ts";
import type { RdsTarget } from "./rds-targets.ts";

/** A VPC of databases, and where the functions would stand in it. */
export interface Net {
  readonly name: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
  readonly ports: readonly number[];
  readonly servers: readonly RdsServer[];
}

/** One a VPC; the functions stand in the subnets of the first server there. */
export function networksOf(targets: readonly RdsTarget[]): ReadonlyMap<string, Net> {
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

/** What is missing on the way from the functions to the databases, and to S3. */
export interface Way {
  readonly ingress: readonly MissingIngress[];
  /** Route tables of the functions' subnets that have no gateway endpoint of S3. */
  readonly withoutS3: readonly string[];
}

/** A network as the configuration has it. */
export function networkLines(net: Net & { readonly way?: Way | undefined }): readonly string[] {
  const { name, vpc, subnets, groups } = net;
  return [
    `    ${name}:`,
    `      vpc: ${vpc}`,
    `      subnets: [${subnets.join(", ")}]`,
    ...(groups.length === 0
      ? ["      # No security group is known: let the functions' own one in by hand."]
      : [
          ...ingressLines(net, net.way).map((line) => `      # ${line}`),
          "      # Where somebody else keeps the rules, take the line out and let them in by hand.",
          `      databaseSecurityGroups: [${groups.join(", ")}]`,
        ]),
    ...s3Lines(net, net.way).map((line) => `      ${line}`),
  ];
}

function ingressLines({ ports }: Net, way: Way | undefined): readonly string[] {
  const deploys = "cdk deploy lets its functions into these";
  if (way === undefined)
    return [`${deploys}, to port ${ports.join(" and ")}: an ingress rule each.`];
  if (way.ingress.length === 0) {
    return [
      "They let these subnets in already: no ingress rule is missing. cdk deploy adds its own.",
    ];
  }
  return [
    `${deploys}: an ingress rule each. Missing until then:`,
    ...way.ingress.map((it) => `  ${it.group}, port ${it.port}: ${some(it.servers)}`),
  ];
}

function s3Lines({ subnets }: Net, way: Way | undefined): readonly string[] {
  if (way === undefined) {
    const listed = subnets.join(",");
    return [
      "# Runs are kept over S3's gateway endpoint, which is free. Where the VPC has none yet, write",
      "# s3Endpoint: create and routeTables: [rtb-…], those of the subnets:",
      `# aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=${listed} --query RouteTables[].RouteTableId`,
      "s3Endpoint: existing",
    ];
  }
  return way.withoutS3.length === 0
    ? ["s3Endpoint: existing"]
    : [
        "# Runs are kept over S3's gateway endpoint, which is free; these have none yet.",
        `routeTables: [${way.withoutS3.join(", ")}]`,
        "s3Endpoint: create",
      ];
}

const some = (names: readonly string[]): string =>
  names.length <= 4
    ? names.join(", ")
    : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;

import { Annotations, Stack } from "aws-cdk-lib";
import { CfnSecurityGroup, CfnSecurityGroupIngress, CfnVPCEndpoint } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import type { Config } from "../config/schema.ts";
import type { ResolvedTarget } from "../config/targets.ts";
import { UsageError } from "../core/errors.ts";
import { s3PrefixList } from "./s3-prefix-lists.ts";
import { secretsEndpoint, toSecrets } from "./secrets-endpoint.ts";

export type NetworkSettings = NonNullable<NonNullable<Config["aws"]>["networks"]>[string];

export interface NetworkProps {
  readonly name: string;
  readonly settings: NetworkSettings;
  readonly targets: readonly ResolvedTarget[];
}

/**
 * Where the databases are. Nothing is looked up at synth, there is no NAT, and functions may go to
 * the databases' ports and to S3, nowhere else.
 */
export class Network extends Construct {
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, { name, settings, targets }: NetworkProps) {
    super(scope, id);
    this.subnetIds = settings.subnets;
    const ports = portsOf(targets);
    const own = new CfnSecurityGroup(this, "Functions", {
      groupDescription: `pgvigil: to the databases of ${name} and to S3`,
      vpcId: settings.vpc,
      securityGroupEgress: [
        ...this.#toDatabases(ports, settings),
        {
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          destinationPrefixListId: prefixListOf(this, name, settings),
          description: "S3",
        },
        ...toSecrets(settings),
      ],
    });
    this.securityGroupId = own.attrGroupId;
    for (const group of settings.databaseSecurityGroups ?? []) {
      for (const port of ports) {
        new CfnSecurityGroupIngress(this, `Into${group}${port}`, {
          groupId: group,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          sourceSecurityGroupId: own.attrGroupId,
          description: "pgvigil",
        });
      }
    }
    this.#s3Endpoint(settings);
    secretsEndpoint(this, settings, own);
    this.#warn(name, settings, targets);
  }

  #toDatabases(
    ports: readonly number[],
    { databaseSecurityGroups }: NetworkSettings,
  ): CfnSecurityGroup.EgressProperty[] {
    return ports.flatMap((port): CfnSecurityGroup.EgressProperty[] => {
      const rule = { ipProtocol: "tcp", fromPort: port, toPort: port, description: "PostgreSQL" };
      return databaseSecurityGroups === undefined
        ? [{ ...rule, cidrIp: "0.0.0.0/0" }]
        : databaseSecurityGroups.map((destinationSecurityGroupId) => ({
            ...rule,
            destinationSecurityGroupId,
          }));
    });
  }

  #s3Endpoint({ s3Endpoint, vpc, routeTables = [] }: NetworkSettings): void {
    if (s3Endpoint !== "create") return;
    new CfnVPCEndpoint(this, "S3", {
      vpcId: vpc,
      serviceName: `com.amazonaws.${Stack.of(this).region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: routeTables,
    });
  }

  #warn(name: string, settings: NetworkSettings, targets: readonly ResolvedTarget[]): void {
    if (settings.s3Endpoint === "create" && settings.routeTables === undefined) {
      throw new UsageError(
        `aws.networks.${name}: s3Endpoint: create needs routeTables.`,
        "Write those of its subnets: aws ec2 describe-route-tables",
      );
    }
    const secrets = targets.filter(({ auth }) => auth?.secret !== undefined);
    if (secrets.length === 0 || settings.secretsEndpoint !== undefined) return;
    Annotations.of(this).addWarningV2(
      `pgvigil:${name}-secrets`,
      `aws.networks.${name}: ${secrets.length} of its targets log in by a secret, and nothing says how Secrets Manager is reached from there. Write secretsEndpoint: create (about $7 a month and subnet), or the security group of the one that is there (sg-…), or log in by iam, which needs none.`,
    );
  }
}

const portsOf = (targets: readonly ResolvedTarget[]): readonly number[] =>
  [
    ...new Set(
      targets.flatMap(({ url, replica }) =>
        [url, replica].flatMap((each) =>
          each === undefined ? [] : [Number(new URL(each).port || 5432)],
        ),
      ),
    ),
  ].sort((a, b) => a - b);

function prefixListOf(scope: Construct, name: string, settings: NetworkSettings): string {
  const { region } = Stack.of(scope);
  const list = settings.s3PrefixList ?? s3PrefixList(region);
  if (list !== undefined) return list;
  throw new UsageError(
    `aws.networks.${name}: which prefix list is S3 in ${region}?`,
    "Write s3PrefixList: pl-…, from " +
      `aws ec2 describe-managed-prefix-lists --filters Name=prefix-list-name,Values=com.amazonaws.${region}.s3`,
  );
}

import { Stack } from "aws-cdk-lib";
import {
  CfnSecurityGroup,
  CfnSecurityGroupEgress,
  CfnSecurityGroupIngress,
  CfnVPCEndpoint,
} from "aws-cdk-lib/aws-ec2";
import type { Construct } from "constructs";
import type { NetworkSettings } from "./network.ts";

const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };

/**
 * Where an endpoint may be that was there before, and of which nobody said its group or its range:
 * in a private range (RFC 1918, RFC 6598), as VPCs are.
 */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

const isGroup = (text: string): boolean => text.startsWith("sg-");

/** The way out to Secrets Manager's endpoint, where it was there before. */
export function toSecrets({
  secretsEndpoint: said,
}: Pick<NetworkSettings, "secretsEndpoint">): CfnSecurityGroup.EgressProperty[] {
  if (said === undefined || said === "create") return [];
  const description = "Secrets Manager's endpoint";
  if (isGroup(said)) return [{ ...https, destinationSecurityGroupId: said, description }];
  const ranges = said === "existing" ? privateRanges : [said];
  return ranges.map((cidrIp) => ({ ...https, cidrIp, description }));
}

/** The endpoint itself, where it is to be made; a rule in its group, where that is named. */
export function secretsEndpoint(
  scope: Construct,
  { secretsEndpoint: said, vpc, subnets }: NetworkSettings,
  own: CfnSecurityGroup,
): void {
  const fromUs = { ...https, sourceSecurityGroupId: own.attrGroupId, description: "pgvigil" };
  if (said !== undefined && isGroup(said)) {
    new CfnSecurityGroupIngress(scope, "IntoSecrets", { groupId: said, ...fromUs });
  }
  if (said !== "create") return;
  const group = new CfnSecurityGroup(scope, "SecretsGroup", {
    groupDescription: "pgvigil: its functions ask Secrets Manager",
    vpcId: vpc,
    securityGroupIngress: [fromUs],
  });
  // By itself, as the two groups name each other.
  new CfnSecurityGroupEgress(scope, "ToSecrets", {
    ...https,
    groupId: own.attrGroupId,
    destinationSecurityGroupId: group.attrGroupId,
    description: "Secrets Manager",
  });
  new CfnVPCEndpoint(scope, "Secrets", {
    vpcId: vpc,
    serviceName: `com.amazonaws.${Stack.of(scope).region}.secretsmanager`,
    vpcEndpointType: "Interface",
    privateDnsEnabled: true,
    subnetIds: subnets,
    securityGroupIds: [group.attrGroupId],
  });
}

import {
  EC2Client,
  type IpPermission,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
} from "@aws-sdk/client-ec2";
import { type AwsWorld, clientSettings } from "./settings.ts";

/** A rule of a security group that lets somebody in by TCP. */
export interface IngressRule {
  readonly group: string;
  readonly ports: { readonly from: number; readonly to: number };
  /** Ranges of IPv4 as CIDR. */
  readonly ranges: readonly string[];
  /** Other groups, with what is written beside them. */
  readonly groups: readonly { readonly id: string; readonly description: string }[];
}

export interface WaysIn {
  readonly rules: readonly IngressRule[];
  /** The IPv4 range of each subnet. */
  readonly subnets: ReadonlyMap<string, string>;
}

/** EC2 takes no more values of a filter. */
const mostValues = 200;

/** What security groups let in, and where subnets are. Whom EC2 does not know is left out. */
export async function waysIn(
  groups: readonly string[],
  subnets: readonly string[],
  world: AwsWorld,
): Promise<WaysIn> {
  const client = new EC2Client(clientSettings(world, "EC2"));
  const rules: IngressRule[] = [];
  for (const Values of portions(groups)) {
    const Filters = [{ Name: "group-id", Values }];
    for await (const page of paginateDescribeSecurityGroups({ client }, { Filters })) {
      for (const { GroupId = "", IpPermissions = [] } of page.SecurityGroups ?? []) {
        rules.push(...IpPermissions.flatMap((it) => ruleOf(GroupId, it)));
      }
    }
  }
  const places = new Map<string, string>();
  for (const Values of portions(subnets)) {
    const Filters = [{ Name: "subnet-id", Values }];
    for await (const page of paginateDescribeSubnets({ client }, { Filters })) {
      for (const { SubnetId = "", CidrBlock = "" } of page.Subnets ?? []) {
        places.set(SubnetId, CidrBlock);
      }
    }
  }
  return { rules, subnets: places };
}

/** `-1` is every protocol, and then no ports are said. */
function ruleOf(group: string, it: IpPermission): readonly IngressRule[] {
  if (it.IpProtocol !== "tcp" && it.IpProtocol !== "-1") return [];
  const isAll = it.IpProtocol === "-1";
  return [
    {
      group,
      ports: { from: isAll ? 0 : (it.FromPort ?? 0), to: isAll ? 65_535 : (it.ToPort ?? 65_535) },
      ranges: (it.IpRanges ?? []).flatMap(({ CidrIp }) => CidrIp ?? []),
      groups: (it.UserIdGroupPairs ?? []).map(({ GroupId = "", Description = "" }) => ({
        ...{ id: GroupId, description: Description },
      })),
    },
  ];
}

const portions = (values: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(values.length / mostValues) }, (_, at) =>
    values.slice(at * mostValues, (at + 1) * mostValues),
  );

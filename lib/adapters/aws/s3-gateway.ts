import {
  EC2Client,
  paginateDescribeRouteTables,
  paginateDescribeVpcEndpoints,
  type RouteTable,
} from "@aws-sdk/client-ec2";
import { type AwsWorld, clientSettings } from "./settings.ts";

/** Route tables of these subnets that have no gateway endpoint of S3: runs cannot be kept from there. */
export async function withoutS3(
  vpc: string,
  subnets: readonly string[],
  world: AwsWorld,
): Promise<readonly string[]> {
  const client = new EC2Client(clientSettings(world, "EC2"));
  const Filters = [{ Name: "vpc-id", Values: [vpc] }];
  const tables: RouteTable[] = [];
  for await (const page of paginateDescribeRouteTables({ client }, { Filters })) {
    tables.push(...(page.RouteTables ?? []));
  }
  const reached = new Set<string>();
  for await (const page of paginateDescribeVpcEndpoints({ client }, { Filters })) {
    for (const { VpcEndpointType, ServiceName = "", RouteTableIds } of page.VpcEndpoints ?? []) {
      if (VpcEndpointType !== "Gateway" || !ServiceName.endsWith(".s3")) continue;
      for (const id of RouteTableIds ?? []) reached.add(id);
    }
  }
  const used = subnets.flatMap((subnet) => tableOf(tables, subnet)?.RouteTableId ?? []);
  return [...new Set(used)].filter((id) => !reached.has(id)).sort();
}

/** A subnet that is in no table's list goes by the main one. */
const tableOf = (tables: readonly RouteTable[], subnet: string): RouteTable | undefined =>
  tables.find((table) => table.Associations?.some(({ SubnetId }) => SubnetId === subnet)) ??
  tables.find((table) => table.Associations?.some(({ Main }) => Main === true));

import type { FakeAws } from "./fake-aws.ts";

/** An instance of RDS as a test says it. */
export interface Given {
  readonly id: string;
  readonly engine?: string;
  readonly database?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly vpc?: string;
  readonly iam?: boolean;
  readonly status?: string;
  readonly port?: number;
  readonly cluster?: string;
  readonly source?: string;
  readonly isMade?: false;
}

export const host = (id: string) => `${id}.c1ab.eu-central-1.rds.amazonaws.com`;
const tagList = (tags: Given["tags"] = {}) =>
  `<TagList>${Object.entries(tags)
    .map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
    .join("")}</TagList>`;

function instance(given: Given): string {
  const { id, engine = "postgres", database, vpc = "vpc-0a1b", iam = true, port = 5432 } = given;
  const subnet = (name: string, zone: string) =>
    `<Subnet><SubnetIdentifier>${name}</SubnetIdentifier><SubnetAvailabilityZone><Name>${zone}</Name></SubnetAvailabilityZone></Subnet>`;
  const end =
    given.isMade === false
      ? ""
      : `<Endpoint><Address>${host(id)}</Address><Port>${port}</Port></Endpoint>`;
  const word = (name: string, value: string | undefined) =>
    value === undefined ? "" : `<${name}>${value}</${name}>`;
  return `<DBInstance><DBInstanceIdentifier>${id}</DBInstanceIdentifier><Engine>${engine}</Engine>
    <DBInstanceStatus>${given.status ?? "available"}</DBInstanceStatus>${word("DBName", database)}
    ${word("DBClusterIdentifier", given.cluster)}${word("ReadReplicaSourceDBInstanceIdentifier", given.source)}
    <DbiResourceId>db-${id.replace(/[^a-z0-9]/g, "").toUpperCase()}</DbiResourceId>
    <IAMDatabaseAuthenticationEnabled>${iam}</IAMDatabaseAuthenticationEnabled>
    <DBSubnetGroup><VpcId>${vpc}</VpcId><Subnets>${subnet("subnet-0c2d", "a")}${subnet("subnet-0e3f", "b")}${subnet("subnet-0f00", "b")}</Subnets></DBSubnetGroup>
    <VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-0d4e</VpcSecurityGroupId></VpcSecurityGroupMembership></VpcSecurityGroups>
    ${tagList(given.tags)}${end}</DBInstance>`;
}

export const cluster = (id: string, tags: Given["tags"]) =>
  `<DBCluster><DBClusterIdentifier>${id}</DBClusterIdentifier><Engine>aurora-postgresql</Engine><Status>available</Status>
   <DatabaseName>shop</DatabaseName><DbClusterResourceId>cluster-ABC</DbClusterResourceId><Port>5433</Port>
   <Endpoint>${id}.cluster-c1ab.eu-central-1.rds.amazonaws.com</Endpoint>
   <ReaderEndpoint>${id}.cluster-ro-c1ab.eu-central-1.rds.amazonaws.com</ReaderEndpoint>
   <IAMDatabaseAuthenticationEnabled>false</IAMDatabaseAuthenticationEnabled>
   <VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-0aaa</VpcSecurityGroupId></VpcSecurityGroupMembership></VpcSecurityGroups>${tagList(tags)}</DBCluster>`;

/** RDS with these, a hundred a page. */
export function rds(
  aws: FakeAws,
  instances: readonly Given[],
  clusters: readonly string[] = [],
): void {
  aws.queries.results.set("DescribeDBInstances", (form) => {
    const from = Number(form.get("Marker") ?? 0);
    const size = Number(form.get("MaxRecords") ?? 100);
    const page = instances.slice(from, from + size).map(instance);
    const next = from + size < instances.length ? `<Marker>${from + size}</Marker>` : "";
    return `<DBInstances>${page.join("")}</DBInstances>${next}`;
  });
  aws.queries.results.set("DescribeDBClusters", `<DBClusters>${clusters.join("")}</DBClusters>`);
}

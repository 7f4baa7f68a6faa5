import {
  type DBCluster,
  type DBInstance,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  RDSClient,
  type Tag,
} from "@aws-sdk/client-rds";
import { type AwsWorld, clientSettings } from "./settings.ts";

/** A PostgreSQL server that RDS runs: an instance with its replicas, or a cluster with its members. */
export interface RdsServer {
  readonly kind: "instance" | "cluster";
  readonly name: string;
  readonly status: string;
  /** Where one may write; absent while it is being made. */
  readonly host: string | undefined;
  readonly port: number;
  readonly replica: string | undefined;
  /** The one it was made with, where RDS knows it. */
  readonly database: string | undefined;
  readonly resourceId: string;
  readonly hasIam: boolean;
  readonly vpc: string | undefined;
  /** One of each availability zone. */
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Every name that it is reached by, in lower case. */
  readonly hosts: readonly string[];
}

const isPostgres = (engine: string | undefined): boolean =>
  engine === "postgres" || engine === "aurora-postgresql";

/** Every PostgreSQL server of the account and region, by name. */
export async function rdsInventory(world: AwsWorld): Promise<readonly RdsServer[]> {
  const client = new RDSClient(clientSettings(world, "RDS"));
  const instances: DBInstance[] = [];
  const clusters: DBCluster[] = [];
  for await (const page of paginateDescribeDBInstances({ client, pageSize: 100 }, {})) {
    instances.push(...(page.DBInstances ?? []).filter(({ Engine }) => isPostgres(Engine)));
  }
  for await (const page of paginateDescribeDBClusters({ client, pageSize: 100 }, {})) {
    clusters.push(...(page.DBClusters ?? []).filter(({ Engine }) => isPostgres(Engine)));
  }
  const ids = new Set(instances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier));
  const single = instances.filter((it) => !it.DBClusterIdentifier);
  // A replica of another region's or account's server is a server of its own here.
  const isReplica = ({ ReadReplicaSourceDBInstanceIdentifier: source }: DBInstance) =>
    source !== undefined && ids.has(source);
  const servers = [
    ...single.filter((it) => !isReplica(it)).map((it) => instanceOf(it, replicasOf(it, single))),
    ...clusters.map((it) =>
      clusterOf(
        it,
        instances.filter((each) => each.DBClusterIdentifier === it.DBClusterIdentifier),
      ),
    ),
  ];
  return servers.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const replicasOf = ({ DBInstanceIdentifier: id }: DBInstance, all: readonly DBInstance[]) =>
  all.filter((each) => each.ReadReplicaSourceDBInstanceIdentifier === id);

function instanceOf(it: DBInstance, replicas: readonly DBInstance[]): RdsServer {
  const hosts = [it, ...replicas].flatMap(({ Endpoint }) => Endpoint?.Address ?? []);
  return {
    kind: "instance",
    name: it.DBInstanceIdentifier ?? "",
    status: it.DBInstanceStatus ?? "unknown",
    host: it.Endpoint?.Address,
    port: it.Endpoint?.Port ?? 5432,
    replica: replicas.find(({ Endpoint }) => Endpoint?.Address !== undefined)?.Endpoint?.Address,
    database: it.DBName || undefined,
    resourceId: it.DbiResourceId ?? "",
    hasIam: it.IAMDatabaseAuthenticationEnabled ?? false,
    ...placeOf([it]),
    securityGroups: groupsOf(it),
    tags: tagsOf(it.TagList),
    hosts: hosts.map((host) => host.toLowerCase()),
  };
}

function clusterOf(it: DBCluster, members: readonly DBInstance[]): RdsServer {
  const own = [it.Endpoint, it.ReaderEndpoint, ...(it.CustomEndpoints ?? [])];
  const hosts = [...own, ...members.map(({ Endpoint }) => Endpoint?.Address)];
  return {
    kind: "cluster",
    name: it.DBClusterIdentifier ?? "",
    status: it.Status ?? "unknown",
    host: it.Endpoint,
    port: it.Port ?? 5432,
    // A reader's name without a reader leads to the writer.
    replica: members.length > 1 ? it.ReaderEndpoint : undefined,
    database: it.DatabaseName || undefined,
    resourceId: it.DbClusterResourceId ?? "",
    hasIam: it.IAMDatabaseAuthenticationEnabled ?? false,
    ...placeOf(members),
    securityGroups: groupsOf(it),
    tags: tagsOf(it.TagList),
    hosts: hosts.flatMap((host) => (host === undefined ? [] : [host.toLowerCase()])),
  };
}

/** Clusters do not say where they are: their members do. */
function placeOf(instances: readonly DBInstance[]): Pick<RdsServer, "vpc" | "subnets"> {
  const group = instances.find(({ DBSubnetGroup }) => DBSubnetGroup !== undefined)?.DBSubnetGroup;
  const zones = Map.groupBy(
    group?.Subnets ?? [],
    ({ SubnetAvailabilityZone }) => SubnetAvailabilityZone?.Name ?? "",
  );
  return {
    vpc: group?.VpcId,
    subnets: [...zones.values()].flatMap(([subnet]) => subnet?.SubnetIdentifier ?? []).sort(),
  };
}

const groupsOf = ({ VpcSecurityGroups = [] }: Pick<DBInstance, "VpcSecurityGroups">) =>
  VpcSecurityGroups.flatMap(({ VpcSecurityGroupId: id }) => id ?? []).sort();

const tagsOf = (tags: readonly Tag[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));

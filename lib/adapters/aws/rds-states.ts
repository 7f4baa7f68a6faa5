import {
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  type RDSClient,
} from "@aws-sdk/client-rds";

/** What RDS says of an instance or a cluster: `available`, `stopped`, `storage-full`, `failing-over`. */
export interface RdsState {
  readonly status: string;
  /** As its console calls it. */
  readonly name: string;
  /** The cluster that it is, or a member of: that is started and stopped as a whole. */
  readonly cluster?: string;
  /** `db-…` or `cluster-…`: what a token's policy names, and another one after a restore. */
  readonly resourceId: string;
  /** It goes to sleep when nobody asks it anything, and every look would wake it. */
  readonly isSleeper?: boolean;
}

/**
 * The state of everything that RDS runs here, by the host of each endpoint in lower case. Asked
 * from outside of the databases' network, where somebody does not answer, or may be asleep.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
 */
export async function rdsStates(client: RDSClient): Promise<ReadonlyMap<string, RdsState>> {
  const states = new Map<string, RdsState>();
  const sleepers = new Set<string>();
  const note = (host: string | undefined, state: RdsState): void => {
    if (host !== undefined) states.set(host.toLowerCase(), state);
  };
  for await (const { DBClusters = [] } of paginateDescribeDBClusters({ client }, {})) {
    for (const cluster of DBClusters) {
      const { DBClusterIdentifier: name = "" } = cluster;
      const isSleeper =
        cluster.ServerlessV2ScalingConfiguration?.MinCapacity === 0 ||
        cluster.ScalingConfigurationInfo?.AutoPause === true;
      if (isSleeper) sleepers.add(name);
      const state = {
        ...(isSleeper ? { isSleeper } : {}),
        status: cluster.Status ?? "unknown",
        ...{ name, cluster: name },
        resourceId: cluster.DbClusterResourceId ?? "",
      };
      for (const host of [cluster.Endpoint, cluster.ReaderEndpoint]) note(host, state);
      for (const host of cluster.CustomEndpoints ?? []) note(host, state);
    }
  }
  for await (const { DBInstances = [] } of paginateDescribeDBInstances({ client }, {})) {
    for (const instance of DBInstances) {
      const cluster = instance.DBClusterIdentifier;
      const isSleeper = cluster !== undefined && sleepers.has(cluster);
      note(instance.Endpoint?.Address, {
        ...(isSleeper ? { isSleeper } : {}),
        ...(cluster ? { cluster } : {}),
        status: instance.DBInstanceStatus ?? "unknown",
        name: instance.DBInstanceIdentifier ?? "",
        resourceId: instance.DbiResourceId ?? "",
      });
    }
  }
  return states;
}

import type { RdsServer } from "../../adapters/aws/rds-inventory.ts";
import { count } from "../../core/units.ts";
import { type Net, networkLines, type Way } from "./rds-networks.ts";
import { isResourceId, type RdsTarget, unsorted } from "./rds-targets.ts";
import { key, scalar } from "./words.ts";

/**
 * A configuration of everything that RDS runs: what it knows is written, and what is missing stands
 * beside it as a comment.
 *
 * @param networks by VPC, with what EC2 says of the way there, where it may be asked
 */
export function rdsConfig(
  servers: readonly RdsServer[],
  targets: readonly RdsTarget[],
  region: string,
  networks: ReadonlyMap<string, Net & { readonly way?: Way | undefined }>,
): string {
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
      : ["  networks:", ...[...networks.values()].flatMap(networkLines)]),
    "",
  ].join("\n");
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

import type { RdsServer } from "../../adapters/aws/rds-inventory.ts";
import { slug, unique } from "./words.ts";

/** A server of RDS as a target of a configuration. */
export interface RdsTarget {
  readonly environment: string;
  readonly name: string;
  readonly url: string;
  readonly replica: string | undefined;
  readonly database: string;
  readonly server: RdsServer;
  /** What is missing, a line each. */
  readonly missing: readonly string[];
}

/** Where no tag says which environment it is: nobody should be woken for what is none. */
export const unsorted = "unsorted";

const telling = ["environment", "env", "stage"];

/** `{key, value}` of `--tag env=production`. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

export const hasTag = ({ tags }: RdsServer, { key, value }: Tag): boolean => tags[key] === value;

/** Targets with names that are valid and unique, for those that can be reached by a name at all. */
export function rdsTargets(
  servers: readonly RdsServer[],
  role: string,
  tag: Tag | undefined,
): readonly RdsTarget[] {
  const taken = new Map<string, Set<string>>();
  return servers.flatMap((server) => {
    const { host, replica } = server;
    if (host === undefined) return [];
    const environment = slug(tag?.value ?? tagged(server) ?? unsorted, unsorted);
    const names = taken.get(environment) ?? new Set();
    taken.set(environment, names);
    const database = server.database ?? "postgres";
    const url = (at: string) =>
      `postgres://${encodeURIComponent(role)}@${at}${server.port === 5432 ? "" : `:${server.port}`}/${encodeURIComponent(database)}`;
    return [
      {
        ...{ environment, database, server },
        name: unique(slug(server.name), names),
        url: url(host),
        replica: replica === undefined ? undefined : url(replica),
        missing: missingOf(server),
      },
    ];
  });
}

function tagged({ tags }: RdsServer): string | undefined {
  const found = Object.entries(tags).find(([key]) => telling.includes(key.toLowerCase()));
  return found?.[1];
}

function missingOf({ kind, name, status, database, hasIam, resourceId }: RdsServer): string[] {
  const lines: string[] = [];
  if (database === undefined) {
    lines.push("RDS knows no database of it: put the name of yours in the place of postgres.");
  }
  if (!hasIam) {
    const modify =
      kind === "cluster"
        ? `modify-db-cluster --db-cluster-identifier ${name}`
        : `modify-db-instance --db-instance-identifier ${name}`;
    lines.push(
      `IAM authentication is off: aws rds ${modify} --enable-iam-database-authentication --apply-immediately`,
      "or auth: { secret: arn:aws:secretsmanager:… }",
    );
  }
  if (!isResourceId(resourceId)) lines.push("RDS says no resource id: auth is missing.");
  if (status !== "available") {
    lines.push(`RDS says: ${status}. One that sleeps now and then takes pausable: true.`);
  }
  return lines;
}

export const isResourceId = (id: string): boolean => /^(db|cluster)-[A-Z0-9]+$/.test(id);

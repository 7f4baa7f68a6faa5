import type { RdsServer } from "../../adapters/aws/rds-inventory.ts";
import type { Config } from "../../config/schema.ts";
import { unwatchedOf } from "../../config/unwatched.ts";
import { count } from "../../core/units.ts";
import type { Line } from "./line.ts";

/** What RDS runs and no target names: a notice each, and how many there are. */
export function unwatchedLines(
  servers: readonly RdsServer[],
  config: Config | undefined,
): readonly Line[] {
  const unwatched = unwatchedOf(servers, config);
  const area = "RDS";
  if (unwatched.length === 0) {
    const detail =
      servers.length === 0
        ? "it runs no PostgreSQL server here"
        : `${count(servers.length, "PostgreSQL server")}, each in the configuration`;
    return [{ area, name: "", state: "ok", detail }];
  }
  const whole = unwatched.filter(({ is }) => is === "server").length;
  return [
    {
      ...{ area, name: "", state: "notice" },
      detail:
        whole === 0
          ? `${count(unwatched.length, "database")} of servers that are watched in no configuration`
          : `${count(whole, "PostgreSQL server")} in no configuration`,
      cure: "pgvigil init --from rds --output new.yaml writes them, to be taken over.",
    },
    ...unwatched.map(
      (each): Line => ({
        ...{ area, name: each.server.name, state: "notice" },
        detail:
          each.is === "server"
            ? `nobody watches the ${each.server.kind} (${each.server.status})`
            : `nobody watches its database ${each.database}`,
      }),
    ),
  ];
}

import type { Session } from "../core/ports.ts";
import { majorOf, type Server } from "../core/server.ts";
import { quoteIdentifier } from "../core/sql.ts";
import type { Target } from "../core/target.ts";
import { sayDuration } from "../core/units.ts";

export interface Finding {
  readonly name: string;
  readonly state: "ok" | "warning" | "failed";
  readonly detail: string;
  readonly cure?: string;
}

/** What a session that came about tells of itself. */
export function stepsInside(session: Session, here: Date): readonly Finding[] {
  const { server } = session;
  return [role(server), version(server), extensions(server), clock(server, here)];
}

function role(server: Server): Finding {
  const name = "role";
  const grant = `GRANT pg_monitor TO ${quoteIdentifier(server.role)};`;
  if (server.isSuperuser) {
    return {
      name,
      state: "warning",
      detail: `${server.role} is a superuser: far more than looking needs`,
      cure: "pgvigil init prints the SQL of a role of its own.",
    };
  }
  if (!server.readsAllStats || !server.readsAllSettings) {
    return {
      name,
      state: "warning",
      detail: `${server.role} cannot see what other roles' sessions do`,
      cure: grant,
    };
  }
  const more = server.readsAllData ? "pg_monitor, pg_read_all_data" : "pg_monitor";
  return { name, state: "ok", detail: `${server.role} (${more})` };
}

function version(server: Server): Finding {
  const major = majorOf(server);
  const detail = `PostgreSQL ${server.version}${server.inRecovery ? ", a replica" : ""}`;
  if (major >= 13 && major <= 18) return { name: "version", state: "ok", detail };
  return {
    name: "version",
    state: "warning",
    detail,
    cure: "pgvigil is tried on 13 to 18; elsewhere a check may fail, and says so.",
  };
}

function extensions({ extensions: installed }: Server): Finding {
  const names = Object.keys(installed).sort();
  return { name: "extensions", state: "ok", detail: names.join(", ") || "none" };
}

const tolerated = 60;

function clock(server: Server, here: Date): Finding {
  const apart = (here.getTime() - Date.parse(server.now)) / 1000;
  const name = "clock";
  if (Math.abs(apart) <= tolerated) {
    return {
      name,
      state: "ok",
      detail: `${Math.abs(apart).toFixed(1)} s apart from this machine's`,
    };
  }
  return {
    name,
    state: "warning",
    detail: `the server's is ${sayDuration(Math.abs(apart))} ${apart > 0 ? "behind" : "ahead of"} this machine's`,
    cure: "Set both by NTP: reports and incidents are ordered by time.",
  };
}

/**
 * Does the database agree on which environment it is? It may say so itself
 * (ALTER DATABASE … SET pgvigil.environment = 'production'); a host or database named for another
 * environment of the configuration is a sign of a copied line.
 */
export function rightEnvironment(
  target: Target,
  said: string | null,
  names: readonly string[],
  environments: readonly string[],
): Finding {
  const name = "environment";
  const { environment } = target;
  if (said !== null && said !== "" && said !== environment) {
    return {
      name,
      state: "failed",
      detail: `the database says that it is ${said}, not ${environment}`,
      cure: "Correct the url, or ALTER DATABASE … SET pgvigil.environment.",
    };
  }
  if (said === environment) return { name, state: "ok", detail: `the database says ${said}` };
  const other = environments.find(
    (candidate) =>
      candidate !== environment &&
      names.some((word) =>
        word
          .toLowerCase()
          .split(/[^a-z0-9]+/)
          .includes(candidate),
      ),
  );
  if (other !== undefined) {
    return {
      name,
      state: "warning",
      detail: `${environment}'s url names ${other}: ${names.join(", ")}`,
      cure: "Is this line copied from the other environment?",
    };
  }
  return { name, state: "ok", detail: `${environment}; nothing says otherwise` };
}

import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft } from "../../core/finding.ts";
import { type Severity, severityOf } from "../../core/severity.ts";
import { quoteIdentifier } from "../../core/sql.ts";
import { count, sayShare, share } from "../../core/units.ts";
import { type ConnectionLimit, connectionLimits } from "../reads/connection-limits.ts";

export const capacityConnections = defineCheck({
  id: "capacity/connections",
  title: "There are connections left for everybody",
  failureTitle: "Connections are running out",
  why: "At the limit every new session is refused: the application fails although the database is well.",
  source:
    "https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS",
  options: z.object({
    warning: share
      .prefault("80%")
      .describe("Share of what a plain role can use, of the server, this database or a role"),
    critical: share.prefault("95%").describe("The same, when it cannot wait"),
    clear: share
      .prefault("75%")
      .describe("What was found is over only below this, so that it does not come and go"),
  }),
  profiles: ["pulse", "nightly", "watch"],
  live: true,
  needs: { privilege: "pg_monitor" },
  reads: { limits: connectionLimits },

  judge({ limits }, options, { server }) {
    const judged = limits.map((limit) => ({
      limit,
      severity: severityOf(shareOf(limit, atLeast(limit)), options),
      worst: severityOf(shareOf(limit, limit.used), options),
    }));
    const unsure = judged.filter(({ severity, worst }) => severity !== worst);
    return {
      scope: say(limits),
      findings: judged.flatMap(({ limit, severity }) =>
        severity === undefined ? [] : [found(limit, severity)],
      ),
      still: judged
        .filter(({ limit, severity, worst }) => {
          const isUnsure = severity !== worst; // hidden sessions: it may be above after all
          return (
            severity === undefined && (isUnsure || shareOf(limit, limit.used) >= options.clear)
          );
        })
        .map(({ limit }) => objectOf(limit)),
      series: seriesOf(limits),
      ...(unsure.length === 0
        ? {}
        : {
            blind: {
              cause: "privilege" as const,
              reason:
                `cannot tell client sessions of other roles from background workers, and it ` +
                `matters for ${unsure.map(({ limit }) => nameOf(limit)).join(", ")}`,
              cure: `GRANT pg_monitor TO ${quoteIdentifier(server?.role ?? "pgvigil")};`,
            },
          }),
    };
  },

  examples: [
    {
      name: "a fifth of the server is in use",
      evidence: { limits: [example({ used: 20, idle: 15, active: 5 })] },
      finds: [],
    },
    {
      name: "four fifths of what a plain role can use, although not of max_connections",
      evidence: { limits: [example({ used: 78, idle: 70, active: 8 })] },
      finds: ["warning server"],
    },
    {
      name: "the reserved slots are all that is left",
      evidence: { limits: [example({ used: 97, idle: 90, active: 7 })] },
      finds: ["critical server"],
    },
    {
      name: "a role is at its own limit while the server has room",
      evidence: {
        limits: [
          example({ used: 25, idle: 25 }),
          example({ kind: "role", identity: "web", name: "web", limit: 20, used: 20, idle: 20 }),
        ],
      },
      finds: ["critical web"],
    },
    {
      name: "a role that cannot tell clients from background workers, near the threshold",
      evidence: { limits: [example({ used: 80, hidden: 80 })] },
      server: { readsAllStats: false },
      finds: [],
      blind: "privilege",
    },
    {
      name: "the same role, where background workers make no difference",
      evidence: { limits: [example({ used: 30, hidden: 30 })] },
      server: { readsAllStats: false },
      finds: [],
    },
  ],
});

function example(of: Partial<ConnectionLimit>): ConnectionLimit {
  return {
    ...{ kind: "server", identity: "server", name: null, limit: 97, maxConnections: 100 },
    ...{ superuserReserved: 3, reserved: 0, rdsReserved: 0, workers: 8 },
    ...{ used: 0, hidden: 0, active: 0, idle: 0, idleInTransaction: 0 },
    top: [{ role: "web", application: "shop", sessions: of.used ?? 0 }],
    ...of,
  };
}

const objectOf = ({ kind, identity, name }: ConnectionLimit) => ({
  kind,
  ...(name === null ? {} : { name }),
  identity,
});

const seriesOf = (limits: readonly ConnectionLimit[]): Record<string, number> => {
  const server = limits.find(({ kind }) => kind === "server");
  return server === undefined ? {} : { connections: server.used, active: server.active };
};

/** Where superusers fill the reserve as well, more than all of it is in use. */
const shareOf = ({ limit }: ConnectionLimit, sessions: number): number =>
  limit > 0 ? sessions / limit : sessions;

/** Clients that there are for certain. */
const atLeast = ({ used, hidden, workers }: ConnectionLimit): number =>
  used - Math.min(hidden, workers);

const nameOf = ({ kind, identity }: ConnectionLimit): string =>
  kind === "server" ? "the server" : `${kind} ${identity}`;

const say = (limits: readonly ConnectionLimit[]): string => {
  const server = limits.find(({ kind }) => kind === "server");
  const sessions =
    server === undefined
      ? "no answer"
      : `${server.hidden > 0 ? "at most " : ""}${server.used} of ${server.limit} connections`;
  const others = limits.length - (server === undefined ? 0 : 1);
  return others === 0 ? sessions : `${sessions}, ${count(others, "limit")} of roles and databases`;
};

function found(limit: ConnectionLimit, severity: Severity): FindingDraft {
  const { kind, used, active, idle, idleInTransaction, top } = limit;
  const sessions = atLeast(limit);
  return {
    object: objectOf(limit),
    severity,
    summary:
      `${sessions} of ${limit.limit} connections of ${whose(limit)} are in use ` +
      `(${sayShare(shareOf(limit, sessions))})`,
    detail: [
      `At the limit new sessions of ${whose(limit)} are refused.`,
      `Most sessions: ${top.map(sayGroup).join(", ")}.`,
    ],
    evidence: {
      ...{ used, limit: limit.limit, active, idle, idleInTransaction, hidden: limit.hidden },
      ...(kind === "server" ? settingsOf(limit) : {}),
      ownSession: "not counted",
      top: [...top],
    },
    remedy: kind === "server" ? serverRemedy : limitRemedy(limit),
    measure: { value: shareOf(limit, sessions), unit: "share", of: "connections" },
  };
}

const sayGroup = ({ role, application, sessions }: ConnectionLimit["top"][number]): string =>
  `${sessions} ${role ?? "of an unknown role"} (${application || "no application_name"})`;

const settingsOf = (limit: ConnectionLimit) => ({
  maxConnections: limit.maxConnections,
  superuserReserved: limit.superuserReserved,
  reserved: limit.reserved,
  rdsReserved: limit.rdsReserved,
});

const whose = (limit: ConnectionLimit): string =>
  limit.kind === "server" ? "plain roles" : nameOf(limit);

const serverRemedy = {
  summary:
    "See who holds sessions without using them, and let their pools shrink. In the long run put a pooler in between; max_connections needs a restart.",
  sql: `SELECT usename, application_name, client_addr, state, pg_catalog.count(*) AS sessions,
       pg_catalog.max(pg_catalog.clock_timestamp() - state_change) AS longest
  FROM pg_catalog.pg_stat_activity
 WHERE backend_type = 'client backend'
 GROUP BY usename, application_name, client_addr, state
 ORDER BY sessions DESC;`,
};

const limitRemedy = ({ kind, identity, limit }: ConnectionLimit) => {
  const alter = `ALTER ${kind === "role" ? "ROLE" : "DATABASE"} ${identity} CONNECTION LIMIT`;
  return {
    summary:
      "Let the pools shrink, or raise the limit if the server has room. It holds for the next session.",
    sql: `${alter} ${limit * 2};`,
    lock: "none that a query waits for",
    undo: `${alter} ${limit};`,
  };
};

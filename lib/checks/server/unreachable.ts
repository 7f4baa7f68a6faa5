import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import { type ConnectionAttempt, connection } from "../../core/connection.ts";

export const serverUnreachable = defineCheck({
  id: "server/unreachable",
  title: "The database answers",
  failureTitle: "The database does not answer",
  why: "What cannot be asked cannot be known: every other check of this target is blind meanwhile.",
  source: "https://www.postgresql.org/docs/current/errcodes-appendix.html",
  options: z.object({}),
  profiles: ["pulse", "hourly", "nightly", "watch"],
  live: true,
  reads: { connection },

  judge({ connection }) {
    if (connection.reached) {
      const { version, database, role } = connection.server;
      return { scope: `PostgreSQL ${version}, database ${database} as ${role}`, findings: [] };
    }
    const { errorClass, message, hint } = connection;
    const full = whoIsFull(connection);
    return {
      scope: "no connection",
      findings: full === undefined ? [] : [nobodyCanConnect(full, message, hint)],
      blind: { cause: "unreachable", reason: message, cure: hint },
      failed: errorClass,
    };
  },

  examples: [
    {
      name: "nobody answers",
      evidence: {
        connection: {
          reached: false,
          errorClass: "unreachable",
          message: "connect ECONNREFUSED 127.0.0.1:5432",
          hint: "Is the server running, and is this its port?",
        },
      },
      finds: [],
      blind: "unreachable",
    },
    {
      name: "every connection slot is taken",
      evidence: {
        connection: {
          reached: false,
          errorClass: "too-many-connections",
          message: "sorry, too many clients already",
          hint: "End idle sessions, or put a pooler in between.",
          sqlstate: "53300",
        },
      },
      finds: ["critical server"],
      blind: "unreachable",
    },
    {
      name: "the pooler in between is full",
      evidence: {
        connection: {
          reached: false,
          errorClass: "too-many-connections",
          message: "no more connections allowed (max_client_conn)",
          hint: "The pooler itself is full.",
          sqlstate: "08P01",
        },
      },
      finds: ["critical pooler"],
      blind: "unreachable",
    },
    {
      name: "only this role is at its connection limit",
      evidence: {
        connection: {
          reached: false,
          errorClass: "too-many-connections",
          message: 'too many connections for role "pgvigil"',
          hint: "ALTER ROLE pgvigil CONNECTION LIMIT 4;",
          sqlstate: "53300",
        },
      },
      finds: [],
      blind: "unreachable",
    },
  ],
});

type Refusal = Pick<
  Extract<ConnectionAttempt, { reached: false }>,
  "errorClass" | "message" | "sqlstate"
>;

/**
 * 53300 is one code for several refusals (src/backend/utils/init/postinit.c, storage/lmgr/proc.c):
 * full for a role or a database is a limit that someone set, full for the server hurts everybody.
 * A pooler that admits nobody does so too, to all who come through it.
 */
function whoIsFull({ errorClass, message, sqlstate }: Refusal): "server" | "pooler" | undefined {
  if (errorClass !== "too-many-connections" || / for (role|database) /.test(message)) {
    return undefined;
  }
  if (sqlstate === "53300") return "server";
  return /no more connections allowed|max_client_conn/i.test(message) ? "pooler" : undefined;
}

const nobodyCanConnect = (full: "server" | "pooler", message: string, hint: string) => ({
  object: { kind: full, identity: full },
  severity: "critical" as const,
  summary:
    full === "server"
      ? "Nobody can connect: every connection slot of the server is taken"
      : "Nobody can connect through the pooler: it admits no more clients",
  detail: [`The answer was: ${message}`],
  evidence: { full },
  remedy: {
    summary: hint,
    sql: [
      full === "server"
        ? "-- As a superuser, who still has slots:"
        : "-- On the server itself, beside the pooler:",
      "SELECT usename, application_name, state, pg_catalog.count(*)",
      "  FROM pg_catalog.pg_stat_activity",
      " GROUP BY 1, 2, 3 ORDER BY 4 DESC;",
    ].join("\n"),
  },
});

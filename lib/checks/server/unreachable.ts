import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import { connection } from "../../core/connection.ts";

export const serverUnreachable = defineCheck({
  id: "server/unreachable",
  title: "The database answers",
  failureTitle: "The database does not answer",
  why: "What cannot be asked cannot be known: every other check of this target is blind meanwhile.",
  source: "https://www.postgresql.org/docs/current/errcodes-appendix.html",
  options: z.object({}),
  profiles: ["pulse", "hourly", "nightly", "watch"],
  reads: { connection },

  judge({ connection }) {
    if (connection.reached) {
      const { version, database, role } = connection.server;
      return { scope: `PostgreSQL ${version}, database ${database} as ${role}`, findings: [] };
    }
    const { errorClass, message, hint, sqlstate } = connection;
    return {
      scope: "no connection",
      findings: isFull(errorClass, message) ? [nobodyCanConnect(message, hint, sqlstate)] : [],
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

/**
 * 53300 is one code for four refusals (src/backend/utils/init/postinit.c, storage/lmgr/proc.c). Full
 * for a role or a database is a limit that someone set; full for the server hurts everybody.
 */
const isFull = (errorClass: string, message: string): boolean =>
  errorClass === "too-many-connections" && !/for (role|database) /.test(message);

const nobodyCanConnect = (message: string, hint: string, sqlstate: string | undefined) => ({
  object: { kind: "server", identity: "server" },
  severity: "critical" as const,
  summary: "Nobody can connect: every connection slot of the server is taken",
  detail: [`The server said: ${message}`],
  evidence: { sqlstate: sqlstate ?? null },
  remedy: {
    summary: hint,
    sql: [
      "-- As a superuser, who still has slots:",
      "SELECT usename, application_name, state, pg_catalog.count(*)",
      "  FROM pg_catalog.pg_stat_activity",
      " GROUP BY 1, 2, 3 ORDER BY 4 DESC;",
    ].join("\n"),
  },
});

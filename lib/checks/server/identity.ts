import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import { connection } from "../../core/connection.ts";
import { exampleServer } from "../../core/example-server.ts";
import type { Server } from "../../core/server.ts";

const remembered = z.object({
  systemIdentifier: z.string().nullable(),
  databaseOid: z.int(),
  versionNum: z.int(),
  timeline: z.int().nullable(),
  inRecovery: z.boolean(),
  /** Null in what older releases remembered. */
  startedAt: z.string().nullable().default(null),
});
type Identity = z.infer<typeof remembered>;

export const serverIdentity = defineCheck({
  id: "server/identity",
  title: "The target is the database it was last time",
  failureTitle: "The target is another database than it was",
  why: "After a restore, a clone or a failover a comparison with the past compares two things.",
  source: "https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CONTROLDATA",
  options: z.object({}),
  once: true,
  profiles: ["pulse", "hourly", "nightly", "watch"],
  reads: { connection },

  judge({ connection }, _options, { previous }) {
    if (!connection.reached) {
      return {
        scope: "no connection",
        findings: [],
        blind: { cause: "unreachable", reason: connection.message, cure: connection.hint },
      };
    }
    if (connection.sameAs !== undefined) {
      return {
        scope: "two targets, one database",
        findings: [],
        blind: {
          cause: "error",
          reason: `this is the same database as ${connection.sameAs} (system identifier and database OID)`,
          cure: "Take one of the two out of the configuration, or correct its url.",
        },
        failed: "same-database",
      };
    }
    const now = identityOf(connection.server);
    const before = remembered.safeParse(previous?.memory).data;
    const changes =
      before === undefined || previous === undefined
        ? []
        : changesBetween({ ...before, at: previous.at }, now);
    return {
      scope: say(now, before !== undefined),
      findings: changes.length === 0 ? [] : [changed(connection.server.database, changes, now)],
      memory: now,
    };
  },

  examples: [
    {
      name: "the same server as last time",
      evidence: { connection: { reached: true, server: exampleServer } },
      previous: { at: "2026-11-19T03:00:00Z", memory: remembered.parse(exampleServer) },
      finds: [],
    },
    {
      name: "restored from a backup: another timeline",
      evidence: { connection: { reached: true, server: exampleServer } },
      previous: {
        at: "2026-11-19T03:00:00Z",
        memory: {
          ...remembered.parse(exampleServer),
          timeline: 2,
          startedAt: "2026-08-01T10:00:00.000000Z",
        },
      },
      finds: ["notice shop"],
    },
    {
      name: "a standby was promoted, and its control file names the old timeline for a while",
      evidence: { connection: { reached: true, server: exampleServer } },
      previous: {
        at: "2026-11-19T03:00:00Z",
        memory: { ...remembered.parse(exampleServer), startedAt: "2026-08-01T10:00:00.000000Z" },
      },
      finds: ["notice shop"],
    },
    {
      name: "the first checkpoint after the promotion: told already",
      evidence: { connection: { reached: true, server: { ...exampleServer, timeline: 2 } } },
      previous: { at: "2026-11-19T03:00:00Z", memory: remembered.parse(exampleServer) },
      finds: [],
    },
    {
      name: "restarted",
      evidence: {
        connection: {
          reached: true,
          server: { ...exampleServer, startedAt: "2026-11-19T03:10:00.000000Z" },
        },
      },
      previous: { at: "2026-11-19T03:00:00Z", memory: remembered.parse(exampleServer) },
      finds: [],
    },
    {
      name: "two targets of the configuration lead to one database",
      evidence: { connection: { reached: true, server: exampleServer, sameAs: "staging/orders" } },
      finds: [],
      blind: "error",
    },
  ],
});

const identityOf = (server: Server): Identity => remembered.parse(server);

const say = ({ systemIdentifier }: Identity, compared: boolean): string =>
  systemIdentifier === null
    ? "system identifier not readable"
    : `system identifier ${systemIdentifier}${compared ? ", as last time" : ""}`;

interface Before extends Identity {
  /** Of the look that saw it. */
  readonly at: string;
}

function changesBetween(before: Before, now: Identity): readonly string[] {
  const changes: string[] = [];
  // After a promotion the control file names the old timeline until the next checkpoint: the new
  // one, on a server that went on running, was told when that server answered first.
  const isSameStart = before.startedAt !== null && before.startedAt === now.startedAt;
  const tell = (what: string, from: unknown, to: unknown) => {
    if (from !== null && to !== null && from !== to) changes.push(`${what}: ${from} -> ${to}`);
  };
  tell("system identifier", before.systemIdentifier, now.systemIdentifier);
  tell("database OID", before.databaseOid, now.databaseOid);
  if (!isSameStart) tell("timeline", before.timeline, now.timeline);
  tell(
    "major version",
    Math.floor(before.versionNum / 10_000),
    Math.floor(now.versionNum / 10_000),
  );
  if (before.inRecovery !== now.inRecovery) {
    changes.push(now.inRecovery ? "a primary became a replica" : "a replica became a primary");
  }
  if (changes.length === 0 && isAnotherPrimary(before, now)) {
    changes.push("another server answers as the primary");
  }
  return changes;
}

/** It had been started before our last look, which another saw; of replicas any may answer. */
const isAnotherPrimary = ({ startedAt: then, at }: Before, { startedAt, inRecovery }: Identity) =>
  then !== null &&
  startedAt !== null &&
  then !== startedAt &&
  !inRecovery &&
  Date.parse(startedAt) < Date.parse(at) - 60_000;

const changed = (database: string, changes: readonly string[], now: Identity) => ({
  object: { kind: "database", name: database, identity: database },
  severity: "notice" as const,
  summary: `This is not the server that answered last time (${changes.join("; ")})`,
  detail: ["Counters and comparisons with the past start anew."],
  evidence: { changes: [...changes], ...now },
});

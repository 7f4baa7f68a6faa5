import type { FindingDraft } from "../../../core/finding.ts";
import type { ReplicaSetting } from "../../reads/silent-triggers.ts";

const setting = "session_replication_role";

const detail = [
  "Such a session skips ordinary triggers, and foreign keys are triggers: it can write and delete rows that break them, and nobody looks at those again.",
  "It is meant for a role that does nothing but apply replicated rows; if this is one, say so in an ignore rule.",
  "integrity/foreign-key-orphans counts the rows that break a foreign key.",
];

/** ALTER ROLE … SET, ALTER DATABASE … SET and their kin. */
export function saySetting({ role, database }: ReplicaSetting): FindingDraft {
  const { kind, identity, who, alter } = wordsFor(role, database);
  return {
    object: { kind, identity },
    severity: "critical",
    summary: `Every session of ${who} skips triggers and foreign keys: ${setting} = replica`,
    detail,
    evidence: { role, database },
    remedy: {
      summary: "Take the setting back. Open sessions keep it until they connect anew.",
      sql: `${alter} RESET ${setting};`,
      lock: "None",
      undo: `${alter} SET ${setting} = replica;`,
    },
  };
}

function wordsFor(role: string | null, database: string | null) {
  if (role !== null && database !== null) {
    const identity = `${role} in database ${database}`;
    const alter = `ALTER ROLE ${role} IN DATABASE ${database}`;
    return { kind: "role", identity, who: `role ${role} in database ${database}`, alter };
  }
  if (role !== null) {
    return { kind: "role", identity: role, who: `role ${role}`, alter: `ALTER ROLE ${role}` };
  }
  if (database !== null) {
    const who = `database ${database}`;
    return { kind: "database", identity: database, who, alter: `ALTER DATABASE ${database}` };
  }
  return { kind: "role", identity: "ALL", who: "every role", alter: "ALTER ROLE ALL" };
}

export const sayServerwide = (): FindingDraft => ({
  object: { kind: "server", identity: "server" },
  severity: "critical",
  summary: `Every session of this server skips triggers and foreign keys: ${setting} = replica`,
  detail: ["It is set in postgresql.conf, by ALTER SYSTEM or on the command line.", ...detail],
  evidence: { role: null, database: null },
  remedy: {
    summary: "Take the setting back, in postgresql.conf too if it stands there.",
    sql: `ALTER SYSTEM RESET ${setting};\nSELECT pg_catalog.pg_reload_conf();`,
    lock: "None",
  },
});

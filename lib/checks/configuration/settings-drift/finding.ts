import type { FindingDraft, Remedy } from "../../../core/finding.ts";
import { isAtLeast, type Severity } from "../../../core/severity.ts";
import { quoteLiteral } from "../../../core/sql.ts";
import { longestValue, type Setting } from "../../reads/settings.ts";

export interface Change extends Setting {
  /** Null where there was none. */
  readonly was: string | null;
  readonly how: "changed" | "added" | "removed" | "pending";
}

/** They lose data after a crash, stop VACUUM, ANALYZE or archiving, or let rows go unchecked. */
const dangerous = new Set([
  "fsync",
  "full_page_writes",
  "synchronous_commit",
  "autovacuum",
  "track_counts",
  "archive_mode",
  "archive_command",
  "wal_level",
  "session_replication_role",
  "row_security",
  "ignore_checksum_failure",
  "zero_damaged_pages",
  "data_checksums",
  "max_connections",
  "shared_preload_libraries",
]);

export function sayChange(change: Change, floor: Severity, since: string): FindingDraft {
  const { level, database, role, name, value, was, how, unit } = change;
  const where = placeOf(change);
  const identity = where === "" ? name : `${name} ${where}`;
  const [from, to] = [say(was, unit), say(value, unit)];
  const words = {
    changed: `is ${to}, and was ${from}`,
    added: `is ${to}, and was not set there`,
    removed: `is not set any more, and was ${from}`,
    pending: `has a new value that waits for a restart of the server (now ${to})`,
  };
  return {
    object: { kind: "setting", name, identity },
    severity: dangerous.has(name) && !isAtLeast(floor, "warning") ? "warning" : floor,
    summary: `Setting ${identity} ${words[how]}`,
    detail: [
      `It changed ${since}.`,
      ...(level === "server" ? [] : ["It holds for sessions that began after the change."]),
    ],
    evidence: { level, database, role, how, value, was, unit },
    ...(how === "pending" ? {} : { remedy: setBack(change) }),
  };
}

function placeOf({ level, database, role }: Setting): string {
  if (level === "server") return "";
  const words = [
    ...(role === "" ? [] : [`of role ${role}`]),
    ...(database === "" ? [] : [`${role === "" ? "of" : "in"} database ${database}`]),
  ];
  return words.length === 0 ? "of every role" : words.join(" ");
}

const say = (value: string | null, unit: string | null): string => {
  if (value === null) return "not known";
  if (value.startsWith("hidden:")) return "another one (it may hold a secret and is not shown)";
  return value === "" ? "empty" : `${value}${unit === null ? "" : ` (in ${unit})`}`;
};

/** Lists: quoted as a whole, they would be one name. */
const isList = /^(search_path|temp_tablespaces|.*_preload_libraries|unix_socket_directories)$/;

function setBack(change: Change): Remedy {
  const { level, database, role, name, was, how } = change;
  const summary =
    level === "server"
      ? "If nobody meant it, set it back where it is managed: a parameter group, the configuration's repository, or here."
      : "If nobody meant it, set it back. New sessions have it then.";
  const cannotSay =
    !/^[a-z_][a-z0-9_.]*$/i.test(name) ||
    (how !== "added" && (was === null || was.startsWith("hidden:") || isList.test(name))) ||
    // The read keeps no more of it: the rest is not known.
    (was !== null && was.length >= longestValue);
  if (cannotSay || name === "server_version" || name === "data_checksums") return { summary };
  const value = was === null ? "" : quoteLiteral(was).trim();
  if (level === "server") {
    return {
      summary,
      sql: `ALTER SYSTEM SET ${name} = ${value};\nSELECT pg_catalog.pg_reload_conf();`,
    };
  }
  const whose =
    level === "database"
      ? database === ""
        ? "ROLE ALL"
        : `DATABASE ${database}`
      : `ROLE ${role}${database === "" ? "" : ` IN DATABASE ${database}`}`;
  return {
    summary,
    sql:
      how === "added" ? `ALTER ${whose} RESET ${name};` : `ALTER ${whose} SET ${name} = ${value};`,
  };
}

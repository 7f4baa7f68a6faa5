import { endPrepared, endSession } from "../../../core/activity/end-session.ts";
import type { Holder, OutsideHolder } from "../../../core/activity/holders.ts";
import { mostShown, sessionEvidence, sessionHandles } from "../../../core/activity/who.ts";
import type { FindingDraft, Remedy } from "../../../core/finding.ts";
import type { Severity } from "../../../core/severity.ts";
import { quoteLiteral } from "../../../core/sql.ts";
import { count, sayDuration } from "../../../core/units.ts";

interface Late {
  readonly holder: Holder;
  readonly seconds: number;
  /** It was first seen so long ago; it may be older. */
  readonly isAtLeast: boolean;
}

export function horizonFinding(
  { holder, seconds, isAtLeast }: Late,
  next: readonly Holder[],
  severity: Severity,
  database: string,
): FindingDraft {
  const { what, identity, age, isCatalogOnly } = holder;
  const what_ = isCatalogOnly ? "VACUUM of the system catalogs" : "VACUUM";
  const since = `${isAtLeast ? "at least " : ""}${sayDuration(seconds)}`;
  return {
    object: { kind: what.kind, name: identity, identity },
    severity,
    summary: `${sayHolder(holder)} holds back ${what_} for ${since}, ${count(age, "transaction")} behind`,
    detail: [
      "Rows that were updated or deleted since then stay where they are.",
      ...(next.length === 0
        ? []
        : [
            `Next in line: ${next.slice(0, 3).map(sayHolder).join("; ")}${next.length > 3 ? "; and more" : ""}.`,
          ]),
    ],
    evidence: {
      ...whoseEvidence(holder),
      seconds: Math.round(seconds),
      isAtLeast,
      transactions: age,
      xid: holder.xid,
      next: next.slice(0, mostShown).map(({ identity, age }) => ({ identity, transactions: age })),
    },
    remedy: remedy(holder, database),
    measure: { value: Math.round(seconds), unit: "seconds", of: "held back" },
    ...(what.kind === "session" ? { sessions: sessionHandles([what.backend]) } : {}),
  };
}

function whoseEvidence({ what }: Holder): FindingDraft["evidence"] {
  if (what.kind === "session") {
    const { role, application } = what.backend;
    return { role, application, session: sessionEvidence(what.backend) };
  }
  if (what.kind === "prepared transaction") {
    return { role: what.prepared.owner, gid: what.prepared.gid };
  }
  const { isActive, isLogical, consumer } = what.outside;
  return { isActive, isLogical, consumer };
}

function sayHolder({ what, identity }: Holder): string {
  if (what.kind === "session") return `Transaction of ${identity} (pid ${what.backend.pid})`;
  if (what.kind === "prepared transaction") {
    return `Prepared transaction ${what.prepared.gid} of ${what.prepared.owner}`;
  }
  if (what.kind === "standby") return `Standby ${identity}, by hot_standby_feedback,`;
  const { isActive, consumer } = what.outside;
  const by = isActive
    ? `, used by ${consumer === null || consumer === "" ? "somebody" : consumer},`
    : ", used by nobody,";
  return `Replication slot ${identity}${by}`;
}

function remedy({ what }: Holder, database: string): Remedy {
  if (what.kind === "session") return endSession(what.backend);
  if (what.kind === "prepared transaction") return endPrepared([what.prepared], database);
  return what.kind === "standby" || what.outside.isActive
    ? askConsumer(what.outside)
    : dropSlot(what.outside);
}

const askConsumer = ({ isLogical }: OutsideHolder): Remedy =>
  isLogical
    ? {
        summary:
          "Look at its subscriber: it confirms nothing. An error that repeats, or a long transaction there?",
      }
    : {
        summary:
          "A query on the standby runs that long. Look for it there; end it, or set hot_standby_feedback = off there.",
        sql: [
          "-- On the standby:",
          "SELECT pid, usename, application_name, xact_start, backend_xmin",
          "  FROM pg_catalog.pg_stat_activity",
          " WHERE backend_xmin IS NOT NULL",
          " ORDER BY pg_catalog.age(backend_xmin) DESC;",
        ].join("\n"),
      };

const dropSlot = ({ name, isLogical }: OutsideHolder): Remedy => ({
  summary: `Bring its ${isLogical ? "subscriber" : "standby"} back. If it is gone for good, drop the slot.`,
  sql: [
    "SELECT pg_catalog.pg_drop_replication_slot(slot_name)",
    "  FROM pg_catalog.pg_replication_slots",
    ` WHERE slot_name = ${quoteLiteral(name)}`,
    "   AND NOT active;",
  ].join("\n"),
  undo: "None: whoever used it must be built anew.",
});

import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import type { FindingDraft, Remedy } from "../../core/finding.ts";
import { sqlRead } from "../../core/read.ts";
import { majorOf } from "../../core/server.ts";
import { quoteLiteral } from "../../core/sql.ts";
import { count, sayDuration, saySize, size } from "../../core/units.ts";

/**
 * What of pg_replication_slots each major has; everybody may read it. A logical slot can be dropped
 * from any database (tried on 13 and 18). Without slots no WAL position is asked for, as Aurora's
 * readers refuse to say theirs.
 */
const slots = sqlRead({
  id: "replication-slots",
  sql: (server) => {
    const major = majorOf(server);
    return `
    SELECT s.slot_name::text                          AS "name",
           s.slot_type                                AS "type",
           s.database::text                           AS "database",
           s.plugin::text                             AS "plugin",
           s.temporary                                AS "isTemporary",
           s.active                                   AS "isActive",
           s.wal_status                               AS "walStatus",
           s.safe_wal_size                            AS "safeBytes",
           pg_catalog.pg_wal_lsn_diff(
             CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                  ELSE pg_catalog.pg_current_wal_lsn() END,
             s.restart_lsn)::pg_catalog.int8          AS "keptBytes",
           ${major >= 17 ? "s.synced" : "false"}      AS "isSynced",
           ${invalidationReason(major)}
                                                      AS "invalidationReason",
           ${inactiveSeconds(major)}
                                                      AS "inactiveSeconds",
           pg_catalog.current_setting('max_slot_wal_keep_size')
                                                      AS "maxSlotWalKeepSize"
      FROM pg_catalog.pg_replication_slots s
     ORDER BY s.slot_name`;
  },
  row: z.object({
    name: z.string(),
    type: z.enum(["physical", "logical"]),
    database: z.string().nullable(),
    plugin: z.string().nullable(),
    isTemporary: z.boolean(),
    isActive: z.boolean(),
    /** Null where the slot never reserved any WAL. */
    walStatus: z.enum(["reserved", "extended", "unreserved", "lost"]).nullable(),
    safeBytes: z.number().nullable(),
    keptBytes: z.number().nullable(),
    /** A standby's copy of its primary's slot: nobody reads it until a failover. */
    isSynced: z.boolean(),
    invalidationReason: z.string().nullable(),
    /** Known from 17 on. */
    inactiveSeconds: z.number().nullable(),
    maxSlotWalKeepSize: z.string(),
  }),
});
type Slot = z.infer<typeof slots.row>;

function invalidationReason(major: number): string {
  if (major >= 17) return "s.invalidation_reason";
  // 16 says `conflicting` of every reason (slotfuncs.c), so that only a replica leaves a doubt.
  if (major === 16) {
    return `CASE WHEN s.conflicting AND pg_catalog.pg_is_in_recovery()
                THEN 'WAL or rows that it needs were removed' END`;
  }
  return "NULL::pg_catalog.text";
}

function inactiveSeconds(major: number): string {
  const since = major >= 17 ? "s.inactive_since" : "NULL::pg_catalog.timestamptz";
  return `EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - ${since})::pg_catalog.float8`;
}

export const capacityReplicationSlot = defineCheck({
  id: "capacity/replication-slot",
  title: "Every replication slot is in use and within its limits",
  failureTitle: "Replication slot that is lost, or fills the disk",
  why: "A slot that nobody reads keeps WAL until the disk is full; one that lost its WAL can never go on.",
  source: "https://www.postgresql.org/docs/current/view-pg-replication-slots.html",
  options: z.object({
    kept: size
      .prefault("10GB")
      .describe("WAL that a slot without a consumer may keep before it is a warning"),
  }),
  profiles: ["hourly", "nightly", "watch"],
  reads: { slots },

  judge({ slots }, { kept }) {
    // A temporary slot ends with its session, which is told of an error by itself.
    const lasting = slots.filter(({ isTemporary }) => !isTemporary);
    return {
      scope: count(lasting.length, "replication slot"),
      findings: lasting.flatMap((slot) => judgeSlot(slot, kept)),
    };
  },

  examples: [
    { name: "a standby that keeps up", evidence: { slots: [example({})] }, finds: [] },
    {
      name: "a consumer that is away for the moment",
      evidence: { slots: [example({ isActive: false, keptBytes: 50_000_000 })] },
      finds: [],
    },
    {
      name: "a slot that was never used keeps nothing",
      evidence: { slots: [example({ isActive: false, walStatus: null, keptBytes: null })] },
      finds: [],
    },
    {
      name: "nobody reads it and it keeps 20 GB",
      evidence: { slots: [example({ isActive: false, walStatus: "extended", keptBytes: 2e10 })] },
      finds: ["warning cdc"],
    },
    {
      name: "the next checkpoint may remove what it needs",
      evidence: {
        slots: [
          example({
            ...{ walStatus: "unreserved", safeBytes: -5_000_000, keptBytes: 1_080_000_000 },
            maxSlotWalKeepSize: "1GB",
          }),
        ],
      },
      finds: ["warning cdc"],
    },
    {
      name: "what it needs is gone",
      evidence: {
        slots: [example({ isActive: false, walStatus: "lost", invalidationReason: "wal_removed" })],
      },
      finds: ["critical cdc"],
    },
    {
      name: "a standby's copy of a primary's slot has no consumer by design",
      evidence: { slots: [example({ isActive: false, isSynced: true, keptBytes: 2e10 })] },
      server: { inRecovery: true },
      finds: [],
    },
  ],
});

function example(of: Partial<Slot>): Slot {
  return {
    ...{ name: "cdc", type: "logical", database: "shop", plugin: "pgoutput" },
    ...{ isTemporary: false, isActive: true, isSynced: false, walStatus: "reserved" },
    ...{ safeBytes: null, keptBytes: 16_384, invalidationReason: null, inactiveSeconds: null },
    maxSlotWalKeepSize: "-1",
    ...of,
  };
}

function judgeSlot(slot: Slot, kept: number): FindingDraft[] {
  const { name, walStatus, keptBytes, isActive, isSynced } = slot;
  if (walStatus === "lost") {
    return [
      draft(slot, "critical", `Replication slot ${name} is lost: ${whyLost(slot)}`, {
        detail: "It can never be used again, and its consumer has a gap: rebuild the consumer.",
        summary: `Drop it, then rebuild ${consumerOf(slot)} from a new copy.`,
      }),
    ];
  }
  if (walStatus === "unreserved") {
    return [
      draft(slot, "warning", `Replication slot ${name} is about to be lost: ${overLimit(slot)}`, {
        detail: "A checkpoint removes the WAL that it needs unless its consumer catches up.",
        summary: `Start ${consumerOf(slot)} and let it catch up, or raise max_slot_wal_keep_size if the disk has room.`,
      }),
    ];
  }
  if (isActive || isSynced || keptBytes === null || keptBytes < kept) return [];
  return [
    draft(
      slot,
      "warning",
      `Replication slot ${name} keeps ${saySize(keptBytes)} of WAL and nobody reads it${since(slot)}`,
      {
        detail:
          slot.maxSlotWalKeepSize === "-1"
            ? "Nothing limits it (max_slot_wal_keep_size = -1): it grows until the disk is full and the server stops."
            : `It is lost when it keeps more than max_slot_wal_keep_size = ${slot.maxSlotWalKeepSize}.`,
        summary: `Start ${consumerOf(slot)}: it frees the WAL as it catches up.`,
      },
    ),
  ];
}

const whyLost = ({ invalidationReason }: Slot): string =>
  ({
    wal_removed: "WAL that it needs was removed (max_slot_wal_keep_size)",
    rows_removed: "VACUUM removed rows that it needs",
    wal_level_insufficient: "the primary's wal_level is below logical",
    idle_timeout: "nobody read it for idle_replication_slot_timeout",
  })[invalidationReason ?? "wal_removed"] ?? `${invalidationReason}`;

const overLimit = ({ keptBytes, maxSlotWalKeepSize }: Slot): string =>
  `it keeps ${saySize(keptBytes ?? 0)} of WAL, more than max_slot_wal_keep_size = ${maxSlotWalKeepSize}`;

const since = ({ inactiveSeconds }: Slot): string =>
  inactiveSeconds === null ? "" : ` for ${sayDuration(inactiveSeconds)}`;

const consumerOf = ({ type, plugin, database }: Slot): string =>
  type === "physical"
    ? "the standby"
    : `the consumer (${plugin ?? "logical"}, database ${database ?? "unknown"})`;

const draft = (
  slot: Slot,
  severity: "warning" | "critical",
  summary: string,
  words: { readonly detail: string; readonly summary: string },
): FindingDraft => ({
  object: { kind: "replication slot", name: slot.name, identity: slot.name },
  severity,
  summary,
  detail: [words.detail],
  evidence: {
    ...{ type: slot.type, database: slot.database, plugin: slot.plugin, active: slot.isActive },
    ...{ walStatus: slot.walStatus, keptBytes: slot.keptBytes, safeBytes: slot.safeBytes },
    invalidationReason: slot.invalidationReason,
    inactiveSeconds: slot.inactiveSeconds,
    maxSlotWalKeepSize: slot.maxSlotWalKeepSize,
  },
  remedy: remedyOf(slot, words.summary),
  ...(slot.keptBytes === null
    ? {}
    : { measure: { value: slot.keptBytes, unit: "bytes" as const, of: "WAL kept" } }),
});

/** To drop is the way for a lost slot, and the harsher one while its consumer may still come. */
function remedyOf({ name, walStatus }: Slot, summary: string): Remedy {
  const drop = `SELECT pg_catalog.pg_drop_replication_slot(${quoteLiteral(name)});`;
  const undo = "None: a new slot starts at today's WAL, and the consumer with a new copy.";
  if (walStatus === "lost") return { summary, sql: drop, undo };
  return {
    summary,
    sql: `SELECT s.active, s.wal_status, pg_catalog.pg_size_pretty(s.safe_wal_size) AS safe, a.*
  FROM pg_catalog.pg_replication_slots s
  LEFT JOIN pg_catalog.pg_stat_replication a ON a.pid = s.active_pid
 WHERE s.slot_name = ${quoteLiteral(name)};`,
    otherwise: {
      summary: "If nobody needs it, or the disk fills: drop it. Its consumer must be rebuilt then.",
      sql: drop,
    },
  };
}

import * as z from "zod";
import { defineCheck, type Judgement } from "../../core/check.ts";
import type { FindingDraft, Remedy } from "../../core/finding.ts";
import { type Severity, severitySchema } from "../../core/severity.ts";
import { count } from "../../core/units.ts";
import { blindnessOf } from "../../trackers/blindness.ts";
import { trackerOf, trackers } from "../../trackers/index.ts";
import { type TrackerRead, trackerStates } from "../../trackers/state.ts";
import type { Advice, Migration, TrackerTable } from "../../trackers/tracker.ts";

export const migrationsDirty = defineCheck({
  id: "migrations/dirty",
  title: "No migration is left half done",
  failureTitle: "Migration that failed or died halfway",
  why: "The schema is neither the old one nor the new one, and the tool refuses every later migration.",
  source:
    "Each tool's own source: database/postgres/postgres.go, DbMigrate.java, apply_migrations.rs",
  options: z.object({
    severity: severitySchema
      .default("critical")
      .describe(
        "Of a migration that failed or died; at most a warning where a later try succeeded.",
      ),
  }),
  profiles: ["pulse", "nightly", "watch"],
  // Whether the tool still works on it is told by its lock, and locks are the primary's.
  needs: { on: "primary", privilege: "SELECT on the migration tools' tables" },
  reads: { trackers: trackerStates },

  judge({ trackers: reads }, { severity }, { server }): Judgement {
    if (reads.length === 0) {
      const reason = `no table of ${trackers.map(({ tool }) => tool).join(", ")} here`;
      return { scope: "no tracker", findings: [], blind: { cause: "not-applicable", reason } };
    }
    const blind = blindnessOf(reads, server?.role ?? "pgvigil");
    return {
      scope: scopeOf(reads),
      findings: reads.flatMap((read) =>
        deadOf(read).map((migration) => findingOf(read.table, migration, severity)),
      ),
      ...(blind === undefined ? {} : { blind }),
    };
  },

  examples: [
    {
      name: "every migration is applied",
      evidence: { trackers: [example({ applied: 42 })] },
      finds: [],
    },
    {
      name: "a migration died halfway",
      evidence: { trackers: [example({ unresolved: [unfinished()] })] },
      finds: ["critical 20261120_add_index on public._prisma_migrations"],
    },
    {
      name: "a migration runs",
      evidence: {
        trackers: [
          example({
            unresolved: [unfinished()],
            holders: [{ pid: 4711, role: "deploy", application: null }],
          }),
        ],
      },
      finds: [],
    },
    {
      name: "a try died, a later one succeeded, and Prisma refuses all the same",
      evidence: {
        trackers: [example({ unresolved: [{ ...unfinished(), state: "superseded" }] })],
      },
      finds: ["warning 20261120_add_index on public._prisma_migrations"],
    },
    {
      name: "the tracker may not be read",
      evidence: { trackers: [{ table: table(["finished_at"]), obstacle: "privilege" }] },
      finds: [],
      blind: "privilege",
    },
    {
      name: "the tracker is locked, as it is while EF Core or a TRUNCATE is at it",
      evidence: { trackers: [{ table: table(), obstacle: "locked" }] },
      finds: [],
      blind: "lock",
    },
    { name: "no tracker", evidence: { trackers: [] }, finds: [], blind: "not-applicable" },
  ],
});

/** The newest unfinished one is at work as long as somebody holds the tool's lock. */
const runningOf = ({ state }: TrackerRead): Migration | undefined =>
  state === undefined || state.holders.length === 0
    ? undefined
    : state.unresolved.findLast((migration) => migration.state === "unfinished");

const deadOf = (read: TrackerRead): readonly Migration[] =>
  (read.state?.unresolved ?? []).filter((migration) => migration !== runningOf(read));

function scopeOf(reads: readonly TrackerRead[]): string {
  const seen = reads.filter(({ state }) => state !== undefined);
  const historic = seen.filter(({ table }) => trackerOf(table.tool)?.keepsHistory);
  const applied = historic.reduce((sum, { state }) => sum + (state?.applied ?? 0), 0);
  const running = reads.filter((read) => runningOf(read) !== undefined).length;
  const [only] = seen;
  const version = reads.length === 1 ? only?.state?.version : undefined;
  return [
    seen.length === reads.length
      ? count(reads.length, "tracker")
      : `${seen.length} of ${count(reads.length, "tracker")}`,
    ...(historic.length > 0 ? [count(applied, "migration")] : []),
    ...(version === undefined || version === null ? [] : [`at version ${version}`]),
    ...(running > 0 ? [`${running} running`] : []),
  ].join(", ");
}

function findingOf(table: TrackerTable, migration: Migration, severity: Severity): FindingDraft {
  const { tool, sqlTable } = table;
  const { version, state, since } = migration;
  const began = since === null ? "" : `, ${state === "failed" ? "recorded" : "begun"} ${since}`;
  const advice = trackerOf(tool)?.advise(migration, table);
  return {
    object: {
      kind: "migration",
      schema: table.schema,
      table: table.table,
      name: version,
      identity: `${version} on ${sqlTable}`,
    },
    severity: state === "superseded" && severity === "critical" ? "warning" : severity,
    summary: `Migration ${version} of ${tool} ${wordsOf(state, table)} (${sqlTable}${began})`,
    detail: [
      ...(advice === undefined ? [] : [advice.meanwhile]),
      ...(since === null ? [`${tool} does not record since when.`] : []),
    ],
    evidence: { tool, version, state, since },
    ...(advice === undefined ? {} : { remedy: remedyOf(advice) }),
  };
}

/** Of a tool that takes no lock nobody can say whether it still works. */
const wordsOf = (state: Migration["state"], table: TrackerTable): string =>
  state === "unfinished" && trackerOf(table.tool)?.lockKeys(table, "").length === 0
    ? "is dirty: it died, or it still runs"
    : words[state];

const words: Readonly<Record<Migration["state"], string>> = {
  applied: "is applied",
  undone: "is undone",
  unfinished: "began, did not end, and nobody works on it",
  failed: "failed",
  superseded: "died once and succeeded later, but the first try is still on record as unfinished",
};

const remedyOf = ({ look, commands }: Advice): Remedy => ({
  summary:
    "Find out how far it came: hold the schema against its file, and look for an invalid index. Complete it or undo it by hand, then tell the tool.",
  sql: [look, ...commands.map(({ when, type }) => `-- ${when}:\n--   ${type}`)].join("\n\n"),
});

function table(lacks: string[] = []): TrackerTable {
  return {
    tool: "Prisma",
    schema: "public",
    table: "_prisma_migrations",
    sqlSchema: "public",
    sqlTable: "public._prisma_migrations",
    columns: [
      "id",
      "checksum",
      "finished_at",
      "migration_name",
      "logs",
      "rolled_back_at",
      "started_at",
      "applied_steps_count",
    ],
    isPartitioned: false,
    relations: [16_384],
    hasForeignTable: false,
    isLocked: false,
    hidesRows: false,
    lacksUsage: false,
    lacks,
  };
}

function example(state: Partial<NonNullable<TrackerRead["state"]>>): TrackerRead {
  return {
    table: table(),
    state: {
      rows: 43,
      applied: 42,
      version: null,
      unresolved: [],
      holders: [],
      digest: null,
      newest: null,
      ...state,
    },
  };
}

function unfinished(): Migration {
  return {
    version: "20261120_add_index",
    state: "unfinished",
    since: "2026-11-20 02:58:11+00",
  };
}

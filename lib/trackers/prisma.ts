import { shellWord } from "./shell.ts";
import type { Tracker } from "./tracker.ts";

/** prisma-engines, sql-schema-connector/src/flavour/postgres.rs and commands/apply_migrations.rs */
export const prisma: Tracker = {
  tool: "Prisma",
  shape: {
    id: ["varchar", "text"],
    checksum: ["varchar", "text"],
    finished_at: ["timestamptz", "timestamp"],
    migration_name: ["varchar", "text"],
    logs: ["text"],
    rolled_back_at: ["timestamptz", "timestamp"],
    started_at: ["timestamptz", "timestamp"],
    applied_steps_count: ["int4"],
  },
  // Not logs: an error's text may quote the rows that it failed on.
  reads: ["migration_name", "started_at", "finished_at", "rolled_back_at"],
  keepsHistory: true,
  // Several rows may have one name: tries that were rolled back, then one that succeeded.
  rows: (from) => `
    SELECT m.migration_name::pg_catalog.text AS version,
           CASE WHEN m.rolled_back_at IS NOT NULL THEN 'undone'
                WHEN m.finished_at IS NOT NULL THEN 'applied'
                WHEN EXISTS (SELECT FROM ${from} AS later
                              WHERE later.migration_name = m.migration_name
                                AND later.finished_at IS NOT NULL
                                AND later.rolled_back_at IS NULL) THEN 'superseded'
                ELSE 'unfinished' END AS state,
           m.started_at::pg_catalog.text AS since
      FROM ${from} AS m`,
  lockKeys: () => [72_707_369n],
  advise: ({ version, state }, { sqlTable }) => ({
    meanwhile:
      "prisma migrate deploy refuses with P3009 until every unfinished row is marked as resolved.",
    look: `SELECT migration_name, started_at, applied_steps_count\n  FROM ${sqlTable}\n WHERE finished_at IS NULL AND rolled_back_at IS NULL\n ORDER BY started_at;`,
    commands: [
      {
        when: state === "superseded" ? "as a later try succeeded" : "if you undid what it did",
        type: `npx prisma migrate resolve --rolled-back ${shellWord(version)}`,
      },
      ...(state === "superseded"
        ? []
        : [
            {
              when: "if you completed it by hand",
              type: `npx prisma migrate resolve --applied ${shellWord(version)}`,
            },
          ]),
    ],
  }),
};

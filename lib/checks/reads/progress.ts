import { sqlRead } from "../../core/read.ts";
import { progressSchema } from "../../core/scene.ts";
import type { Server } from "../../core/server.ts";

interface View {
  readonly name: string;
  readonly command: string;
  readonly phase: string;
  readonly done: string;
  readonly total: string;
  /** As server_version_num. */
  readonly since: number;
}

const blocks = (what: string) => ({
  phase: "p.phase",
  done: `p.${what}_scanned`,
  total: `p.${what}_total`,
});

const views: readonly View[] = [
  { name: "vacuum", command: "'VACUUM'", ...blocks("heap_blks"), since: 0 },
  { name: "analyze", command: "'ANALYZE'", ...blocks("sample_blks"), since: 130_000 },
  { name: "cluster", command: "p.command", ...blocks("heap_blks"), since: 120_000 },
  {
    name: "create_index",
    command: "p.command",
    phase: "p.phase",
    done: "p.blocks_done",
    total: "p.blocks_total",
    since: 120_000,
  },
  {
    name: "copy",
    command: "p.command",
    phase: "NULL::pg_catalog.text",
    done: "p.bytes_processed",
    total: "p.bytes_total",
    since: 140_000,
  },
];

const rowsOf = ({ name, command, phase, done, total }: View): string => `
         SELECT ${command}::pg_catalog.text AS command, p.pid, p.relid,
                ${phase} AS phase, ${done} AS done, ${total} AS total
           FROM pg_catalog.pg_stat_progress_${name} p
          WHERE p.datid = (SELECT d.oid
                             FROM pg_catalog.pg_database d
                            WHERE d.datname = pg_catalog.current_database())`;

/**
 * What reports its progress in this database: how far an index, a VACUUM or a COPY is.
 * https://www.postgresql.org/docs/current/progress-reporting.html
 */
export const progress = sqlRead({
  id: "progress",
  sql: ({ versionNum }: Pick<Server, "versionNum">) => `
  WITH reported AS (${views
    .filter(({ since }) => versionNum >= since)
    .map(rowsOf)
    .join("\n          UNION ALL")}
       )
  SELECT r.command                                         AS "command",
         r.pid                                             AS "pid",
         pg_catalog.quote_ident(n.nspname) || '.'
           || pg_catalog.quote_ident(c.relname)            AS "table",
         r.phase                                           AS "phase",
         r.done::pg_catalog.float8                         AS "done",
         r.total::pg_catalog.float8                        AS "total"
    FROM reported r
    LEFT JOIN pg_catalog.pg_class c     ON c.oid = r.relid
    LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   ORDER BY 2, 1
   LIMIT 20`,
  row: progressSchema,
});

import * as z from "zod";

/** What each version of the extension calls its columns, however new the server is. */
const columnsOf = (version: string) => {
  const [major = 1, minor = 0] = version.split(".").map(Number);
  const since = (n: number): boolean => major > 1 || minor >= n;
  return {
    ms: since(8) ? "s.total_exec_time" : "s.total_time",
    maxMs: since(8) ? "s.max_exec_time" : "s.max_time",
    isTopLevel: since(9) ? "s.toplevel" : "true",
    since: since(11)
      ? `pg_catalog.to_char(s.stats_since, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
      : "NULL::pg_catalog.text",
    hasInfo: since(9),
  };
};

const here = `(SELECT d.oid
                         FROM pg_catalog.pg_database d
                        WHERE d.datname = pg_catalog.current_database())`;

/** As many as the extension is ever told to keep, and one more. */
const mostRows = 20_001;

/**
 * Of others' statements a role without pg_read_all_stats sees that they are there, and no query id.
 *
 * @param schema of the extension, quoted
 */
export function statementsSql(schema: string, version: string, most = mostRows): string {
  const columns = columnsOf(version);
  const info = (column: string, type: string): string =>
    columns.hasInfo
      ? `(SELECT ${column} FROM ${schema}.pg_stat_statements_info() i)`
      : `NULL::pg_catalog.${type}`;
  return `
    SELECT s.queryid::pg_catalog.text                         AS "queryid",
           s.userid                                           AS "roleOid",
           pg_catalog.pg_get_userbyid(s.userid)::pg_catalog.text
                                                              AS "role",
           ${columns.isTopLevel}                              AS "isTopLevel",
           s.calls                                            AS "calls",
           ${columns.ms}                                      AS "ms",
           ${columns.maxMs}                                   AS "maxMs",
           ${columns.since}                                   AS "since",
           ${info(`pg_catalog.to_char(i.stats_reset, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`, "text")}
                                                              AS "resetAt",
           ${info("i.dealloc", "int8")}                       AS "evicted"
      FROM ${schema}.pg_stat_statements(false) s
     WHERE s.dbid = ${here}
     ORDER BY 6 DESC, 1, 2, 4
     LIMIT ${most}`;
}

export const statementRow = z.object({
  queryid: z.string().nullable(),
  roleOid: z.int(),
  role: z.string(),
  isTopLevel: z.boolean(),
  calls: z.number(),
  /** Of execution, in all. */
  ms: z.number(),
  maxMs: z.number(),
  /** Since when it is counted, where the extension says (1.11 and newer). */
  since: z.string().nullable(),
  resetAt: z.string().nullable(),
  evicted: z.number().nullable(),
});

/** @param queryids as the server printed them */
export const fetchedTexts = (schema: string, queryids: readonly string[]): string => `
    SELECT DISTINCT ON (1)
           s.queryid::pg_catalog.text                         AS "queryid",
           pg_catalog.left(s.query, 5000)                     AS "text"
      FROM ${schema}.pg_stat_statements(true) s
     WHERE s.dbid = ${here}
       AND s.queryid = ANY ('{${queryids.filter((id) => /^-?\d+$/.test(id)).join(",")}}'::pg_catalog.int8[])
       AND s.query IS NOT NULL
     ORDER BY 1, s.calls DESC`;

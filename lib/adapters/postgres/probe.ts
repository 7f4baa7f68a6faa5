import * as z from "zod";
import type { Row, Statement } from "../../core/ports.ts";
import { type Server, serverSchema } from "../../core/server.ts";
import { quoteLiteral } from "../../core/sql.ts";
import { rowsAs } from "../../core/typed.ts";

/**
 * Who answers, and what may this role see? pg_has_role() asks for membership in the predefined
 * roles that exist at this version; superusers pass every such test.
 * pg_control_system() names the cluster: two targets with one identifier and one database OID are
 * one database (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CONTROLDATA).
 */
const sql = (settings: readonly string[]) => `
  SELECT pg_catalog.regexp_replace(pg_catalog.current_setting('server_version'), ' .*', '')
                                                             AS "version",
         pg_catalog.current_setting('server_version_num')::int4
                                                             AS "versionNum",
         d.datname::text                                     AS "database",
         d.oid                                               AS "databaseOid",
         r.rolname::text                                     AS "role",
         pg_catalog.pg_is_in_recovery()                      AS "inRecovery",
         CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
              THEN (SELECT s.system_identifier::text FROM pg_catalog.pg_control_system() s) END
                                                             AS "systemIdentifier",
         CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_checkpoint()', 'EXECUTE')
              THEN (SELECT c.timeline_id FROM pg_catalog.pg_control_checkpoint() c) END
                                                             AS "timeline",
         pg_catalog.to_char(pg_catalog.pg_postmaster_start_time() AT TIME ZONE 'UTC',
                            'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "startedAt",
         pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC',
                            'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "now",
         pg_catalog.pg_backend_pid()                         AS "backendPid",
         r.rolsuper                                          AS "isSuperuser",
         r.rolsuper OR r.rolbypassrls                        AS "bypassesRls",
         pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
                                                             AS "readsAllStats",
         pg_catalog.pg_has_role('pg_read_all_settings', 'USAGE')
                                                             AS "readsAllSettings",
         COALESCE((SELECT pg_catalog.pg_has_role(a.oid, 'USAGE')
                     FROM pg_catalog.pg_roles a
                    WHERE a.rolname = 'pg_read_all_data'), r.rolsuper)
                                                             AS "readsAllData",
         COALESCE((SELECT pg_catalog.json_object_agg(e.extname, e.extversion)
                     FROM pg_catalog.pg_extension e), '{}'::json)
                                                             AS "extensions",
         (SELECT pg_catalog.json_agg(pg_catalog.lower(s.name) ORDER BY s.name)
            FROM pg_catalog.pg_settings s
           WHERE pg_catalog.lower(s.name) = ANY (ARRAY[${settings
             .map((name) => quoteLiteral(name.toLowerCase()))
             .join(", ")}]))
                                                             AS "knownSettings"
    FROM pg_catalog.pg_database d
    JOIN pg_catalog.pg_roles r ON r.rolname = CURRENT_USER
   WHERE d.datname = pg_catalog.current_database()`;

const row = serverSchema.extend({ knownSettings: z.array(z.string()) });

export interface Introduction {
  readonly server: Server;
  readonly known: ReadonlySet<string>;
}

export async function probe(
  ask: (statement: Statement) => Promise<readonly Row[]>,
  settings: readonly string[],
): Promise<Introduction> {
  const id = "server-probe";
  const [answer] = rowsAs(row, await ask({ id, sql: sql(settings) }), id, 1);
  const { knownSettings, ...server } = answer;
  return { server, known: new Set(knownSettings) };
}

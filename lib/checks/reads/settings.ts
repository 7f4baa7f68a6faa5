import * as z from "zod";
import { sqlRead } from "../../core/read.ts";

/** Characters that are kept of a value. */
export const longestValue = 300;

/**
 * Commands and connections may hold passwords, and nobody knows what a setting with a dot holds:
 * only numbers and switches of those leave the server. Of the rest six digits of a hash do, enough
 * to see that it changed and too few to guess it by.
 */
const tamed = (name: string, value: string): string =>
  `CASE WHEN ${name} ~ '(conninfo|command|passphrase|secret|password|token|[.])'
                    AND ${value} !~ '^(on|off|true|false|-?[0-9]+([.][0-9]+)?[a-zA-Z]{0,3})?$'
                  THEN 'hidden:' || pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(
                         pg_catalog.convert_to(${value}, 'UTF8')), 'hex'), 6)
                  ELSE pg_catalog.left(${value}, ${longestValue}) END`;

/**
 * Settings as the server has them for a session that says nothing of its own: reset_val, as our
 * session pins many. Which ones a role sees depends on it; what roles and databases have of their
 * own everybody may read. What a session or a client says, and what follows from other settings, is
 * left out.
 *
 * https://www.postgresql.org/docs/current/view-pg-settings.html
 */
export const settings = sqlRead({
  id: "settings",
  sql: `
    WITH own AS (
      SELECT COALESCE(pg_catalog.quote_ident(d.datname), '') AS database,
             COALESCE(pg_catalog.quote_ident(r.rolname), '') AS role,
             pg_catalog.split_part(c.line, '=', 1)          AS name,
             pg_catalog.substr(c.line, pg_catalog.strpos(c.line, '=') + 1) AS value,
             s.setrole = 0 OR s.setrole = me.oid            AS "isOurs"
        FROM pg_catalog.pg_db_role_setting s
       CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) c (line)
        LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
        LEFT JOIN pg_catalog.pg_roles r    ON r.oid = s.setrole
        LEFT JOIN pg_catalog.pg_roles me   ON me.rolname = CURRENT_USER
       WHERE s.setdatabase = 0 OR d.datname = pg_catalog.current_database()
    )
    SELECT 'server'                      AS "level",
           ''                            AS "database",
           ''                            AS "role",
           g.name                        AS "name",
           ${tamed("g.name", "g.reset_val")}
                                         AS "value",
           g.unit                        AS "unit",
           g.pending_restart             AS "isPending"
      FROM pg_catalog.pg_settings g
     WHERE (g.context <> 'internal' OR g.name IN ('server_version', 'data_checksums'))
       AND g.name NOT IN ('application_name', 'client_encoding', 'session_authorization', 'role',
                          'seed', 'transaction_isolation', 'transaction_read_only',
                          'transaction_deferrable', 'is_superuser', 'in_hot_standby')
       -- Told as what it is: a database's setting, or our role's.
       AND NOT EXISTS (SELECT FROM own o WHERE o."isOurs" AND o.name = g.name)
     UNION ALL
    SELECT CASE WHEN o.role = '' THEN 'database' ELSE 'role' END,
           o.database, o.role, o.name,
           ${tamed("o.name", "o.value")},
           NULL, false
      FROM own o
     ORDER BY 1, 2, 3, 4`,
  row: z.object({
    level: z.enum(["server", "database", "role"]),
    /** Quoted; empty where it holds in every one. */
    database: z.string(),
    role: z.string(),
    name: z.string(),
    value: z.string().nullable(),
    unit: z.string().nullable(),
    /** A new value waits for a restart. */
    isPending: z.boolean(),
  }),
});
export type Setting = z.infer<typeof settings.row>;

import { quoteIdentifier, quoteLiteral } from "../../core/sql.ts";
import { trackerColumns } from "../../trackers/grants.ts";

export interface RoleTier {
  readonly title: string;
  /** What pgvigil can tell with it that it could not tell before. */
  readonly unlocks: string;
  readonly sql: string;
}

/**
 * A least-privileged role in three steps, each the one before it and something more. To be run by
 * a role that may create roles, in the database that is to be watched. Every step can be repeated.
 */
function roleTiers(role: string, database: string): readonly RoleTier[] {
  const name = quoteIdentifier(role);
  const each = (query: string, grant: string) => doBlock(role, query, grant);
  return [
    {
      title: "1. Connect, and see what the server does",
      unlocks:
        "sessions, locks, connections, wraparound, slots, sequences, indexes, constraints, triggers, the schema; no row",
      sql: [
        `DO $$ BEGIN\n  CREATE ROLE ${name} LOGIN CONNECTION LIMIT 4;`,
        "EXCEPTION WHEN duplicate_object THEN NULL; END $$;",
        `ALTER ROLE ${name} SET default_transaction_read_only = on;`,
        `GRANT CONNECT ON DATABASE ${quoteIdentifier(database)} TO ${name};`,
        `GRANT pg_monitor TO ${name};`,
        each(sequences, "GRANT SELECT ON SEQUENCE %s TO %s"),
        "-- Say it again after a migration that adds a sequence.",
        `-- Give it a password (in psql: \\password ${role}), or let it log in by IAM.`,
      ].join("\n"),
    },
    {
      title: "2. Read the key columns and the migration trackers",
      unlocks: "rows without parents, dirty migrations; no other column",
      sql: [
        each(userSchemas, "GRANT USAGE ON SCHEMA %s TO %s"),
        each(keyColumns, "GRANT SELECT (%s) ON %s TO %s"),
        each(trackerColumns, "GRANT SELECT (%s) ON %s TO %s"),
        "-- Say it again after a migration that adds a foreign key.",
      ].join("\n"),
    },
    {
      title: "3. Read everything, also what comes later",
      unlocks: "the same for every table to come; row values never leave",
      sql: readAll(role),
    },
  ];
}

const visibleSchema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

const userSchemas = `
    SELECT ARRAY[pg_catalog.quote_ident(n.nspname)] AS words
      FROM pg_catalog.pg_namespace n
     WHERE ${visibleSchema}
     ORDER BY 1`;

const keyColumns = `
    SELECT ARRAY[pg_catalog.string_agg(DISTINCT pg_catalog.quote_ident(a.attname), ', '),
                 k.relid::pg_catalog.regclass::text] AS words
      FROM (SELECT conrelid AS relid, conkey AS keys FROM pg_catalog.pg_constraint
             WHERE contype = 'f'
             UNION ALL
            SELECT confrelid, confkey FROM pg_catalog.pg_constraint WHERE contype = 'f') k
      JOIN pg_catalog.pg_attribute a ON a.attrelid = k.relid AND a.attnum = ANY (k.keys)
     GROUP BY k.relid
     ORDER BY 1`;

const sequences = `
    SELECT ARRAY[c.oid::pg_catalog.regclass::text] AS words
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND ${visibleSchema}
     ORDER BY 1`;

/** The names are quoted by the server (quote_ident, regclass), whatever they hold. */
function doBlock(role: string, query: string, grant: string): string {
  return `DO $$
DECLARE r record;
BEGIN
  FOR r IN${query}
  LOOP
    EXECUTE pg_catalog.format(${quoteLiteral(grant)},
                              VARIADIC r.words || pg_catalog.quote_ident(${quoteLiteral(role)}));
  END LOOP;
END $$;`;
}

const grantsBySchema = [
  "GRANT USAGE ON SCHEMA %s TO %s",
  "GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s",
  "GRANT SELECT ON ALL SEQUENCES IN SCHEMA %s TO %s",
  "ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT SELECT ON TABLES TO %s",
  "ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT SELECT ON SEQUENCES TO %s",
];

/** pg_read_all_data came with 14; before it, every schema by itself, and what its owner adds. */
function readAll(role: string): string {
  const execute = (grant: string) =>
    `    EXECUTE pg_catalog.format(${quoteLiteral(grant)},
                              VARIADIC r.words || pg_catalog.quote_ident(${quoteLiteral(role)}));`;
  return `DO $$
DECLARE r record;
BEGIN
  IF pg_catalog.current_setting('server_version_num')::int >= 140000 THEN
    EXECUTE ${quoteLiteral(`GRANT pg_read_all_data TO ${quoteIdentifier(role)}`)};
    RETURN;
  END IF;
  FOR r IN${userSchemas}
  LOOP
${grantsBySchema.map(execute).join("\n")}
  END LOOP;
END $$;`;
}

/** All of it up to a tier, as one script. */
export const roleScript = (role: string, database: string, upTo: 1 | 2 | 3): string =>
  roleTiers(role, database).slice(0, upTo).map(written).join("\n\n");

/**
 * The file that is run as it is: what looking takes. Reading every row is not in that, so the last
 * step stands in it as a comment.
 */
export function roleFile(role: string, database: string): string {
  const [first, second, third] = roleTiers(role, database).map(written);
  const offered = `-- Not needed, and not done: take the first two signs from these lines, if you want it.\n${third}`;
  return [first, second, offered.replaceAll(/^(?!-- )/gm, "-- ")].join("\n\n");
}

const written = ({ title, unlocks, sql }: RoleTier): string =>
  `-- ${title}\n-- Unlocks: ${unlocks}\n${sql}`;

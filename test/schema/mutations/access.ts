import type { Mutation } from "./mutation.ts";

/** Done to the database itself, whose name every test makes up anew. */
const onDatabase = (words: string) =>
  `DO $do$ BEGIN EXECUTE format(${`'${words.replaceAll("'", "''")}'`}, current_database()); END $do$`;

const defaults = (words: string, schema = "") =>
  `ALTER DEFAULT PRIVILEGES FOR ROLE postgres${schema} ${words}`;

/** `{role}` is a role of this test's own. */
export const ofAccess: readonly Mutation[] = [
  [
    "a privilege on the database",
    onDatabase("GRANT CREATE ON DATABASE %I TO pg_monitor"),
    onDatabase("REVOKE CREATE ON DATABASE %I FROM pg_monitor"),
    "changed database (this one): privileges.pg_monitor",
  ],
  [
    "what anybody may on the database",
    onDatabase("REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC"),
    onDatabase("GRANT TEMPORARY ON DATABASE %I TO PUBLIC"),
    "changed database (this one): privileges.PUBLIC",
  ],
  [
    "the database's comment",
    onDatabase("COMMENT ON DATABASE %I IS 'hm'"),
    onDatabase("COMMENT ON DATABASE %I IS NULL"),
    "changed database (this one): comments.comment",
  ],
  [
    "how many may connect",
    onDatabase("ALTER DATABASE %I CONNECTION LIMIT 50"),
    onDatabase("ALTER DATABASE %I CONNECTION LIMIT -1"),
    "changed database (this one): physical.connectionLimit",
  ],
  [
    "a template",
    onDatabase("ALTER DATABASE %I IS_TEMPLATE true"),
    onDatabase("ALTER DATABASE %I IS_TEMPLATE false"),
    "changed database (this one): physical.template",
  ],
  [
    "the database's owner",
    onDatabase("ALTER DATABASE %I OWNER TO pg_monitor"),
    onDatabase("ALTER DATABASE %I OWNER TO postgres"),
    "changed database (this one): ownership.owner",
  ],
  [
    "a setting of the database",
    onDatabase("ALTER DATABASE %I SET work_mem = '8MB'"),
    onDatabase("ALTER DATABASE %I RESET work_mem"),
    "added settings of the database",
  ],
  [
    "a setting of a role in the database",
    onDatabase("ALTER ROLE {role} IN DATABASE %I SET search_path = app, public"),
    onDatabase("ALTER ROLE {role} IN DATABASE %I RESET search_path"),
    "added settings of role {role} in the database",
  ],
  [
    "a setting of a role that may connect",
    "ALTER ROLE {role} SET statement_timeout = '5s'",
    "ALTER ROLE {role} RESET statement_timeout",
    "changed settings of role {role}: structure.statement_timeout",
  ],
  [
    "another value of a role's setting",
    "ALTER ROLE {role} SET lock_timeout = '2s'",
    "ALTER ROLE {role} SET lock_timeout = '1s'",
    "changed settings of role {role}: structure.lock_timeout",
  ],
  [
    "default privileges",
    defaults("GRANT SELECT ON TABLES TO pg_monitor"),
    defaults("REVOKE SELECT ON TABLES FROM pg_monitor"),
    "added default privileges for role postgres on tables",
  ],
  [
    "what anybody may by default",
    defaults("REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"),
    defaults("GRANT EXECUTE ON FUNCTIONS TO PUBLIC"),
    "added default privileges for role postgres on functions",
  ],
  [
    "default privileges of a schema",
    defaults("GRANT ALL ON SEQUENCES TO pg_monitor", " IN SCHEMA apart"),
    defaults("REVOKE ALL ON SEQUENCES FROM pg_monitor", " IN SCHEMA apart"),
    "added default privileges for role postgres in schema apart on sequences",
  ],
  [
    "more default privileges of a schema",
    defaults("GRANT INSERT ON TABLES TO pg_monitor", " IN SCHEMA apart"),
    defaults("REVOKE INSERT ON TABLES FROM pg_monitor", " IN SCHEMA apart"),
    "changed default privileges for role postgres in schema apart on tables: privileges.pg_monitor",
  ],
  [
    "a privilege on a sequence",
    "GRANT USAGE ON SEQUENCE app.ticks TO pg_monitor",
    "REVOKE USAGE ON SEQUENCE app.ticks FROM pg_monitor",
    "changed sequence app.ticks: privileges.pg_monitor",
  ],
  [
    "a privilege that may be handed on",
    "GRANT USAGE ON SEQUENCE app.shared TO pg_monitor WITH GRANT OPTION",
    "REVOKE GRANT OPTION FOR USAGE ON SEQUENCE app.shared FROM pg_monitor",
    "changed sequence app.shared: privileges.pg_monitor",
  ],
  [
    "a privilege on a large object",
    "GRANT SELECT ON LARGE OBJECT 4711 TO pg_monitor",
    "REVOKE SELECT ON LARGE OBJECT 4711 FROM pg_monitor",
    "added large objects of postgres",
  ],
  [
    "a privilege on a function of an extension",
    "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO pg_monitor",
    "REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM pg_monitor",
    "added privileges on function pg_catalog.pg_read_file(pg_catalog.text)",
  ],
  [
    "a catalog's column for somebody",
    "GRANT SELECT (rolname) ON pg_authid TO pg_monitor",
    "REVOKE SELECT (rolname) ON pg_authid FROM pg_monitor",
    "added privileges on table column pg_catalog.pg_authid.rolname",
  ],
  [
    "a security label",
    "INSERT INTO pg_seclabel VALUES ('app.shared'::regclass, 'pg_class'::regclass, 0, 'mask', 'x')",
    "DELETE FROM pg_seclabel WHERE provider = 'mask' AND label = 'x'",
    "added security label mask on sequence app.shared",
  ],
  [
    "another label",
    "UPDATE pg_seclabel SET label = 'z' WHERE label = 'y'",
    "UPDATE pg_seclabel SET label = 'y' WHERE label = 'z'",
    "changed security label mask on sequence app.ticks: privileges.label",
  ],
];

export const accessBase = `
  CREATE SCHEMA apart;
  CREATE SEQUENCE app.ticks;
  CREATE SEQUENCE app.shared;
  GRANT USAGE ON SEQUENCE app.shared TO pg_monitor;
  SELECT lo_create(4711);
  GRANT UPDATE ON LARGE OBJECT 4711 TO postgres;
  ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA apart GRANT SELECT ON TABLES TO pg_monitor;
  ALTER ROLE {role} SET lock_timeout = '1s';
  INSERT INTO pg_seclabel VALUES ('app.ticks'::regclass, 'pg_class'::regclass, 0, 'mask', 'y');`;

export const ofAccessSince15: readonly Mutation[] = [
  [
    "a parameter that a role may set",
    "GRANT SET ON PARAMETER log_min_messages TO {role}",
    "REVOKE SET ON PARAMETER log_min_messages FROM {role}",
    "added parameter log_min_messages",
  ],
];

export const ofAccessSince17: readonly Mutation[] = [
  [
    "MAINTAIN",
    "GRANT MAINTAIN ON app.people TO pg_monitor",
    "REVOKE MAINTAIN ON app.people FROM pg_monitor",
    "changed table app.people: privileges.pg_monitor",
  ],
];

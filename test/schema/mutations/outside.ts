import type { Mutation } from "./mutation.ts";

const subscription = "CONNECTION 'host=nowhere password=hush' PUBLICATION a, b";
const options = "connect = false, slot_name = 'far'";

/** What reaches beyond the database: foreign data, replication; and event triggers. */
export const outsideBase = `
  CREATE TABLE app.sent (id int PRIMARY KEY, note text);
  CREATE PUBLICATION sent FOR TABLE app.sent;
  CREATE SUBSCRIPTION received ${subscription} WITH (${options});
  CREATE FOREIGN DATA WRAPPER far OPTIONS (debug 'on');
  CREATE SERVER there TYPE 'shop' VERSION '1' FOREIGN DATA WRAPPER far OPTIONS (host 'a', password 'hush');
  CREATE FOREIGN TABLE app.far (id int, note text OPTIONS (name 'n')) SERVER there OPTIONS (name 'orders');
  CREATE FUNCTION app.seen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
  CREATE EVENT TRIGGER seen ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'CREATE TABLE') EXECUTE FUNCTION app.seen();`;

export const ofOutside: readonly Mutation[] = [
  [
    "a publication more",
    "CREATE PUBLICATION everything FOR ALL TABLES",
    "DROP PUBLICATION everything",
    "added publication everything",
  ],
  [
    "what a publication sends",
    "ALTER PUBLICATION sent SET (publish = 'insert, update')",
    "ALTER PUBLICATION sent SET (publish = 'insert, update, delete, truncate')",
    "changed publication sent: structure.publishes",
  ],
  [
    "via root",
    "ALTER PUBLICATION sent SET (publish_via_partition_root = true)",
    "ALTER PUBLICATION sent SET (publish_via_partition_root = false)",
    "changed publication sent: structure.viaRoot",
  ],
  [
    "of all tables",
    "DROP PUBLICATION sent; CREATE PUBLICATION sent FOR ALL TABLES",
    "DROP PUBLICATION sent; CREATE PUBLICATION sent FOR TABLE app.sent",
    "changed publication sent: structure.allTables",
    "removed publication table app.sent in publication sent",
  ],
  [
    "a publication's owner",
    "ALTER PUBLICATION sent OWNER TO {role}",
    "ALTER PUBLICATION sent OWNER TO postgres",
    "changed publication sent: ownership.owner",
  ],
  [
    "a publication's comment",
    "COMMENT ON PUBLICATION sent IS 'hm'",
    "COMMENT ON PUBLICATION sent IS NULL",
    "changed publication sent: comments.comment",
  ],
  [
    "a publication's table",
    "ALTER PUBLICATION sent DROP TABLE app.sent",
    "ALTER PUBLICATION sent ADD TABLE app.sent",
    "removed publication table app.sent in publication sent",
  ],
  [
    "a subscription gone",
    "ALTER SUBSCRIPTION received SET (slot_name = NONE); DROP SUBSCRIPTION received",
    `CREATE SUBSCRIPTION received ${subscription} WITH (${options})`,
    "removed subscription received",
  ],
  [
    "a subscription's slot",
    "ALTER SUBSCRIPTION received SET (slot_name = 'near')",
    "ALTER SUBSCRIPTION received SET (slot_name = 'far')",
    "changed subscription received: structure.slot",
  ],
  [
    "a subscription's publications",
    "ALTER SUBSCRIPTION received SET PUBLICATION a WITH (refresh = false)",
    "ALTER SUBSCRIPTION received SET PUBLICATION a, b WITH (refresh = false)",
    "changed subscription received: structure.publications",
  ],
  [
    "a subscription's comment",
    "COMMENT ON SUBSCRIPTION received IS 'hm'",
    "COMMENT ON SUBSCRIPTION received IS NULL",
    "changed subscription received: comments.comment",
  ],
  [
    "a subscription enabled",
    "UPDATE pg_subscription SET subenabled = true WHERE subname = 'received'",
    "UPDATE pg_subscription SET subenabled = false WHERE subname = 'received'",
    "changed subscription received: validity.disabled",
  ],
  [
    "a wrapper more",
    "CREATE FOREIGN DATA WRAPPER near",
    "DROP FOREIGN DATA WRAPPER near",
    "added foreign-data wrapper near",
  ],
  [
    "a wrapper's options",
    "ALTER FOREIGN DATA WRAPPER far OPTIONS (SET debug 'off')",
    "ALTER FOREIGN DATA WRAPPER far OPTIONS (SET debug 'on')",
    "changed foreign-data wrapper far: structure.options",
  ],
  [
    "a wrapper's validator",
    "ALTER FOREIGN DATA WRAPPER far VALIDATOR postgresql_fdw_validator",
    "ALTER FOREIGN DATA WRAPPER far NO VALIDATOR",
    "changed foreign-data wrapper far: structure.validator",
  ],
  [
    "a wrapper's privilege",
    "GRANT USAGE ON FOREIGN DATA WRAPPER far TO pg_monitor",
    "REVOKE USAGE ON FOREIGN DATA WRAPPER far FROM pg_monitor",
    "changed foreign-data wrapper far: privileges.pg_monitor",
  ],
  [
    "a wrapper's comment",
    "COMMENT ON FOREIGN DATA WRAPPER far IS 'hm'",
    "COMMENT ON FOREIGN DATA WRAPPER far IS NULL",
    "changed foreign-data wrapper far: comments.comment",
  ],
  [
    "a server more",
    "CREATE SERVER here FOREIGN DATA WRAPPER far",
    "DROP SERVER here",
    "added server here",
  ],
  [
    "a server's version",
    "ALTER SERVER there VERSION '2'",
    "ALTER SERVER there VERSION '1'",
    "changed server there: structure.version",
  ],
  [
    "a server's options",
    "ALTER SERVER there OPTIONS (SET host 'b')",
    "ALTER SERVER there OPTIONS (SET host 'a')",
    "changed server there: structure.options",
  ],
  [
    "a server's owner",
    "ALTER SERVER there OWNER TO {role}",
    "ALTER SERVER there OWNER TO postgres",
    "changed server there: ownership.owner",
  ],
  [
    "a server's privilege",
    "GRANT USAGE ON FOREIGN SERVER there TO pg_monitor",
    "REVOKE USAGE ON FOREIGN SERVER there FROM pg_monitor",
    "changed server there: privileges.pg_monitor",
  ],
  [
    "a server's comment",
    "COMMENT ON SERVER there IS 'hm'",
    "COMMENT ON SERVER there IS NULL",
    "changed server there: comments.comment",
  ],
  [
    "a user mapping",
    "CREATE USER MAPPING FOR pg_monitor SERVER there OPTIONS (password 'hush')",
    "DROP USER MAPPING FOR pg_monitor SERVER there",
    "added user mapping pg_monitor on server there",
  ],
  [
    "a foreign table's options",
    "ALTER FOREIGN TABLE app.far OPTIONS (SET name 'bills')",
    "ALTER FOREIGN TABLE app.far OPTIONS (SET name 'orders')",
    "changed foreign table app.far: structure.options",
  ],
  [
    "a foreign column's options",
    "ALTER FOREIGN TABLE app.far ALTER note OPTIONS (SET name 'm')",
    "ALTER FOREIGN TABLE app.far ALTER note OPTIONS (SET name 'n')",
    "changed column app.far.note: structure.options",
  ],
  [
    "an event trigger disabled",
    "ALTER EVENT TRIGGER seen DISABLE",
    "ALTER EVENT TRIGGER seen ENABLE",
    "changed event trigger seen: validity.fires",
  ],
  [
    "an event trigger's comment",
    "COMMENT ON EVENT TRIGGER seen IS 'hm'",
    "COMMENT ON EVENT TRIGGER seen IS NULL",
    "changed event trigger seen: comments.comment",
  ],
  [
    "an event trigger more",
    "CREATE EVENT TRIGGER dropped ON sql_drop EXECUTE FUNCTION app.seen()",
    "DROP EVENT TRIGGER dropped",
    "added event trigger dropped",
  ],
  [
    "an event trigger's tags",
    "DROP EVENT TRIGGER seen; CREATE EVENT TRIGGER seen ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION app.seen()",
    "DROP EVENT TRIGGER seen; CREATE EVENT TRIGGER seen ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION app.seen()",
    "changed event trigger seen: structure.tags",
  ],
  [
    "an event trigger's event",
    "DROP EVENT TRIGGER seen; CREATE EVENT TRIGGER seen ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION app.seen()",
    "DROP EVENT TRIGGER seen; CREATE EVENT TRIGGER seen ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION app.seen()",
    "changed event trigger seen: structure.event",
  ],
];

const table = (words: string) => `ALTER PUBLICATION sent SET TABLE app.sent${words}`;

export const ofOutsideSince14: readonly Mutation[] = [
  [
    "a subscription in binary",
    "ALTER SUBSCRIPTION received SET (binary = true, synchronous_commit = local)",
    "ALTER SUBSCRIPTION received SET (binary = false, synchronous_commit = off)",
    "changed subscription received: structure.binary structure.synchronousCommit",
  ],
];

export const ofOutsideSince15: readonly Mutation[] = [
  [
    "a publication's columns",
    table(" (id)"),
    table(""),
    "changed publication table app.sent in publication sent: structure.columns",
  ],
  [
    "a row filter",
    table(" WHERE (id > 5)"),
    table(""),
    "changed publication table app.sent in publication sent: structure.filter",
  ],
  [
    "a publication's schema",
    "ALTER PUBLICATION sent ADD TABLES IN SCHEMA app",
    "ALTER PUBLICATION sent DROP TABLES IN SCHEMA app",
    "added publication schema app in publication sent",
  ],
];

export const ofOutsideSince18: readonly Mutation[] = [
  [
    "generated columns",
    "ALTER PUBLICATION sent SET (publish_generated_columns = stored)",
    "ALTER PUBLICATION sent SET (publish_generated_columns = none)",
    "changed publication sent: structure.generatedColumns",
  ],
  [
    "how a subscription streams",
    "ALTER SUBSCRIPTION received SET (streaming = on, origin = none)",
    "ALTER SUBSCRIPTION received SET (streaming = parallel, origin = any)",
    "changed subscription received: structure.origin structure.streaming",
  ],
  [
    "when a subscription gives up",
    "ALTER SUBSCRIPTION received SET (disable_on_error = true, run_as_owner = true, password_required = false)",
    "ALTER SUBSCRIPTION received SET (disable_on_error = false, run_as_owner = false, password_required = true)",
    "changed subscription received: structure.disableOnError structure.passwordNotRequired structure.runAsOwner",
  ],
];

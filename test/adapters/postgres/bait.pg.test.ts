import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { ownServer } from "../../support/own-server.ts";
import { endings, runAll } from "../../support/run-all.ts";
import { everyKind } from "./every-kind.ts";

/**
 * A schema that shadows pg_catalog: every function, operator and relation of it again, each of
 * which writes into the server's log that it was called (a sequence would not tell: READ ONLY
 * refuses it). What cannot be made again (pseudo-types, internal arguments) is passed over.
 */
const trap = `
  CREATE SCHEMA trap;
  CREATE FUNCTION trap.spring() RETURNS boolean LANGUAGE plpgsql AS
    'BEGIN RAISE LOG ''the trap was sprung''; RETURN true; END';
  DO $trap$
  DECLARE
    item record;
    made int := 0;
  BEGIN
    FOR item IN SELECT p.proname, p.oid, pg_get_function_identity_arguments(p.oid) AS arguments,
                       format_type(p.prorettype, NULL) AS result
                  FROM pg_proc p
                 WHERE p.pronamespace = 'pg_catalog'::regnamespace
                   AND p.prokind = 'f' AND NOT p.proretset
                   AND p.proname ~ '^(pg_|has_|set_config|current_|quote_|format|lower|upper|now|clock_|coalesce|array_|json|to_|regexp_|replace|split_|length|md5|obj_|col_|txid_|int|text|name|oid|reg|count|age|date_|extract|round|greatest|left|right|substr|string|unnest|row_|num|concat|position|strpos|like|mod|abs|version|inet|shobj|xid|nameeq|chareq)'
    LOOP
      BEGIN
        EXECUTE format('CREATE FUNCTION trap.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L',
                       item.proname, item.arguments, item.result,
                       'BEGIN PERFORM trap.spring(); RETURN NULL; END');
        made := made + 1;
      EXCEPTION WHEN OTHERS THEN NULL;
      END;
    END LOOP;
    IF made < 300 THEN RAISE EXCEPTION 'only % functions in the trap', made; END IF;
    made := 0;
    FOR item IN SELECT DISTINCT o.oprname, format_type(o.oprleft, NULL) AS lefty,
                       format_type(o.oprright, NULL) AS righty, format_type(o.oprresult, NULL) AS result
                  FROM pg_operator o
                 WHERE o.oprnamespace = 'pg_catalog'::regnamespace
                   AND o.oprname IN ('=', '<>', '<', '>', '<=', '>=', '||', '~', '~~', '!~', '!~~',
                                     '+', '-', '*', '/', '%', '&', '->', '->>', '@>', '&&')
    LOOP
      BEGIN
        EXECUTE format('CREATE FUNCTION trap.operated(%s, %s) RETURNS %s LANGUAGE plpgsql AS %L',
                       item.lefty, item.righty, item.result,
                       'BEGIN PERFORM trap.spring(); RETURN NULL; END');
      EXCEPTION WHEN OTHERS THEN NULL;
      END;
      BEGIN
        EXECUTE format('CREATE OPERATOR trap.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = trap.operated)',
                       item.oprname, item.lefty, item.righty);
        made := made + 1;
      EXCEPTION WHEN OTHERS THEN NULL;
      END;
    END LOOP;
    IF made < 100 THEN RAISE EXCEPTION 'only % operators in the trap', made; END IF;
    FOR item IN SELECT relname FROM pg_class
                 WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v')
    LOOP
      BEGIN
        EXECUTE format('CREATE VIEW trap.%I AS SELECT c.* FROM pg_catalog.%I c WHERE trap.spring()',
                       item.relname, item.relname);
      EXCEPTION WHEN OTHERS THEN NULL;
      END;
    END LOOP;
  END $trap$;

  CREATE DOMAIN trap.text AS pg_catalog.text CHECK (trap.spring());
  CREATE DOMAIN trap.name AS pg_catalog.name CHECK (trap.spring());
  CREATE DOMAIN trap.oid AS pg_catalog.oid CHECK (trap.spring());
  CREATE DOMAIN trap.regclass AS pg_catalog.regclass CHECK (trap.spring());
  CREATE FUNCTION trap.sprung_text() RETURNS text LANGUAGE plpgsql AS
    'BEGIN PERFORM trap.spring(); RETURN ''x''; END';
  CREATE VIEW public._prisma_migrations AS
    SELECT trap.sprung_text() AS id, trap.sprung_text() AS checksum, now() AS finished_at,
           trap.sprung_text() AS migration_name, trap.sprung_text() AS logs,
           now() AS rolled_back_at, now() AS started_at, 1 AS applied_steps_count;
  CREATE VIEW trap.schema_migrations AS SELECT 1::bigint AS version, trap.spring() AS dirty;
  CREATE VIEW trap.flyway_schema_history AS
    SELECT 1 AS installed_rank, trap.sprung_text() AS version, trap.sprung_text() AS description,
           trap.sprung_text() AS type, trap.sprung_text() AS script, 1 AS checksum,
           trap.sprung_text() AS installed_by, now() AS installed_on, 1 AS execution_time,
           trap.spring() AS success;
  CREATE FUNCTION trap.number(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
    'BEGIN PERFORM trap.spring(); RETURN n; END';
  CREATE TABLE trap.parents (id int PRIMARY KEY);
  CREATE TABLE trap.bitten (
    id int REFERENCES trap.parents DEFAULT trap.number(1),
    made int GENERATED ALWAYS AS (trap.number(2)) STORED,
    CHECK (trap.number(id) > 0));
  CREATE INDEX ON trap.bitten (trap.number(id)) WHERE trap.number(id) > 0;
  CREATE STATISTICS trap.both ON id, made FROM trap.bitten;
  CREATE VIEW trap.looks AS SELECT trap.spring() AS sprung;
  CREATE RULE "_RETURN_not" AS ON INSERT TO trap.looks DO INSTEAD SELECT trap.spring();
  CREATE CAST (shop.mood AS int) WITH FUNCTION trap.cast_mood(shop.mood) AS IMPLICIT;
`.replace(
  "  CREATE CAST",
  `  CREATE FUNCTION trap.cast_mood(shop.mood) RETURNS int LANGUAGE plpgsql AS
    'BEGIN PERFORM trap.spring(); RETURN 1; END';\n  CREATE CAST`,
);

/** What a role or database may be given, to change what a query means or how a value reads. */
const nasty = {
  search_path: "trap, public, pg_catalog",
  standard_conforming_strings: "off",
  escape_string_warning: "on",
  backslash_quote: "off",
  quote_all_identifiers: "on",
  TimeZone: "Asia/Kathmandu",
  DateStyle: "German, DMY",
  IntervalStyle: "iso_8601",
  extra_float_digits: "-15",
  bytea_output: "escape",
  array_nulls: "off",
  xmloption: "document",
  xmlbinary: "hex",
  client_encoding: "LATIN1",
  default_transaction_isolation: "serializable",
  default_transaction_deferrable: "on",
  default_transaction_read_only: "on",
  row_security: "off",
  transform_null_equals: "on",
  enable_hashjoin: "off",
  from_collapse_limit: "1",
  client_min_messages: "debug1",
  lock_timeout: "1h",
  idle_in_transaction_session_timeout: "1ms",
} as const;

test("nothing that a hostile database offers is ever called, and the run is as healthy as without", async () => {
  await using server = await ownServer({
    autovacuum: "off",
    shared_buffers: "32MB",
    max_locks_per_transaction: "256",
    log_min_error_statement: "panic",
  });
  const admin = new pg.Client(server.url());
  await admin.connect();
  /** How often the trap has been sprung so far; already when it is laid. */
  const sprung = async () => {
    const log = await readFile(join(server.directory, "server.log"), "utf8");
    return log.match(/LOG: +the trap was sprung/g)?.length ?? 0;
  };
  try {
    await admin.query(everyKind);
    await admin.query("CREATE ROLE watcher LOGIN PASSWORD 'w'; GRANT pg_monitor TO watcher");
    const urls = [server.url("postgres", "watcher", "w"), server.url()];
    const calm = [];
    for (const url of urls) calm.push(endings(await runAll(url)));

    await admin.query(trap);
    await admin.query(
      "GRANT USAGE ON SCHEMA trap TO PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA trap, public TO PUBLIC",
    );
    for (const role of ["watcher", "postgres"]) {
      for (const [name, value] of Object.entries(nasty)) {
        const words = name === "search_path" ? value : `'${value}'`;
        await admin.query(`ALTER ROLE ${role} SET ${name} = ${words}`);
      }
    }
    const laid = await sprung();
    const hunted = [];
    for (const url of urls) hunted.push(endings(await runAll(url)));
    expect(await sprung()).toBe(laid);
    expect(hunted).toEqual(calm);

    // The trap works: an ordinary client walks into it.
    const victim = new pg.Client(urls[0]);
    await victim.connect();
    await victim.query("SELECT 'a'::pg_catalog.text || 'b'::pg_catalog.text").catch(() => {});
    await victim.end();
    expect(await sprung()).toBeGreaterThan(laid);
  } finally {
    await admin.end();
  }
});

import type { Mutation } from "./mutation.ts";

export const leftoversBase = `
  CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler;
  CREATE TYPE app.pair AS (a int, b int);
  CREATE TABLE app.piled (a int, b int);
  CREATE TABLE app.kept_rows (a int CONSTRAINT positive CHECK (a > 0) NO INHERIT);
  CREATE INDEX kept_rows_a ON app.kept_rows (a);
  CREATE TRIGGER kept_rows_touch BEFORE INSERT ON app.kept_rows FOR EACH ROW EXECUTE FUNCTION app.touch();
  CREATE FUNCTION app.many() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1';
  CREATE VIEW app.seen_rows AS SELECT a FROM app.kept_rows;
  CREATE MATERIALIZED VIEW app.kept_sums AS SELECT a FROM app.kept_rows;
  CREATE SEQUENCE app.stepped;
  CREATE TYPE app.colour AS ENUM ('red');`;

const comment = (on: string, told: string): Mutation => [
  `a comment on ${on}`,
  `COMMENT ON ${on} IS 'hm'`,
  `COMMENT ON ${on} IS NULL`,
  `changed ${told}: comments.comment`,
];

const owner = (of: string, told: string): Mutation => [
  `an owner of ${of}`,
  `ALTER ${of} OWNER TO {role}`,
  `ALTER ${of} OWNER TO postgres`,
  `changed ${told}: ownership.owner`,
];

const grant = (what: string, on: string, told: string): Mutation => [
  `a privilege on ${on}`,
  `GRANT ${what} ON ${on} TO {role}`,
  `REVOKE ${what} ON ${on} FROM {role}`,
  `changed ${told}: privileges.{role}`,
];

const catalog = (
  name: string,
  set: string,
  back: string,
  where: string,
  told: string,
): Mutation => [
  `${name}: ${set}`,
  `UPDATE ${name} SET ${set} WHERE ${where}`,
  `UPDATE ${name} SET ${back} WHERE ${where}`,
  `changed ${told}`,
];

const piled = (words: string) => `DROP TABLE app.piled; CREATE TABLE app.piled ${words}`;

/** Owners, comments and privileges of every kind, and what is easily forgotten. */
export const ofLeftovers: readonly Mutation[] = [
  owner("VIEW app.seen_rows", "view app.seen_rows"),
  owner("MATERIALIZED VIEW app.kept_sums", "materialized view app.kept_sums"),
  owner("FUNCTION app.many()", "function app.many()"),
  owner("SEQUENCE app.stepped", "sequence app.stepped"),
  owner("TYPE app.colour", "enum app.colour"),
  owner("EVENT TRIGGER seen", "event trigger seen"),
  owner("FOREIGN DATA WRAPPER far", "foreign-data wrapper far"),
  owner("FOREIGN TABLE app.far", "foreign table app.far"),
  comment("VIEW app.seen_rows", "view app.seen_rows"),
  comment("MATERIALIZED VIEW app.kept_sums", "materialized view app.kept_sums"),
  comment("FUNCTION app.many()", "function app.many()"),
  comment("SEQUENCE app.stepped", "sequence app.stepped"),
  comment("TYPE app.colour", "enum app.colour"),
  comment("INDEX app.kept_rows_a", "index app.kept_rows_a"),
  comment("CONSTRAINT positive ON app.kept_rows", "constraint positive on app.kept_rows"),
  comment("TRIGGER kept_rows_touch ON app.kept_rows", "trigger kept_rows_touch on app.kept_rows"),
  comment("FOREIGN TABLE app.far", "foreign table app.far"),
  grant("SELECT", "app.seen_rows", "view app.seen_rows"),
  grant("SELECT", "app.kept_sums", "materialized view app.kept_sums"),
  grant("SELECT", "app.far", "foreign table app.far"),
  [
    "a privilege on a type",
    "REVOKE USAGE ON TYPE app.colour FROM PUBLIC",
    "GRANT USAGE ON TYPE app.colour TO PUBLIC",
    "changed enum app.colour: privileges.PUBLIC",
  ],
  [
    "an access method",
    piled("(a int, b int) USING pile"),
    piled("(a int, b int)"),
    "changed table app.piled: physical.accessMethod",
  ],
  [
    "a table of a type",
    piled("OF app.pair"),
    piled("(a int, b int)"),
    "changed table app.piled: structure.ofType",
  ],
  catalog(
    "pg_class",
    "reltablespace = 1664",
    "reltablespace = 0",
    "oid = 'app.piled'::regclass",
    "table app.piled: physical.tablespace",
  ),
  catalog(
    "pg_index",
    "indisready = false",
    "indisready = true",
    "indexrelid = 'app.kept_rows_a'::regclass",
    "index app.kept_rows_a: validity.notReady",
  ),
  [
    "a constraint that its heirs have too",
    "ALTER TABLE app.kept_rows DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (a > 0)",
    "ALTER TABLE app.kept_rows DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (a > 0) NO INHERIT",
    "changed constraint positive on app.kept_rows: structure.definition",
  ],
  [
    "how many rows a function gives, leakproof",
    "ALTER FUNCTION app.many() ROWS 5 LEAKPROOF",
    "ALTER FUNCTION app.many() ROWS 1000 NOT LEAKPROOF",
    "changed function app.many(): structure.leakproof structure.rows",
  ],
  [
    "a function's result",
    "DROP FUNCTION app.many(); CREATE FUNCTION app.many() RETURNS SETOF bigint LANGUAGE sql AS 'SELECT 1'",
    "DROP FUNCTION app.many(); CREATE FUNCTION app.many() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'",
    "changed function app.many(): structure.result",
  ],
  [
    "a function's language",
    "CREATE OR REPLACE FUNCTION app.many() RETURNS SETOF int LANGUAGE plpgsql AS 'BEGIN RETURN QUERY SELECT 1; END'",
    "CREATE OR REPLACE FUNCTION app.many() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'",
    "changed function app.many(): structure.body structure.language",
  ],
  [
    "where a sequence starts and ends, and what it keeps ready",
    "ALTER SEQUENCE app.stepped START 5 MINVALUE 2 MAXVALUE 99 RESTART CACHE 3",
    "ALTER SEQUENCE app.stepped START 1 NO MINVALUE NO MAXVALUE RESTART CACHE 1",
    "changed sequence app.stepped: structure.cache structure.max structure.min structure.start",
  ],
  [
    "a materialized view's options",
    "ALTER MATERIALIZED VIEW app.kept_sums SET (fillfactor = 50)",
    "ALTER MATERIALIZED VIEW app.kept_sums RESET (fillfactor)",
    "changed materialized view app.kept_sums: physical.options",
  ],
];

export const ofLeftoversSince14: readonly Mutation[] = [
  catalog(
    "pg_inherits",
    "inhdetachpending = true",
    "inhdetachpending = false",
    "inhrelid = 'app.events_1'::regclass",
    "table app.events_1: validity.detachPending",
  ),
];

export const ofLeftoversSince15: readonly Mutation[] = [
  [
    "a sequence unlogged",
    "ALTER SEQUENCE app.stepped SET UNLOGGED",
    "ALTER SEQUENCE app.stepped SET LOGGED",
    "changed sequence app.stepped: structure.unlogged",
  ],
];

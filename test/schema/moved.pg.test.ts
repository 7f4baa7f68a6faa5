import { afterAll, expect, test } from "vitest";
import { takeSnapshot } from "../../lib/schema/take.ts";
import { testDatabase } from "../support/database.ts";
import { sessionAt } from "../support/look.ts";
import { ownServer } from "../support/own-server.ts";
import { readingOf } from "../support/schema.ts";
import { sharedSettings } from "../support/settings.ts";

// A server of its own: roles and settings are of all databases, and other tests make them.
const server = await ownServer(sharedSettings);
afterAll(() => server.stop("immediate"));

const shop = `
  CREATE SCHEMA app;
  CREATE TYPE app.mood AS ENUM ('sad', 'ok');
  CREATE TABLE app.customers (id int PRIMARY KEY, name text, mood app.mood);
  CREATE TABLE app.orders (id int PRIMARY KEY, customer int REFERENCES app.customers, total int,
    at app.customers DEFAULT ROW(1, 'x', 'ok')::app.customers);
  CREATE TABLE app.wrapped (a int, inner_row app.customers);
  CREATE TABLE app.far (w app.wrapped DEFAULT '(1,"(1,x,ok)")'::app.wrapped);
  CREATE TABLE app.joined (id int, note text);
  CREATE VIEW app.both AS SELECT * FROM app.customers JOIN app.joined USING (id);
  CREATE VIEW app.above AS SELECT * FROM app.both;
  CREATE FUNCTION app.some() RETURNS SETOF app.customers LANGUAGE sql AS 'SELECT * FROM app.customers';
  CREATE VIEW app.by_function AS SELECT s.name FROM app.some() s;
  CREATE TABLE app.listed (m app.mood) PARTITION BY LIST (m);
  CREATE TABLE app.listed_sad PARTITION OF app.listed FOR VALUES IN ('sad');
  CREATE TABLE app.names (t regclass[] DEFAULT '{app.joined,app.customers_pkey}'::regclass[]);
  CREATE TABLE app.bystander (a int);
  CREATE RULE none AS ON INSERT TO app.bystander DO ALSO
    INSERT INTO app.customers (id) VALUES (1) ON CONFLICT ON CONSTRAINT customers_pkey DO NOTHING;
  CREATE DOMAIN app.short AS varchar(9) CHECK (VALUE <> '');
  CREATE TABLE app.texts (s app.short, v varchar);
  CREATE INDEX texts_v ON app.texts (v);`;

/** A change, and how many of the relations, functions and domains it lets us leave alone. */
const changes: readonly (readonly [name: string, sql: string, read: "a part" | "all"])[] = [
  ["nothing", "SELECT 1", "a part"],
  ["a grant", "GRANT SELECT ON app.joined TO public", "a part"],
  ["a comment", "COMMENT ON COLUMN app.joined.note IS 'why'", "a part"],
  ["a comment on a schema", "COMMENT ON SCHEMA app IS 'ours'", "a part"],
  ["a grant on a schema", "GRANT USAGE ON SCHEMA app TO public", "a part"],
  ["a new schema", "CREATE SCHEMA more", "a part"],
  [
    "a setting",
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 999', current_database()); END $$",
    "a part",
  ],
  ["default privileges", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO public", "a part"],
  ["a new function", "CREATE FUNCTION app.one() RETURNS int LANGUAGE sql AS 'SELECT 1'", "a part"],
  [
    "its body",
    "CREATE OR REPLACE FUNCTION app.one() RETURNS int LANGUAGE sql AS 'SELECT 2'",
    "a part",
  ],
  [
    "a function called as a table",
    "CREATE FUNCTION app.joined() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a part",
  ],
  ["a new column of a row that is a default", "ALTER TABLE app.joined ADD more int", "a part"],
  [
    "a column of a type that is a value elsewhere",
    "ALTER TYPE app.mood ADD VALUE 'glad'",
    "a part",
  ],
  ["a label", "ALTER TYPE app.mood RENAME VALUE 'sad' TO 'sorry'", "a part"],
  ["a new column under a join", "ALTER TABLE app.customers ADD extra int", "a part"],
  [
    "a column renamed under all of them",
    "ALTER TABLE app.customers RENAME name TO title",
    "a part",
  ],
  ["a column dropped", "ALTER TABLE app.customers DROP extra", "a part"],
  ["triggers of a foreign key", "ALTER TABLE app.customers DISABLE TRIGGER ALL", "a part"],
  [
    "a constraint named by a rule",
    "ALTER TABLE app.customers RENAME CONSTRAINT customers_pkey TO key",
    "all",
  ],
  ["a new table", "CREATE TABLE app.fresh (a int REFERENCES app.customers)", "a part"],
  [
    "a new partition",
    "CREATE TABLE app.listed_ok PARTITION OF app.listed FOR VALUES IN ('ok')",
    "a part",
  ],
  ["an index", "CREATE INDEX ON app.listed (m)", "a part"],
  ["a column's type", "ALTER TABLE app.fresh ALTER a TYPE bigint", "a part"],
  ["an owner", "ALTER TABLE app.joined OWNER TO pg_monitor", "a part"],
  ["a table renamed that a text names", "ALTER TABLE app.joined RENAME TO others", "all"],
  ["a table dropped", "DROP TABLE app.fresh", "all"],
  ["a function renamed", "ALTER FUNCTION app.one() RENAME TO two", "all"],
  ["a domain renamed", "ALTER DOMAIN app.short RENAME TO shorter", "all"],
  ["a schema renamed", "ALTER SCHEMA app RENAME TO shop", "all"],
  [
    "an operator class that becomes the usual one",
    `CREATE OPERATOR CLASS shop.odd DEFAULT FOR TYPE varchar USING btree AS
       OPERATOR 3 =(text, text), FUNCTION 1 pg_catalog.bttextcmp(text, text)`,
    "all",
  ],
];

test(`${changes.length} changes, each read in part, are what they are when all is read`, {
  timeout: 120_000, // two looks a change, and the machine may be busy
}, async () => {
  await using db = await testDatabase({ sql: shop, server });
  await using session = await sessionAt(db.url());
  let latest = await takeSnapshot({ session, server: session.server, last: async () => undefined });
  for (const [name, sql, read] of changes) {
    await db.sql(sql);
    const last = readingOf(latest);
    expect(last, name).toBeDefined();
    latest = await takeSnapshot({ session, server: session.server, last: async () => last });
    const whole = await takeSnapshot({ session, server: session.server });
    expect(latest.facts, name).toEqual(whole.facts);
    expect(latest.tree, name).toEqual(whole.tree);
    expect(latest.unmodelled, name).toEqual(whole.unmodelled);
    expect(latest.readAgain === undefined ? "all" : "a part", name).toBe(read);
  }
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type EmbeddedServer,
  installedMajors,
  startEmbedded,
} from "../../lib/adapters/local/embedded-postgres.ts";
import { differencesBetween, sayPrinted } from "../../lib/schema/canonical/differences.ts";
import { quotedSince } from "../../lib/schema/canonical/words.ts";
import type { Snapshot } from "../../lib/schema/snapshot.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { snapshotAt } from "../support/schema.ts";
import { sharedSettings } from "../support/settings.ts";
import { sharedServer } from "../support/test-server.ts";
import { ofCode } from "./mutations/code.ts";
import { ofColumns } from "./mutations/columns.ts";
import { ofConstraints } from "./mutations/constraints.ts";
import { ofIndexes } from "./mutations/indexes.ts";
import { base, type Mutation } from "./mutations/mutation.ts";
import { ofTables } from "./mutations/tables.ts";

const oldest = installedMajors()[0] ?? 13;
const { major } = sharedServer();

/** What servers of two majors print differently, or make differently by themselves. */
const printedByMajor = `
  CREATE TYPE pair AS (a int, b text);
  CREATE TABLE named (a int CONSTRAINT must NOT NULL, b int CONSTRAINT "must too" NOT NULL);
  CREATE TABLE t (id int PRIMARY KEY, name varchar(20) NOT NULL CHECK (name IN ('a', 'b')), at timestamptz, p pair,
                  json text, "system_user" text DEFAULT 'me', json_object int);
  CREATE VIEW one AS SELECT id, name AS said, (p).b FROM t WHERE id > 1 ORDER BY id;
  CREATE VIEW turned AS SELECT id AS json_object, json_object AS id FROM t ORDER BY t.id, t.json_object;
  CREATE VIEW grouped AS SELECT name, count(*) AS n FROM t GROUP BY name HAVING count(*) > 1;
  CREATE VIEW windowed AS SELECT id, rank() OVER (PARTITION BY name ORDER BY at) AS place FROM t;
  CREATE VIEW distinct_on AS SELECT DISTINCT ON (name) id, name FROM t ORDER BY name, at DESC;
  CREATE VIEW over_function AS SELECT g FROM generate_series(1, 3) g;
  CREATE VIEW over_values AS SELECT column1 AS a FROM (VALUES (1), (2)) v;
  CREATE VIEW over_cte AS WITH c AS (SELECT id FROM t) SELECT id FROM c WHERE id IN (SELECT id FROM t);
  CREATE VIEW over_xml AS SELECT n FROM XMLTABLE('/r' PASSING ('<r/>'::xml) COLUMNS n int PATH 'n') WHERE n > 1;
  CREATE COLLATION plain (PROVIDER = icu, LOCALE = '');
  CREATE COLLATION german (PROVIDER = icu, LOCALE = 'de_DE@colStrength=secondary;colNumeric=yes', DETERMINISTIC = false);
  CREATE VIEW joined AS SELECT t.id, u.name FROM t JOIN t u USING (id);
  CREATE VIEW united AS SELECT id FROM t UNION ALL SELECT json_object FROM t ORDER BY 1;
  CREATE VIEW keywords AS SELECT json, "system_user", json::json AS j FROM t;
  CREATE VIEW said AS SELECT trim(name) AS a, substring(name FROM 1 FOR 2) AS b, position('a' IN name) AS c,
                             overlay(name PLACING 'x' FROM 1) AS d, at AT TIME ZONE 'UTC' AS e FROM t;
  CREATE MATERIALIZED VIEW kept AS SELECT id, name FROM t;
  CREATE SEQUENCE "json_array";
  CREATE SCHEMA "json_table";
  CREATE TABLE "json_table"."json" ("json_value" int DEFAULT nextval('"json_array"') CONSTRAINT "merge_action" CHECK ("json_value" > 0));
  CREATE INDEX "json_query" ON "json_table"."json" ("json_value", ("json_value" + 1));
  CREATE INDEX on_trim ON t (trim(name), "system_user") WHERE "json" IS NOT NULL;
  CREATE FUNCTION "json_table"."json_scalar"("json" "json_table"."json", b json) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE PROCEDURE tidy(a int, INOUT b text DEFAULT trim(' a ')) LANGUAGE sql AS 'SELECT b';
  CREATE TABLE parted (json int NOT NULL, b text) PARTITION BY RANGE (json);
  CREATE TABLE "json_table"."json_exists" PARTITION OF parted FOR VALUES FROM (1) TO (5);
  CREATE INDEX ON parted (json);
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER touched BEFORE INSERT ON parted FOR EACH ROW WHEN (trim(new.b) <> 'x') EXECUTE FUNCTION touch();
  CREATE RULE noted AS ON UPDATE TO t DO ALSO UPDATE "json_table"."json" j SET "json_value" = old.id WHERE j."json_value" = new.id;
  CREATE DOMAIN word AS text CHECK (trim(VALUE) <> '');
  CREATE POLICY mine ON t USING (trim(name) = 'a') WITH CHECK ("system_user" = current_user);
  CREATE AGGREGATE collected(int) (SFUNC = array_append, STYPE = int[]);
  CREATE TYPE span AS RANGE (SUBTYPE = text);
  CREATE CONVERSION turned FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
  CREATE EXTENSION btree_gist;`;

describe.skipIf(major === oldest)(`PostgreSQL ${oldest} and ${major} say the same`, () => {
  let server: EmbeddedServer;
  let old: TestDatabase;
  let now: TestDatabase;
  beforeAll(async () => {
    server = await startEmbedded({ major: oldest, settings: sharedSettings });
    [old, now] = [await testDatabase({ server }), await testDatabase()];
  });
  afterAll(async () => {
    await now[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const said = async (a: Snapshot, b: Snapshot) =>
    (await differencesBetween(a, b)).differences.map(({ change, kind, identity, attributes }) => {
      const what = attributes.map(({ facet, attribute }) => `${facet}.${attribute}`);
      return `${change} ${kind} ${identity}${what.length > 0 ? `: ${what.join(" ")}` : ""}`;
    });

  test("of a schema that they print differently; it is counted", async () => {
    const { name } = await now.role();
    await old.sql(`CREATE ROLE ${name}; GRANT CONNECT ON DATABASE ${old.name} TO ${name}`);
    const grants = `GRANT ALL ON ALL TABLES IN SCHEMA public TO ${name};
      GRANT ALL ON one TO ${name} WITH GRANT OPTION; REVOKE INSERT ON t FROM ${name}`;
    for (const db of [old, now]) await db.sql(`${printedByMajor}; ${grants}`);
    const [a, b] = [await snapshotAt(old.url()), await snapshotAt(now.url())];
    expect(a.tree.checksum).not.toBe(b.tree.checksum);
    expect(await said(a, b)).toEqual([]);
    expect(await said(b, a)).toEqual([]);
    const { alike } = await differencesBetween(a, b);
    const both = `PostgreSQL ${oldest} and ${major}`;
    const told = sayPrinted(alike, a, b);
    expect(told).toEqual(sayPrinted(alike, b, a));
    expect(alike.definition).toBeGreaterThan(5);
    if (major >= 18) expect(alike.notNullName).toBeGreaterThan(1);
    const named = `named in PostgreSQL ${major}, and ${oldest} keeps no such names`;
    const made = `of PostgreSQL ${oldest} and of ${major}, untouched (schema public, subscriptions)`;
    for (const [since, line] of [
      [
        14,
        `${alike.definition} definitions printed differently by ${both}, the same by its parser`,
      ],
      [14, `1 extension of the version that each of ${both} brings`],
      [15, `2 defaults ${made}`],
      [17, `${alike.maintain} grants of ALL, which holds MAINTAIN from PostgreSQL 17 on`],
      [18, `${alike.notNullName} NOT NULL constraints printed differently by major: ${named}`],
    ] as const) {
      if (major >= since) expect(told).toContain(line);
    }
  });

  test("and a change of a definition is told across them as it is within one", async () => {
    await using before = await testDatabase({ server, sql: base });
    await using after = await testDatabase({ sql: base });
    const a = await snapshotAt(before.url());
    expect(await said(a, await snapshotAt(after.url()))).toEqual([]);
    const isOfText = ([, , , ...told]: Mutation) =>
      told.some((line) => /structure\.(definition|default|arguments|body|result)/.test(line));
    const all = [ofTables, ofColumns, ofConstraints, ofIndexes, ofCode].flat().filter(isOfText);
    expect(all.length).toBeGreaterThan(10);
    for (const [name, does, undoes, ...told] of all) {
      await after.sql(does);
      expect(await said(a, await snapshotAt(after.url())), name).toEqual(told);
      await after.sql(undoes);
    }
  });

  test("what they quote as keywords is what we take for it", async () => {
    const quoted = async (db: TestDatabase) => {
      const rows = await db.sql<{ word: string }>(
        "SELECT word FROM pg_get_keywords() WHERE catcode <> 'U'",
      );
      return rows.map(({ word }) => word);
    };
    const [before, after] = [await quoted(old), await quoted(now)];
    const since = Object.entries(quotedSince).filter(
      ([, first]) => first > oldest && first <= major,
    );
    const added = after.filter((word) => !before.includes(word));
    expect(added.sort()).toEqual(since.map(([word]) => word).sort());
    expect(before.filter((word) => !after.includes(word))).toEqual([]);
  });
});

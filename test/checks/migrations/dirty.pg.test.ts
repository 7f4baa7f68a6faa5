import { describe, expect, test } from "vitest";
import { migrationsDirty } from "../../../lib/checks/migrations/dirty.ts";
import { flywayLockKey } from "../../../lib/trackers/flyway.ts";
import { golangLockKey } from "../../../lib/trackers/golang-migrate.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";
import { until } from "../../support/until.ts";

const golang = (table = "schema_migrations") =>
  `CREATE TABLE ${table} (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)`;

const flyway = (table = "flyway_schema_history") => `
  CREATE TABLE ${table} (
    "installed_rank" INT NOT NULL, "version" VARCHAR(50), "description" VARCHAR(200) NOT NULL,
    "type" VARCHAR(20) NOT NULL, "script" VARCHAR(1000) NOT NULL, "checksum" INTEGER,
    "installed_by" VARCHAR(100) NOT NULL, "installed_on" TIMESTAMP NOT NULL DEFAULT now(),
    "execution_time" INTEGER NOT NULL, "success" BOOLEAN NOT NULL);
  INSERT INTO ${table} VALUES
    (1, '1', 'init', 'SQL', 'V1__init.sql', 7, 'app', '2026-11-01', 12, true),
    (2, NULL, 'views', 'SQL', 'R__views.sql', 8, 'app', '2026-11-02', 3, true)`;

const prisma = (table = "_prisma_migrations") => `
  CREATE TABLE ${table} (
    id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0);
  INSERT INTO ${table} (id, checksum, migration_name, started_at, finished_at, rolled_back_at) VALUES
    ('1', 'c', '1_init', '2026-11-01', '2026-11-01', NULL),
    ('2', 'c', '2_more', '2026-11-02', NULL, '2026-11-02'),
    ('3', 'c', '2_more', '2026-11-03', '2026-11-03', NULL)`;

describe("golang-migrate", () => {
  test("a clean version passes; an empty table is a version too", async () => {
    await using db = await testDatabase({ sql: golang() });
    expect(await look(db.url(), migrationsDirty)).toMatchObject({
      status: "passed",
      scope: "1 tracker",
    });
    await db.sql("INSERT INTO schema_migrations VALUES (42, false)");
    expect((await look(db.url(), migrationsDirty)).scope).toBe("1 tracker, at version 42");
  });

  test("a dirty version is found, with the command that ends it", async () => {
    await using db = await testDatabase({ sql: golang() });
    await db.sql("INSERT INTO schema_migrations VALUES (42, true)");
    const outcome = await look(db.url(), migrationsDirty);
    expect(saying(outcome)).toEqual(["critical 42 on public.schema_migrations"]);
    const { sql = "" } = outcome.findings[0]?.remedy ?? {};
    expect(sql).toContain("migrate -path DIR -database URL force 42");
    expect(await db.sql(sql)).toEqual([{ version: "42", dirty: true }]);
  });

  test.each([
    ["named as the server names it", ""],
    ["named as a URL's path does, by its slash", "/"],
  ])("it runs while its lock is held, the database %s", async (_, slash) => {
    const table = 'strange "name"';
    await using db = await testDatabase({
      sql: `CREATE SCHEMA "My app"; ${golang(`"My app"."strange ""name"""`)}`,
    });
    await db.sql(`INSERT INTO "My app"."strange ""name""" VALUES (42, true)`);
    const key = golangLockKey("My app", table, `${slash}${db.name}`);
    const tool = await db.connect();
    await tool.query(`SELECT pg_advisory_lock(${key})`);
    expect(await look(db.url(), migrationsDirty)).toMatchObject({
      status: "passed",
      scope: "1 tracker, at version 42, 1 running",
    });
    await tool.query(`SELECT pg_advisory_unlock(${key})`);
    await tool.query(`SELECT pg_advisory_lock(${key + 1n})`);
    expect((await look(db.url(), migrationsDirty)).status).toBe("found");
  });
});

describe("Flyway", () => {
  test("a history without a failure passes with its size", async () => {
    await using db = await testDatabase({ sql: flyway() });
    expect(await look(db.url(), migrationsDirty)).toMatchObject({
      status: "passed",
      scope: "1 tracker, 2 migrations",
    });
  });

  test("a failure on record is found whoever works now, repeatable ones by their description", async () => {
    await using db = await testDatabase({
      sql: `CREATE SCHEMA "bé'd"; ${flyway(`"bé'd"."history; --"`)}`,
    });
    await db.sql(`INSERT INTO "bé'd"."history; --" VALUES
      (3, '1.2', 'idx', 'SQL', 'V1.2__idx.sql', 9, 'app', '2026-11-20 02:58', 3, false),
      (4, NULL, 'funcs', 'SQL', 'R__funcs.sql', 9, 'app', '2026-11-20 02:59', 3, false)`);
    const tool = await db.connect();
    await tool.query(
      `BEGIN; SELECT pg_advisory_xact_lock(${flywayLockKey("bé'd", "history; --")})`,
    );
    const outcome = await look(db.url(), migrationsDirty);
    expect(saying(outcome)).toEqual([
      `critical 1.2 on "bé'd"."history; --"`,
      `critical R__funcs on "bé'd"."history; --"`,
    ]);
    expect(outcome.findings[0]?.summary).toContain("failed");
    expect(outcome.findings[0]?.summary).toContain("recorded 2026-11-20 02:58:00");
    const { sql = "" } = outcome.findings[0]?.remedy ?? {};
    expect(sql).toContain("flyway repair");
    expect(await db.sql(sql)).toHaveLength(2);
  });
});

describe("Prisma", () => {
  test("rolled back and tried again with success is no failure", async () => {
    await using db = await testDatabase({ sql: prisma() });
    expect(await look(db.url(), migrationsDirty)).toMatchObject({
      status: "passed",
      scope: "1 tracker, 2 migrations",
    });
  });

  test("unfinished is dirty unless Prisma's lock is held, and then only the newest runs", async () => {
    await using db = await testDatabase({ sql: prisma() });
    await db.sql(`INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, started_at)
      VALUES ('8', 'c', 'it''s 8', 'Key (ssn)=(078-05-1120)', '2026-11-19'),
             ('9', 'c', '9_last', NULL, '2026-11-20')`);
    const outcome = await look(db.url(), migrationsDirty);
    expect(saying(outcome)).toEqual([
      "critical 9_last on public._prisma_migrations",
      "critical it's 8 on public._prisma_migrations",
    ]);
    expect(outcome.findings[1]?.remedy?.sql).toContain(
      "npx prisma migrate resolve --rolled-back 'it'\\''s 8'",
    );
    expect(await db.sql(outcome.findings[1]?.remedy?.sql ?? "")).toHaveLength(2);
    expect(JSON.stringify(outcome)).not.toContain("078-05");
    const tool = await db.connect();
    await tool.query("SELECT pg_advisory_lock(72707369)");
    const running = await look(db.url(), migrationsDirty);
    expect(saying(running)).toEqual(["critical it's 8 on public._prisma_migrations"]);
    expect(running.scope).toBe("1 tracker, 2 migrations, 1 running");
  });

  test("a try that died stays in the way after a later one succeeded: a warning", async () => {
    await using db = await testDatabase({ sql: prisma() });
    await db.sql("UPDATE _prisma_migrations SET rolled_back_at = NULL WHERE id = '2'");
    expect(saying(await look(db.url(), migrationsDirty))).toEqual([
      "warning 2_more on public._prisma_migrations",
    ]);
  });
});

test("a plain table of one's own: each dirty row, and the UPDATE that ends it", async () => {
  await using db = await testDatabase({
    sql: `CREATE TABLE schema_migrations (version text PRIMARY KEY, applied_at timestamptz,
            dirty boolean NOT NULL, checksum text);
          INSERT INTO schema_migrations VALUES ('001', '2026-11-01', false, 'x'), ('o''2', '2026-11-20', true, 'y')`,
  });
  const outcome = await look(db.url(), migrationsDirty);
  expect(outcome.scope).toBe("1 tracker, 1 migration");
  expect(saying(outcome)).toEqual(["critical o'2 on public.schema_migrations"]);
  expect(outcome.findings[0]?.summary).toContain("it died, or it still runs");
  const update = /^--\s+(UPDATE .*)$/m.exec(outcome.findings[0]?.remedy?.sql ?? "")?.[1];
  await db.sql(update ?? "");
  expect((await look(db.url(), migrationsDirty)).status).toBe("passed");
});

test("several trackers, also a partitioned one, are each told of", async () => {
  await using db = await testDatabase({
    sql: `${golang()}; ${prisma()}; CREATE SCHEMA a;
      CREATE TABLE a.schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)
        PARTITION BY RANGE (version);
      CREATE TABLE a.p PARTITION OF a.schema_migrations DEFAULT;
      INSERT INTO a.schema_migrations VALUES (7, true)`,
  });
  const outcome = await look(db.url(), migrationsDirty);
  expect(outcome.scope).toBe("3 trackers, 2 migrations");
  expect(saying(outcome)).toEqual(["critical 7 on a.schema_migrations"]);
});

test("a look-alike is no tracker: Rails' table, a view, a foreign table, two dirty rows", async () => {
  await using db = await testDatabase({
    sql: `
      CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY);
      CREATE SCHEMA hostile;
      CREATE FUNCTION hostile.called() RETURNS boolean LANGUAGE plpgsql AS
        $$ BEGIN RAISE WARNING 'called'; RETURN true; END $$;
      CREATE VIEW hostile.schema_migrations AS SELECT 1::bigint AS version, hostile.called() AS dirty;
      CREATE EXTENSION file_fdw;
      CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
      CREATE FOREIGN TABLE hostile.far (version bigint, dirty boolean) SERVER files
        OPTIONS (filename '/nowhere');
      CREATE TABLE documents (version bigint, dirty boolean);
      INSERT INTO documents VALUES (1, true), (2, true)`,
  });
  expect(await look(db.url(), migrationsDirty)).toMatchObject({
    status: "skipped",
    cause: "not-applicable",
    scope: "no tracker",
  });
  expect(await db.log()).not.toContain("called");
});

test("a foreign table that inherits from a tracker, or is a part of it, is not read", async () => {
  await using db = await testDatabase({
    sql: `
      ${golang()};
      INSERT INTO schema_migrations VALUES (42, true);
      CREATE EXTENSION file_fdw;
      CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
      CREATE FOREIGN TABLE child () INHERITS (schema_migrations) SERVER files
        OPTIONS (filename '/nowhere');
      CREATE SCHEMA parts;
      CREATE TABLE parts.schema_migrations (version bigint, dirty boolean) PARTITION BY LIST (dirty);
      CREATE FOREIGN TABLE parts.part PARTITION OF parts.schema_migrations DEFAULT SERVER files
        OPTIONS (filename '/nowhere')`,
  });
  const outcome = await look(db.url(), migrationsDirty);
  expect(saying(outcome)).toEqual(["critical 42 on public.schema_migrations"]);
  expect(outcome).toMatchObject({ cause: "not-applicable", scope: "1 of 2 trackers" });
});

test("without SELECT it says so; the GRANT it prints is enough, logs stay unread", async () => {
  await using db = await testDatabase({
    sql: `CREATE SCHEMA "back office"; ${prisma('"back office"._prisma_migrations')}`,
  });
  const { name } = await db.role({ grants: ["pg_monitor"] });
  const blind = await look(db.url({ user: name }), migrationsDirty);
  expect(blind).toMatchObject({ status: "skipped", cause: "privilege", scope: "0 of 1 tracker" });
  expect(blind.cure).toBe(
    [
      `GRANT USAGE ON SCHEMA "back office" TO "${name}";`,
      `GRANT SELECT (finished_at, migration_name, rolled_back_at, started_at) ON "back office"._prisma_migrations TO "${name}";`,
    ].join("\n"),
  );
  await db.sql(blind.cure ?? "");
  expect((await look(db.url({ user: name }), migrationsDirty)).status).toBe("passed");
});

test("row security that would hide rows is told, not believed", async () => {
  await using db = await testDatabase({ sql: golang() });
  await db.sql("ALTER TABLE schema_migrations ENABLE ROW LEVEL SECURITY");
  const { name } = await db.role({ grants: ["SELECT ON schema_migrations"] });
  expect((await look(db.url({ user: name }), migrationsDirty)).cause).toBe("privilege");
});

test("a tracker that is locked, or waited for, hides no other and keeps nobody waiting", async () => {
  await using db = await testDatabase({ sql: `${golang()}; ${prisma()}` });
  await db.sql("INSERT INTO schema_migrations VALUES (42, true)");
  const [reader, migration] = [await db.connect(), await db.connect()];
  await reader.query("BEGIN; SELECT FROM _prisma_migrations");
  const waiting = migration.query("BEGIN; LOCK TABLE _prisma_migrations");
  await until(async () => (await db.sql("SELECT 1 FROM pg_locks WHERE NOT granted")).length);
  const waitedFor = await look(db.url(), migrationsDirty);
  await reader.query("COMMIT");
  await waiting;
  const held = await look(db.url(), migrationsDirty);
  for (const outcome of [waitedFor, held]) {
    expect(saying(outcome)).toEqual(["critical 42 on public.schema_migrations"]);
    expect(outcome).toMatchObject({
      cause: "lock",
      scope: "1 of 2 trackers",
      reason: "public._prisma_migrations (Prisma) is locked: a migration runs, or waits to",
    });
  }
});

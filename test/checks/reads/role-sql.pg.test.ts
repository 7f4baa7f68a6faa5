import { expect, test } from "vitest";
import { capacitySequenceExhaustion } from "../../../lib/checks/capacity/sequence-exhaustion.ts";
import { roleFile, roleScript } from "../../../lib/checks/reads/role-sql.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look } from "../../support/look.ts";
import { uniqueName } from "../../support/test-server.ts";

const shop = `
  CREATE SCHEMA "we""ird 's";
  CREATE TABLE "we""ird 's"."par%ent" ("i'd" int PRIMARY KEY, secret text);
  CREATE TABLE child (parent int REFERENCES "we""ird 's"."par%ent", secret text);
  CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty bool);
  CREATE SEQUENCE counter`;

async function withRole(
  db: TestDatabase,
  upTo: 1 | 2 | 3,
  work: (may: (statement: string) => Promise<boolean>, role: string) => Promise<void>,
) {
  const role = uniqueName("o'vigil %s");
  await db.sql(roleScript(role, db.name, upTo));
  await db.sql(roleScript(role, db.name, upTo)); // can be repeated
  const quoted = `"${role}"`;
  const may = (statement: string) =>
    db
      .sql(`SET ROLE ${quoted}; ${statement}`)
      .then(
        () => true,
        () => false,
      )
      .finally(() => db.sql("RESET ROLE"));
  try {
    await work(may, role);
  } finally {
    await db.sql(`RESET ROLE; DROP OWNED BY ${quoted}; DROP ROLE ${quoted}`);
  }
}

const keys = `SELECT "i'd" FROM "we""ird 's"."par%ent"`;
const tracker = "SELECT * FROM schema_migrations";
const value = "SELECT last_value FROM counter";
const secret = "SELECT secret FROM child";
const later = "SELECT * FROM made_later";

test("tier 1 may see all sessions and every sequence, at most four at a time, and no row", async () => {
  await using db = await testDatabase({ sql: shop });
  await withRole(db, 1, async (may, role) => {
    const [row] = await db.sql(`SELECT rolconnlimit, pg_has_role(rolname, 'pg_monitor', 'USAGE') m
                                  FROM pg_roles WHERE rolname = '${role.replaceAll("'", "''")}'`);
    expect(row).toEqual({ rolconnlimit: 4, m: true });
    for (const read of [keys, tracker, secret]) expect(await may(read), read).toBe(false);
    expect(await may(value)).toBe(true);
    expect(await may("SELECT nextval('counter')")).toBe(false);
    await db.sql(`ALTER ROLE "${role}" PASSWORD 'look'`);
    const url = db.url({ user: role, password: "look" });
    const outcome = await look(url, capacitySequenceExhaustion);
    expect(outcome).toMatchObject({
      status: "passed",
      scope: expect.stringContaining("1 sequence"),
    });
  });
});

test("tier 2 may read key columns and trackers, whatever they are called, and nothing beside them", async () => {
  await using db = await testDatabase({ sql: shop });
  await db.sql(`CREATE TABLE "we""ird 's"."my history" (version bigint, dirty bool);
    CREATE TABLE not_alike (version text, dirty bool); CREATE TABLE log (version bigint, at date)`);
  await withRole(db, 2, async (may) => {
    expect(await may(`SELECT version, dirty FROM "we""ird 's"."my history"`)).toBe(true);
    expect(await may("SELECT version FROM not_alike")).toBe(false);
    expect(await may("SELECT version FROM log")).toBe(false);
    for (const read of [keys, tracker, value]) expect(await may(read), read).toBe(true);
    expect(await may(secret)).toBe(false);
  });
});

test("tier 3 may read everything, also what comes later, and change nothing", async () => {
  await using db = await testDatabase({ sql: shop });
  await withRole(db, 3, async (may) => {
    await db.sql("CREATE TABLE made_later (i int)");
    for (const read of [keys, tracker, value, secret, later])
      expect(await may(read), read).toBe(true);
    expect(await may("DELETE FROM child")).toBe(false);
  });
});

test("the file that is run as it is gives what looking takes, and no row", async () => {
  await using db = await testDatabase({ sql: shop });
  const role = uniqueName("vigil");
  await db.sql(roleFile(role, db.name));
  try {
    const may = async (table: string, column: string) => {
      const [row] = await db.sql(
        `SELECT has_column_privilege('${role}', '${table}', '${column}', 'SELECT') AS may`,
      );
      return row?.may;
    };
    expect(await may("child", "parent")).toBe(true);
    expect(await may("schema_migrations", "dirty")).toBe(true);
    expect(await may("child", "secret")).toBe(false);
  } finally {
    await db.sql(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
});

import { expect, test } from "vitest";
import { roleScript } from "../../lib/render/role-sql.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { uniqueName } from "../support/test-server.ts";

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

test("tier 1 may see all sessions, at most four at a time, and no row", async () => {
  await using db = await testDatabase({ sql: shop });
  await withRole(db, 1, async (may, role) => {
    const [row] = await db.sql(`SELECT rolconnlimit, pg_has_role(rolname, 'pg_monitor', 'USAGE') m
                                  FROM pg_roles WHERE rolname = '${role.replaceAll("'", "''")}'`);
    expect(row).toEqual({ rolconnlimit: 4, m: true });
    for (const read of [keys, tracker, value, secret]) expect(await may(read), read).toBe(false);
  });
});

test("tier 2 may read key columns, trackers and sequences, and nothing beside them", async () => {
  await using db = await testDatabase({ sql: shop });
  await withRole(db, 2, async (may) => {
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

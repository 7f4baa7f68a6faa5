import { expect, test } from "vitest";
import { integrityForeignKeyOrphans } from "../../lib/checks/integrity/foreign-key-orphans.ts";
import { migrationsDirty } from "../../lib/checks/migrations/dirty.ts";
import { testDatabase } from "../support/database.ts";
import { look } from "../support/look.ts";

const trap = `
  CREATE FUNCTION trap(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RAISE WARNING 'sprung by %', current_setting('application_name'); RETURN $1; END $$;
  CREATE FUNCTION unfolded(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$ SELECT $1 + public."trap"(1) $$;
  CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
  CREATE TABLE c (version bigint REFERENCES schema_migrations)`;

test.each([
  ["an index on a constant call", "CREATE INDEX ON schema_migrations (trap(1))"],
  ["an index on a call within a call", "CREATE INDEX ON schema_migrations (abs(trap(1)))"],
  ["the predicate of an index", "CREATE INDEX ON schema_migrations (version) WHERE trap(1) > 0"],
  ["an SQL function that unfolds", "CREATE INDEX ON schema_migrations (unfolded(version))"],
  [
    "an operator",
    `CREATE FUNCTION eq(bigint, bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
       $$ BEGIN RAISE WARNING 'sprung by %', current_setting('application_name'); RETURN true; END $$;
     CREATE OPERATOR === (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = eq);
     CREATE INDEX ON schema_migrations (version) WHERE 1::bigint === 1::bigint`,
  ],
])(
  "a function that planning would call, by %s, is not called and the table left out",
  async (_, ddl) => {
    await using db = await testDatabase({ sql: `${trap}; ${ddl}` });
    for (const check of [integrityForeignKeyOrphans, migrationsDirty]) {
      const outcome = await look(db.url(), check);
      expect(outcome).toMatchObject({ status: "skipped", cause: "privilege" });
      expect(outcome.reason).toContain("a function that a user wrote");
    }
    expect(await db.log()).not.toContain("sprung by pgvigil");
  },
);

test("the traps do spring where nobody looks out for them", async () => {
  await using db = await testDatabase({
    sql: `${trap}; CREATE INDEX ON schema_migrations (unfolded(version), trap(1))`,
  });
  const client = await db.connect({ application_name: "unwary" });
  await client.query("SELECT version FROM schema_migrations");
  expect(await db.log()).toContain("sprung by unwary");
});

test("functions that only ever see columns are no obstacle", async () => {
  await using db = await testDatabase({
    sql: `${trap};
      CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
      CREATE FUNCTION steady(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
        SET search_path = pg_catalog AS $$ SELECT $1 + public.trap(1) $$;
      CREATE INDEX ON schema_migrations (fold(version::text)) WHERE trap(version::int) > 0;
      CREATE INDEX ON schema_migrations (steady(version), (dirty OR version > 1), ('}' || version))`,
  });
  expect((await look(db.url(), integrityForeignKeyOrphans)).status).toBe("passed");
  expect((await look(db.url(), migrationsDirty)).status).toBe("passed");
  expect(await db.log()).not.toContain("sprung by pgvigil");
});

test("statistics and partition keys are looked at too", async ({ skip }) => {
  await using db = await testDatabase({ sql: trap });
  if (db.major < 14) skip("statistics have expressions from 14 on");
  await db.sql("CREATE STATISTICS s ON (trap(1)), version FROM schema_migrations");
  expect((await look(db.url(), migrationsDirty)).cause).toBe("privilege");
  await db.sql(`DROP STATISTICS s;
    CREATE TABLE p (version bigint, dirty boolean) PARTITION BY RANGE ((version + trap(1)))`);
  expect((await look(db.url(), migrationsDirty)).scope).toBe("1 of 2 trackers");
  expect(await db.log()).not.toContain("sprung by pgvigil");
});

test("a CHECK of a partition is not folded either", async () => {
  await using db = await testDatabase({
    sql: `${trap};
      CREATE TABLE d (id int, version bigint REFERENCES schema_migrations) PARTITION BY RANGE (id);
      CREATE TABLE d1 PARTITION OF d DEFAULT;
      ALTER TABLE d1 ADD CHECK (trap(1) > 0);
      ALTER TABLE c ADD CHECK (trap(1) > 0)`,
  });
  await db.sql(`ALTER DATABASE ${db.name} SET constraint_exclusion = on`);
  expect((await look(db.url(), integrityForeignKeyOrphans)).status).toBe("passed");
  expect(await db.log()).not.toContain("sprung by pgvigil");
});

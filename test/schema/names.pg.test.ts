import { expect, test } from "vitest";
import { keyOf } from "../../lib/schema/fact.ts";
import { testDatabase } from "../support/database.ts";
import { sayDifferences, snapshotAt } from "../support/schema.ts";
import { hostile, quoted } from "./hostile-names.ts";

const everything = hostile
  .map(quoted)
  .map(
    (n) => `
    CREATE SCHEMA ${n};
    CREATE TYPE ${n}.e AS ENUM ('a', ${n.replaceAll("'", "''").replace(/^"|"$/g, "'")});
    CREATE TABLE ${n}.${n} (${n} int PRIMARY KEY, b int, CONSTRAINT ${n} CHECK (${n} > 0)) PARTITION BY LIST (${n});
    CREATE TABLE ${n}.p PARTITION OF ${n}.${n} (CONSTRAINT p_check CHECK (b > 1)) FOR VALUES IN (1);
    ALTER TABLE ${n}.p ADD FOREIGN KEY (b) REFERENCES ${n}.${n};
    CREATE INDEX i ON ${n}.${n} (${n}, b) WHERE ${n} > 2;
    CREATE VIEW ${n}.v AS SELECT ${n} FROM ${n}.${n};
    CREATE SEQUENCE ${n}.s OWNED BY ${n}.p.${n};
    CREATE FUNCTION ${n}.${n}(${n} ${n}.e) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION ${n}.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER ${n} BEFORE INSERT ON ${n}.${n} FOR EACH ROW EXECUTE FUNCTION ${n}.t();
    CREATE DOMAIN ${n}.d AS int CONSTRAINT ${n} CHECK (VALUE > 0);
    CREATE TYPE ${n}.c AS (${n} text);
    CREATE TYPE ${n}.r AS RANGE (subtype = float8);
    CREATE AGGREGATE ${n}.${n}(int) (sfunc = array_append, stype = int[]);
    CREATE OPERATOR ${n}.=== (LEFTARG = int4, RIGHTARG = int4, FUNCTION = int4eq);
    CREATE OPERATOR CLASS ${n}.${n} FOR TYPE int4 USING btree AS FUNCTION 1 btint4cmp(int4, int4);
    CREATE COLLATION ${n}.${n} FROM "C";
    CREATE CONVERSION ${n}.${n} FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
    CREATE CAST (${n}.c AS ${n}.e) WITH INOUT;
    CREATE TEXT SEARCH DICTIONARY ${n}.${n} (TEMPLATE = simple);
    CREATE TEXT SEARCH CONFIGURATION ${n}.${n} (PARSER = "default");
    ALTER TEXT SEARCH CONFIGURATION ${n}.${n} ADD MAPPING FOR word WITH ${n}.${n};
    COMMENT ON COLUMN ${n}.p.${n} IS 'hm';`,
  )
  .join("\n");

/** As the server names them; what is told of a column is that of its table and its own. */
const theirNames = `
  SELECT i.identity
    FROM (SELECT 'pg_class'::regclass AS class, oid, 0 AS sub FROM pg_class
           WHERE relkind IN ('r', 'p', 'v', 'S', 'i', 'I', 'c')
           UNION ALL
          SELECT 'pg_class'::regclass, attrelid, attnum
            FROM pg_attribute JOIN pg_class c ON c.oid = attrelid AND relkind IN ('r', 'p', 'v', 'c')
           WHERE attnum > 0 AND NOT attisdropped
           UNION ALL
          SELECT 'pg_constraint'::regclass, k.oid, 0 FROM pg_constraint k
           WHERE contype IN ('p', 'f', 'c')
             AND NOT EXISTS (SELECT FROM pg_constraint p
                              WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid)
           UNION ALL
          SELECT 'pg_trigger'::regclass, oid, 0 FROM pg_trigger WHERE tgconstraint = 0
           UNION ALL
          SELECT 'pg_proc'::regclass, oid, 0 FROM pg_proc
           WHERE proname NOT IN ('r', 'r_multirange')
           UNION ALL
          SELECT 'pg_type'::regclass, oid, 0 FROM pg_type WHERE typtype IN ('e', 'd', 'r')
           UNION ALL
          SELECT 'pg_namespace'::regclass, oid, 0 FROM pg_namespace WHERE nspname <> 'pg_toast'
           UNION ALL
          SELECT 'pg_operator'::regclass, oid, 0 FROM pg_operator
           UNION ALL
          SELECT 'pg_opclass'::regclass, oid, 0 FROM pg_opclass
           UNION ALL
          SELECT 'pg_opfamily'::regclass, oid, 0 FROM pg_opfamily
           UNION ALL
          SELECT 'pg_collation'::regclass, oid, 0 FROM pg_collation
           UNION ALL
          SELECT 'pg_conversion'::regclass, oid, 0 FROM pg_conversion
           UNION ALL
          SELECT 'pg_cast'::regclass, oid, 0 FROM pg_cast
           WHERE castsource NOT IN (SELECT rngtypid FROM pg_range)
           UNION ALL
          SELECT 'pg_ts_dict'::regclass, oid, 0 FROM pg_ts_dict
           UNION ALL
          SELECT 'pg_ts_config'::regclass, oid, 0 FROM pg_ts_config) o,
         pg_identify_object(o.class, o.oid, o.sub) i
   WHERE o.oid >= 16384`;

test("every object is called as PostgreSQL calls it, however hostile its name", async () => {
  await using db = await testDatabase({ sql: everything });
  const rows = await db.sql<{ identity: string }>(theirNames);
  const snapshot = await snapshotAt(db.url());
  const facts = snapshot.facts.filter(
    ({ kind, identity }) =>
      !["extension", "database", "language"].includes(kind) && identity !== "public",
  );
  expect(facts.map(({ identity }) => identity).sort()).toEqual(
    rows.map(({ identity }) => identity).sort(),
  );
  expect(new Set(facts.map(keyOf)).size).toBe(facts.length);
});

test("and is found again, and told by that name, when it changes", async () => {
  await using db = await testDatabase({ sql: everything });
  const before = await snapshotAt(db.url());
  for (const name of hostile) {
    await db.sql(`ALTER TABLE ${quoted(name)}.p DROP CONSTRAINT p_check`);
  }
  const after = await snapshotAt(db.url());
  expect(sayDifferences(before, after)).toHaveLength(hostile.length);
  expect(
    sayDifferences(before, after).every((said) => said.startsWith("removed constraint p_check on")),
  ).toBe(true);
});

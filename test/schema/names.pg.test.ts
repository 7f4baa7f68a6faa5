import { expect, test } from "vitest";
import { keyOf } from "../../lib/schema/fact.ts";
import { testDatabase } from "../support/database.ts";
import { sayDifferences, snapshotAt } from "../support/schema.ts";

const names = [
  'quo"te',
  "apostro'phe",
  "new\nline",
  "back\\slash",
  "dot.ted on public.other",
  "😀 emoji",
  "select",
  '"; DROP TABLE x; --',
  "é".repeat(31),
  "$$ || '$x$'",
];
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

const everything = names
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
    COMMENT ON COLUMN ${n}.p.${n} IS 'hm';`,
  )
  .join("\n");

/** As the server names them; what is told of a column is that of its table and its own. */
const theirNames = `
  SELECT i.identity
    FROM (SELECT 'pg_class'::regclass AS class, oid, 0 AS sub FROM pg_class
           WHERE relkind IN ('r', 'p', 'v', 'S', 'i', 'I')
           UNION ALL
          SELECT 'pg_class'::regclass, attrelid, attnum
            FROM pg_attribute JOIN pg_class c ON c.oid = attrelid AND relkind IN ('r', 'p', 'v')
           WHERE attnum > 0 AND NOT attisdropped
           UNION ALL
          SELECT 'pg_constraint'::regclass, k.oid, 0 FROM pg_constraint k
           WHERE contype IN ('p', 'f', 'c') AND conrelid <> 0
             AND NOT EXISTS (SELECT FROM pg_constraint p
                              WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid)
           UNION ALL
          SELECT 'pg_trigger'::regclass, oid, 0 FROM pg_trigger WHERE tgconstraint = 0
           UNION ALL
          SELECT 'pg_proc'::regclass, oid, 0 FROM pg_proc
           UNION ALL
          SELECT 'pg_type'::regclass, oid, 0 FROM pg_type WHERE typtype = 'e') o,
         pg_identify_object(o.class, o.oid, o.sub) i
   WHERE o.oid >= 16384`;

test("every object is called as PostgreSQL calls it, however hostile its name", async () => {
  await using db = await testDatabase({ sql: everything });
  const rows = await db.sql<{ identity: string }>(theirNames);
  const snapshot = await snapshotAt(db.url());
  const others = ["extension", "database", "schema"];
  const facts = snapshot.facts.filter(({ kind }) => !others.includes(kind));
  expect(facts.map(({ identity }) => identity).sort()).toEqual(
    rows.map(({ identity }) => identity).sort(),
  );
  expect(new Set(facts.map(keyOf)).size).toBe(facts.length);
});

test("and is found again, and told by that name, when it changes", async () => {
  await using db = await testDatabase({ sql: everything });
  const before = await snapshotAt(db.url());
  for (const name of names) {
    await db.sql(`ALTER TABLE ${quoted(name)}.p DROP CONSTRAINT p_check`);
  }
  const after = await snapshotAt(db.url());
  expect(sayDifferences(before, after)).toHaveLength(names.length);
  expect(
    sayDifferences(before, after).every((said) => said.startsWith("removed constraint p_check on")),
  ).toBe(true);
});

import { expect, test } from "vitest";
import { indexesInvalid } from "../../../lib/checks/indexes/invalid.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";

const hostile = `x"; DROP TABLE orders; --ü '$1`;
const quoted = `"${hostile.replaceAll('"', '""')}"`;

const orders = `
  CREATE TABLE orders (gone int, id int NOT NULL, region int NOT NULL, note text)
    PARTITION BY RANGE (id);
  ALTER TABLE orders DROP COLUMN gone; -- so that partitions number their columns otherwise
  CREATE TABLE low PARTITION OF orders FOR VALUES FROM (0) TO (10);
  CREATE TABLE high PARTITION OF orders FOR VALUES FROM (10) TO (20) PARTITION BY LIST (region);
  CREATE TABLE high_1 PARTITION OF high FOR VALUES IN (1);
  CREATE TABLE high_2 PARTITION OF high FOR VALUES IN (2);
  CREATE SCHEMA ${quoted};
  CREATE TABLE ${quoted}.${quoted} PARTITION OF orders FOR VALUES FROM (20) TO (30)`;

async function paste(db: TestDatabase, sql = ""): Promise<void> {
  for (const statement of sql.split(/;$/m)) if (statement.trim()) await db.sql(statement);
}

/** Looks and pastes until nothing is left to paste: a partition of partitions takes a second look. */
async function mend(db: TestDatabase) {
  const looks = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const outcome = await look(db.url(), indexesInvalid);
    looks.push(saying(outcome));
    for (const { remedy } of outcome.findings) await paste(db, remedy?.sql);
  }
  return looks;
}

test("an index on every partition passes", async () => {
  await using db = await testDatabase({ sql: `${orders}; CREATE INDEX ON orders (note)` });
  expect(await look(db.url(), indexesInvalid)).toMatchObject({
    status: "passed",
    scope: "6 indexes in 2 schemas",
  });
});

test("an index made ON ONLY the parent names who lacks it, and the words to type mend it", async () => {
  await using db = await testDatabase({
    sql: `${orders};
          CREATE INDEX "By Note" ON ONLY orders (lower(note) DESC, region) INCLUDE (id) WHERE region > 0;
          CREATE INDEX found_by_its_words ON low (lower(note) DESC, region) INCLUDE (id) WHERE region > 0;
          CREATE INDEX not_this ON low (lower(note) DESC, region) INCLUDE (id) WHERE region > 1`,
  });
  const { name } = await db.role();
  const outcome = await look(db.url({ user: name }), indexesInvalid);
  expect(outcome.findings).toMatchObject([
    {
      severity: "notice",
      object: { identity: 'public."By Note"', table: "orders" },
      summary: `Partitioned index public."By Note" lacks 3 of 3 partitions: ${quoted}.${quoted}, public.high, public.low`,
      evidence: { partitions: 3, beingBuilt: false },
    },
  ]);
  expect(outcome.findings[0]?.remedy?.sql).toContain(
    'ALTER INDEX public."By Note" ATTACH PARTITION public.found_by_its_words;',
  );
  expect(await mend(db)).toEqual([
    ['notice public."By Note"'],
    ['notice public."high_By Note"'], // the whole waits for this part, and becomes valid with it
    [],
    [],
  ]);
});

test.each([
  "ALTER TABLE ONLY orders ADD CONSTRAINT one UNIQUE (id, region)",
  "ALTER TABLE ONLY orders ADD CONSTRAINT one PRIMARY KEY (region, id) INCLUDE (note)",
  "CREATE UNIQUE INDEX one ON ONLY orders (id, region)",
])("%s: duplicates are accepted in the partitions that lack it", async (statement) => {
  await using db = await testDatabase({ sql: `${orders}; ${statement}` });
  const { findings } = await look(db.url(), indexesInvalid);
  expect(findings[0]?.detail).toContain("Duplicates are not refused in those partitions.");
  expect(await mend(db)).toEqual([["notice public.one"], ["notice public.high_one"], [], []]);
  await db.sql("INSERT INTO orders VALUES (11, 1)");
  await expect(db.sql("INSERT INTO orders VALUES (11, 1)")).rejects.toThrow("duplicate key");
});

test("a partition's invalid index is a finding of its own beside the whole's", async () => {
  await using db = await testDatabase({
    sql: `${orders};
          CREATE INDEX by_note ON orders (note);
          UPDATE pg_index SET indisvalid = false
           WHERE indexrelid IN ('low_note_idx'::regclass, 'by_note'::regclass)`,
  });
  const outcome = await look(db.url(), indexesInvalid);
  expect(outcome.findings.map(({ severity, summary }) => `${severity} ${summary}`)).toEqual([
    "warning Index public.low_note_idx is invalid: every write pays for it, no query uses it",
    "notice Partitioned index public.by_note is invalid as its part public.low_note_idx is",
  ]);
  expect(outcome.findings[0]?.remedy?.otherwise).toBeUndefined(); // it cannot be dropped
  for (const { remedy } of outcome.findings) await paste(db, remedy?.sql);
  // 13 leaves the mark on the whole, and says so; 18 takes it away.
  expect(saying(await look(db.url(), indexesInvalid))).toEqual(
    db.major < 18 ? ["notice public.by_note"] : [],
  );
});

test("where a lock hides the definition, the finding stands without the words to type", async () => {
  await using db = await testDatabase({
    sql: `${orders};
          CREATE INDEX by_note ON ONLY orders (note);
          CREATE INDEX its_definition_is_asked_for ON low (note)`,
  });
  const blocker = await db.connect();
  await blocker.query("BEGIN; LOCK TABLE low");
  const outcome = await look(db.url(), indexesInvalid);
  expect(saying(outcome)).toEqual(["notice public.by_note"]);
  expect(outcome.findings[0]?.remedy).not.toHaveProperty("sql");
  await blocker.query("ROLLBACK");
  const again = await look(db.url(), indexesInvalid);
  expect(again.findings[0]?.remedy?.sql).toContain("ATTACH PARTITION");
});

test("a foreign table cannot have a part, and the finding says so", async () => {
  await using db = await testDatabase({
    sql: `${orders};
          CREATE FOREIGN DATA WRAPPER nowhere;
          CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere;
          CREATE FOREIGN TABLE far PARTITION OF orders FOR VALUES FROM (30) TO (40) SERVER nowhere;
          CREATE INDEX whole ON orders (region)`,
  });
  expect((await look(db.url(), indexesInvalid)).status).toBe("passed");
  await db.sql("CREATE INDEX by_note ON ONLY orders (note)");
  const { findings } = await look(db.url(), indexesInvalid);
  expect(findings[0]?.summary).toContain("lacks 3 of 4 partitions");
  expect(findings[0]?.detail).toContain(
    "Foreign tables cannot have a part: public.far. It will stay invalid.",
  );
});

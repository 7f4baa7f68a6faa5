import fc from "fast-check";
import { expect, test } from "vitest";
import { integrityForeignKeyOrphans as orphansCheck } from "../../../lib/checks/integrity/foreign-key-orphans.ts";
import { testDatabase } from "../../support/database.ts";
import { look } from "../../support/look.ts";

type Value = number | null;
type Pair = readonly [Value, Value];

const value = fc.constantFrom<Value>(null, 1, 2, 3);
const child = fc.array(fc.tuple(value, value), { maxLength: 12 });
const parent = fc.uniqueArray(
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  {
    maxLength: 5,
    selector: (pair) => pair.join(),
  },
);

/** What the SQL standard says of each row, one at a time. */
function broken(row: Pair, parents: readonly Pair[], match: "simple" | "full"): boolean {
  const nulls = row.filter((each) => each === null).length;
  if (nulls === 2) return false;
  if (nulls === 1) return match === "full";
  return !parents.some(([a, b]) => a === row[0] && b === row[1]);
}

const values = (rows: readonly Pair[]): string =>
  rows.map(([a, b]) => `(${a ?? "NULL"}, ${b ?? "NULL"})`).join(", ");

const insert = (table: string, rows: readonly Pair[]): string =>
  rows.length === 0 ? "" : `INSERT INTO ${table} VALUES ${values(rows)};`;

test("on any small tables the counts are those of a naive model", async () => {
  await using db = await testDatabase({
    sql: `
      CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
      CREATE TABLE c_simple (a int, b int, FOREIGN KEY (a, b) REFERENCES p);
      CREATE TABLE c_full (a int, b int, FOREIGN KEY (a, b) REFERENCES p MATCH FULL);
      SET session_replication_role = replica`,
  });
  await fc.assert(
    fc.asyncProperty(parent, child, child, async (parents, simple, full) => {
      await db.sql(`
        TRUNCATE p, c_simple, c_full;
        ${insert("p", parents)} ${insert("c_simple", simple)} ${insert("c_full", full)}`);
      const { findings, scope } = await look(db.url(), orphansCheck);
      const found = Object.fromEntries(
        findings.map(({ object, evidence }) => [
          object.table,
          Number(evidence.orphans) + Number(evidence.partlyNull),
        ]),
      );
      const expected = {
        c_simple: simple.filter((row) => broken(row, parents, "simple")).length,
        c_full: full.filter((row) => broken(row, parents, "full")).length,
      };
      expect({ c_simple: 0, c_full: 0, ...found }).toEqual(expected);
      expect(scope).toMatch(/^2 of 2 foreign keys covered/);
    }),
    { numRuns: 40 },
  );
});

import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Session } from "../../lib/core/ports.ts";
import type { Snapshot } from "../../lib/schema/snapshot.ts";
import { SchemaChanging, takeSnapshot } from "../../lib/schema/take.ts";
import { testDatabase } from "../support/database.ts";
import { sessionAt } from "../support/look.ts";

/** One transaction: every object of the writer says the same number before it, and another after. */
const generation = (w: string, n: number) => `
  BEGIN;
  DROP VIEW IF EXISTS ${w}_view;
  ALTER TABLE ${w}_table ALTER a SET DEFAULT ${n}, DROP CONSTRAINT IF EXISTS ${w}_check;
  ALTER TABLE ${w}_table ADD CONSTRAINT ${w}_check CHECK (a <> ${n});
  DROP INDEX IF EXISTS ${w}_index;
  CREATE INDEX ${w}_index ON ${w}_table ((a + ${n}));
  CREATE VIEW ${w}_view AS SELECT a + ${n} AS b FROM ${w}_table;
  CREATE OR REPLACE FUNCTION ${w}_function() RETURNS int LANGUAGE sql AS 'SELECT ${n}';
  DROP TABLE IF EXISTS ${w}_other;
  CREATE TABLE ${w}_other (a int DEFAULT ${n});
  COMMENT ON TABLE ${w}_table IS '${n}';
  COMMIT`;

/** Which numbers the objects of a writer say, each once. */
function generationsIn({ facts }: Snapshot, writer: string): readonly string[] {
  const said = facts
    .filter(({ name, table }) => (table ?? name).startsWith(`${writer}_`))
    .flatMap(({ facets }) => [
      facets.structure?.definition,
      facets.structure?.default,
      facets.structure?.body,
      facets.comments?.comment,
    ])
    .filter((text) => typeof text === "string")
    .map((text) => /1\d{6}/.exec(text)?.[0] ?? text);
  return [...new Set(said)];
}

/** How much has to meet for the test to have proven something, however long that takes here. */
const wanted = { taken: 3, generations: 10, portions: 8 };
const longest = 60_000;

test(
  "while two writers change it, a snapshot is of one moment, or there is none",
  async () => {
    await using db = await testDatabase({
      sql: "CREATE TABLE one_table (a int); CREATE TABLE two_table (a int)",
    });
    await using session = await sessionAt(db.url());
    let [isDone, writing, generations, portions, calm] = [false, 0, 0, 0, 1];
    const write = async (writer: string, pause: number) => {
      const client = await db.connect();
      for (let n = 1_000_000; !isDone; n += 1) {
        writing += 1;
        // It may wait behind our lock for a moment, and two of them may meet in the catalogs.
        await client.query(generation(writer, n)).then(
          () => {
            generations += 1;
          },
          () => client.query("ROLLBACK"),
        );
        writing -= 1;
        await sleep(Math.random() * pause * calm);
      }
    };
    /** Counts the statements in whose time somebody wrote. */
    const counting: Session = {
      ...session,
      each: async (statement, begin) => {
        const [before, wasWriting] = [generations, writing > 0];
        await session.each(statement, begin);
        if (wasWriting || writing > 0 || generations > before) portions += 1;
      },
    };
    const writers = [write("one", 300), write("two", 700)];
    const taken: Snapshot[] = [];
    const end = Date.now() + longest;
    const isEnough = () =>
      taken.length >= wanted.taken &&
      generations >= wanted.generations &&
      portions >= wanted.portions;
    try {
      while (!isEnough() && Date.now() < end) {
        try {
          taken.push(await takeSnapshot({ session: counting, server: session.server }));
          calm = Math.max(1, calm / 2);
        } catch (error) {
          expect(error).toBeInstanceOf(SchemaChanging);
          calm *= 1.5; // where reading takes long, nobody would ever see it stand still
        }
      }
    } finally {
      isDone = true; // also where an expectation failed: nobody writes into a database that is gone
      await Promise.all(writers);
    }
    expect({ taken: taken.length, generations, portions }, "enough of it met").toSatisfy(isEnough);
    for (const snapshot of taken) {
      for (const writer of ["one", "two"]) {
        const said = generationsIn(snapshot, writer);
        expect(said.length, `${writer}: ${said.join(", ")}`).toBeLessThanOrEqual(1);
        if (snapshot.complete && said.length > 0) expect(countOf(snapshot, writer)).toBe(9);
      }
    }
  },
  longest + 20_000,
);

const countOf = ({ facts }: Snapshot, writer: string): number =>
  facts.filter(({ name, table }) => (table ?? name).startsWith(`${writer}_`)).length;

test("what goes there and back while we look is not taken for a state that never was", async () => {
  await using db = await testDatabase({
    sql: `CREATE DOMAIN whole AS int; -- of a type that somebody made: printed apart
          CREATE TABLE t (a whole DEFAULT 1);
          CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
  });
  await using session = await sessionAt(db.url());
  const both = (n: number) =>
    db.sql(`BEGIN; ALTER TABLE t ALTER a SET DEFAULT ${n};
            CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT ${n}'; COMMIT`);
  // The function is read at 1, the default is printed at 2, in each reading.
  const between: Session = {
    ...session,
    each: async (statement, begin) => {
      if (statement.id !== "schema-definitions") return session.each(statement, begin);
      await both(2);
      await session.each(statement, begin);
      await both(1);
    },
  };
  await expect(takeSnapshot({ session: between, server: session.server })).rejects.toBeInstanceOf(
    SchemaChanging,
  );
});

test("who began before a reading and commits in its midst is seen, though nobody began since", async () => {
  await using db = await testDatabase({
    sql: "CREATE TABLE orders (id int); CREATE TABLE customers (id int)",
  });
  await using session = await sessionAt(db.url());
  const { server } = session;
  const migration = await db.connect();
  await migration.query("BEGIN; CREATE TYPE mood AS ENUM ('a'); COMMENT ON TABLE orders IS 'why'");
  let reading = 0;
  const meanwhile: Session = {
    ...session,
    async each(statement, begin) {
      if (statement.id === "schema-objects") {
        reading += 1;
        if (reading === 1) await migration.query("COMMIT");
      }
      await session.each(statement, begin);
    },
  };
  const { facts } = await takeSnapshot({ session: meanwhile, server });
  // What is there to ask for is another thing at the second time: at first there was no comment. A
  // third one follows where other tests make roles meanwhile.
  expect(reading).toBeGreaterThanOrEqual(2);
  expect(facts).toContainEqual(expect.objectContaining({ kind: "enum", name: "mood" }));
  expect(facts.find(({ name }) => name === "orders")?.facets.comments).toEqual({ comment: "why" });
});

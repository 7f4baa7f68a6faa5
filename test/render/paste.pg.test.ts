import { expect, test } from "vitest";
import { quoteIdentifier, quoteLiteral } from "../../lib/core/sql.ts";
import { text } from "../../lib/render/text.ts";
import { testDatabase } from "../support/database.ts";
import { context, outcome, reportOf, runOf } from "./sample-run.ts";

/** What stands between the empty lines around the SQL: what a hand at a terminal would take. */
const pasted = (printed: string): string => /\n\n( {6}\S[\s\S]*?)\n\n/.exec(printed)?.[1] ?? "";

const printedRemedy = (sql: string): string =>
  pasted(
    text(
      runOf(
        reportOf([
          outcome("indexes/invalid", "found", {
            findings: [
              {
                object: { kind: "table", identity: "t" },
                severity: "warning",
                summary: "odd",
                evidence: {},
                remedy: { summary: "Rename it.", sql },
              },
            ],
          }),
        ]),
      ),
      context,
    ),
  );

test.each([
  ["a newline", "line one\n  line two"],
  ["a terminal's escape and a bell", "\u001b[31mred\u0007"],
  ["an override of the direction, and nothing visible", "\u202egpj\u200b\ufeff"],
  ["quotes, a semicolon and a backslash", `"; DROP TABLE x; -- \\'\t`],
  ["a character beyond the first plane", "owl 🦉\u{e0041}"],
])("the SQL for a name with %s works as it is printed", async (_, name) => {
  await using db = await testDatabase();
  await db.sql(`CREATE TABLE ${quoteIdentifier(name)} (id int)`);
  const sql = `ALTER TABLE public.${quoteIdentifier(name)}\n  RENAME TO found;\nCOMMENT ON TABLE found IS ${quoteLiteral(name)};`;
  const client = await db.connect();
  // The setting that changes how strings are read must not matter.
  await client.query("SET standard_conforming_strings = off");
  await client.query(printedRemedy(sql));
  const { rows } = await client.query(
    "SELECT pg_catalog.obj_description('public.found'::pg_catalog.regclass) AS comment",
  );
  expect(rows).toEqual([{ comment: name }]);
});

test("a body between dollars works too, whatever it holds", async () => {
  await using db = await testDatabase();
  const name = "two\nlines";
  await db.sql(`CREATE TABLE ${quoteIdentifier(name)} (id int)`);
  await db.sql(
    printedRemedy(
      `DO $remedy$\nBEGIN\n  ALTER TABLE ${quoteIdentifier(name)} RENAME TO found; -- 'it''s'\nEND\n$remedy$;`,
    ),
  );
  await db.sql("INSERT INTO found VALUES (1)");
});

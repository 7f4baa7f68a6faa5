import fc from "fast-check";
import { expect, test } from "vitest";
import { sqlPieces } from "../../../lib/core/printable-sql.ts";
import { quoteIdentifier, quoteLiteral } from "../../../lib/core/sql.ts";
import { ascii, chatCode } from "../../../lib/render/alerts/alphabets.ts";
import { shellLines, sqlLines } from "../../../lib/render/alerts/paste.ts";
import { shellWords } from "../../support/paste.ts";
import { exampleAlerts } from "./example-findings.ts";

/** SQL as its parser sees it: tokens, and one blank for any number of them. */
const tokens = (sql: string): string =>
  sqlPieces(sql)
    .map(({ text, isToken }) =>
      isToken
        ? text.startsWith("--")
          ? " "
          : `\u0000${text}\u0000`
        : text.replaceAll(/\s+/g, " "),
    )
    .join("")
    .replaceAll(/ +/g, " ")
    .trim();

const sqlOf = exampleAlerts.flatMap(({ finding: { remedy } }) =>
  [remedy?.sql, remedy?.otherwise?.sql].filter((sql) => sql !== undefined && sql.trim() !== ""),
);

test("SQL that is broken into lines is the same SQL", () => {
  expect(sqlOf.length).toBeGreaterThan(40);
  for (const sql of sqlOf) {
    for (const width of [20, 40, 67]) {
      expect(tokens(sqlLines(sql ?? "", width, ascii).join("\n"))).toBe(tokens(sql ?? ""));
    }
  }
});

test("so it is whatever a name or a literal holds", () => {
  const word = fc.string({ unit: "grapheme-ascii", maxLength: 60 });
  fc.assert(
    fc.property(word, word, fc.integer({ min: 10, max: 80 }), (name, value, width) => {
      const sql = `COMMENT ON TABLE public.${quoteIdentifier(name)}\n  IS ${quoteLiteral(value).trim()}; -- a remark that goes on and on`;
      expect(tokens(sqlLines(sql, width, ascii).join("\n"))).toBe(tokens(sql));
    }),
  );
});

test("what fits is left as it was written", () => {
  const sql = "SELECT pg_catalog.pg_cancel_backend(pid)\n  FROM pg_catalog.pg_stat_activity;";
  expect(sqlLines(sql, 67, ascii)).toEqual(sql.split("\n"));
});

test("a comment goes on as a comment; a command in one stays whole", () => {
  expect(sqlLines("-- one two three four\n--   npx prisma migrate resolve x", 14, ascii)).toEqual([
    "-- one two",
    "-- three four",
    "--   npx prisma migrate resolve x",
  ]);
});

test("beyond ASCII, SQL says the same by escapes; a backtick ends no code block", () => {
  expect(sqlLines(`DROP TABLE "café\t🦉", 'naïve';`, 99, ascii)).toEqual([
    `DROP TABLE U&"caf\\00E9\\0009\\+01F989", E'na\\u00EFve';`,
  ]);
  expect(sqlLines('DROP TABLE "a```b";', 99, chatCode)).toEqual([
    'DROP TABLE U&"a\\0060\\0060\\0060b";',
  ]);
});

test("a command that is broken into lines has the same words", () => {
  const command = `npx pgvigil ack 7f3a91c2 --for 2h --why "..." --config 'my config.yaml' --store a`;
  for (const width of [24, 40, 60]) {
    expect(shellWords(shellLines(command, width).join("\n"))).toEqual(shellWords(command));
  }
});

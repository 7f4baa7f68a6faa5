import fc from "fast-check";
import { expect, test } from "vitest";
import { asksToBeIgnored, withoutLiterals } from "../../lib/core/statement-text.ts";

test.each([
  [
    "SELECT * FROM users WHERE mail = 'a@b.c' AND age > 42",
    "SELECT * FROM users WHERE mail = ? AND age > ?",
  ],
  ["UPDATE t1 SET c2 = $1 WHERE id = -1.5e10", "UPDATE t1 SET c2 = $1 WHERE id = -?"],
  [
    "INSERT INTO t VALUES (E'it\\'s', 'it''s', $$x$$, $tag$ $$ $tag$, B'01', U&'\\0041')",
    "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)",
  ],
  ["ALTER ROLE app PASSWORD 'hunter2'", "ALTER ROLE app PASSWORD ?"],
  ['SELECT "Strange ""name"" 1" FROM "t\'s"', 'SELECT "Strange ""name"" 1" FROM "t\'s"'],
  ["SELECT 1 -- the secret\n  , 2 /* a /* nested */ one */ FROM t", "SELECT ? , ? FROM t"],
  ["SELECT typee'x', a$b, a1 FROM é$1", "SELECT typee?, a$b, a1 FROM é$1"],
  ["SELECT 0xFF, 1_000, .5, 1.", "SELECT ?, ?, ?, ?"],
  ["", ""],
])("%s", (sql, expected) => {
  expect(withoutLiterals(sql)).toBe(expected);
});

test("a literal that the server cut open is not passed on, nor anything after the first one", () => {
  expect(withoutLiterals("INSERT INTO t VALUES ('one', 'two thr")).toBe("INSERT INTO t VALUES ( …");
  expect(withoutLiterals("DO $body$ BEGIN PERFORM secret")).toBe("DO …");
  expect(withoutLiterals("SELECT 1 /* secret")).toBe("SELECT ?");
  expect(withoutLiterals("SELECT * FROM t WHERE name = 'O' Brien'")).toBe(
    "SELECT * FROM t WHERE name = …",
  );
});

test("where it is not known whether a literal has ended, the text ends", () => {
  expect(withoutLiterals("SELECT 'it\\'s secret', 'x'")).toBe("SELECT ? …");
  expect(withoutLiterals("SELECT 'C:\\\\' AS path")).toBe("SELECT ? AS path");
  expect(withoutLiterals("SELECT 'O'Brien', 'x'")).toBe("SELECT ? …");
});

test("a comment may ask to be ignored; a literal that says so may not", () => {
  const asks = (sql: string) => asksToBeIgnored(withoutLiterals(sql));
  expect(asks("/* pgvigil:ignore nightly load */ SELECT 1")).toBe(true);
  expect(asks("SELECT 1 -- pgvigil:ignore")).toBe(true);
  expect(asks("SELECT 'pgvigil:ignore /* pgvigil:ignore */'")).toBe(false);
  expect(asksToBeIgnored(null)).toBe(false);
});

test("a long statement is cut between two words", () => {
  const text = withoutLiterals(`SELECT ${"column_name, ".repeat(200)}`);
  expect(text.length).toBeLessThan(510);
  expect(text).toMatch(/, …$/);
});

// What a literal carries in these tests, and nothing else does.
const secret = fc.string({
  unit: fc.constantFrom("Ω", "Ж", "'", "\\", "$", '"', " ", "/*", "*/", "--", "\n"),
  maxLength: 12,
});
const plain = fc.constantFrom(
  "SELECT",
  "a$b",
  "e",
  "E",
  "$1",
  '"x""y"',
  "(",
  ",",
  "=",
  "-",
  "/",
  "*",
  " ",
  "\n",
  "tab1",
  "1.5e3",
  "U&",
  "::text",
);

const doubled = (text: string) => text.replaceAll("'", "''");
const encodings = {
  on: [
    (s: string) => `'${doubled(s)}'`,
    (s: string) => `E'${doubled(s.replaceAll("\\", "\\\\"))}'`,
    (s: string) => `E'${s.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
    (s: string) => `$q$${s.replaceAll("$", "")}$q$`,
    (s: string) => `--${s.replaceAll("\n", "")}\n`,
    (s: string) => `/*${s.replace(/\/\*|\*\//g, "").replace(/[*/]/g, "")}*/`,
  ],
  off: [
    (s: string) => `'${doubled(s.replaceAll("\\", "\\\\"))}'`,
    (s: string) => `'${s.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
  ],
};

test.each(["on", "off"] as const)(
  "with standard_conforming_strings %s no literal leaves, wherever the text is cut",
  (setting) => {
    const literal = fc
      .tuple(fc.constantFrom(...encodings[setting]), secret)
      .map(([encode, text]) => encode(text));
    const statement = fc.array(
      fc.oneof(
        plain.map((w) => `${w} `),
        literal.map((l) => ` ${l}`),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(statement, fc.nat(), (parts, at) => {
        const whole = parts.join("");
        for (const text of [whole, whole.slice(0, at % (whole.length + 1))]) {
          expect(withoutLiterals(text)).not.toMatch(/[ΩЖ]/);
        }
      }),
      { numRuns: 3000 },
    );
  },
);

test("said twice it says the same, and it never gets stuck", () => {
  const noise = fc.string({
    unit: fc.constantFrom(
      "'",
      '"',
      "$",
      "a",
      "E",
      "1",
      ".",
      "-",
      "/",
      "*",
      "\\",
      " ",
      "\u00a0",
      "…",
      "?",
      "😀",
      "&",
      "U",
      "pgvigil:ignore",
    ),
    maxLength: 30,
  });
  fc.assert(
    fc.property(noise, (text) => {
      const once = withoutLiterals(text);
      expect(withoutLiterals(once)).toBe(once);
    }),
    { numRuns: 5000 },
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { isPrintable, printable } from "../../lib/core/printable.ts";
import { printableSql } from "../../lib/core/printable-sql.ts";
import { quoteIdentifier, quoteLiteral } from "../../lib/core/sql.ts";

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\n", "\r", "\t", "\u001b", "\u007f", "\u009b", "\u202e", "\u2066", "\u200b"),
    fc.constantFrom("\ufeff", "\ufe0f", "\u2028", "\u{e0041}", "'", '"', "\\", "$", "$$", "--"),
    fc.constantFrom("/*", "*/", "E'", 'U&"', ";", "a", " ", "ü", "表", "🦉"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
});

test("what cannot be seen is said: controls, bidi overrides, zero-width, half a surrogate pair", () => {
  expect(printable("a\u001b[31mb")).toBe("a\\u{1b}[31mb");
  expect(printable("a\nb\u007f\u009b")).toBe("a\\u{a}b\\u{7f}\\u{9b}");
  expect(printable("\u202egpj.exe\u2069")).toBe("\\u{202e}gpj.exe\\u{2069}");
  expect(printable("or\u200bders\ufeff")).toBe("or\\u{200b}ders\\u{feff}");
  expect(printable("\ud800 \u{e0041}")).toBe("\\u{d800} \\u{e0041}");
  expect(printable("Übergröße 表 🦉")).toBe("Übergröße 表 🦉");
});

test("no text whatever leaves anything behind that a terminal obeys", () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string({ unit: "binary" })), (text) => {
      expect(isPrintable(printable(text))).toBe(true);
      expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});

test("a name that cannot stand raw is escaped as PostgreSQL reads it", () => {
  expect(printableSql('REINDEX INDEX "a\nb";')).toBe('REINDEX INDEX U&"a\\000Ab";');
  expect(printableSql('DROP TABLE "back\\slash\u{e0041}"')).toBe(
    'DROP TABLE U&"back\\\\slash\\+0E0041"',
  );
  expect(printableSql("SELECT 'it''s\n\u001b\\'")).toBe("SELECT E'it''s\\n\\u001B\\\\'");
  expect(printableSql("SELECT  E'a\\\n\\\\'")).toBe("SELECT  E'a\\n\\\\'");
});

test("what needs no escape stays as it is, line breaks and bodies included", () => {
  const sql = `DO $x$\nBEGIN\n  PERFORM "odd ""name", E'\\n'; -- why\nEND $x$;\n/* a\n b */`;
  expect(printableSql(sql)).toBe(sql);
});

test("a body that holds such a name becomes a literal, as nothing can be escaped in it", () => {
  expect(printableSql("DO $x$ SELECT \"a\nb\", 'c' $x$;")).toBe("DO E' SELECT \"a\\nb\", ''c'' ';");
});

test("identifiers and literals mean the same afterwards, and sit on one line", () => {
  fc.assert(
    fc.property(hostile, hostile, (name, value) => {
      // The server never sends these: NUL does not exist in it, and half a pair is no UTF-8.
      fc.pre(!name.includes("\0") && !value.includes("\0"));
      fc.pre(name.isWellFormed() && value.isWellFormed());
      const shown = printableSql(`SELECT ${quoteLiteral(value)} AS ${quoteIdentifier(name)};`);
      expect(isPrintable(shown)).toBe(true);
      const [, literal = "", identifier = ""] =
        /^SELECT (.*) AS ((?:U&)?".*");$/su.exec(shown) ?? [];
      expect(readIdentifier(identifier)).toBe(name);
      expect(readLiteral(literal.trim())).toBe(value);
    }),
  );
});

test("no SQL whatever leaves anything behind that a terminal obeys, but its line breaks", () => {
  fc.assert(
    fc.property(hostile, (sql) => {
      expect(isPrintable(printableSql(sql).replaceAll("\n", " "))).toBe(true);
    }),
  );
});

/** As src/backend/parser/parser.c reads it. */
function readIdentifier(text: string): string {
  if (!text.startsWith("U&")) return text.slice(1, -1).replaceAll('""', '"');
  return text
    .slice(3, -1)
    .replaceAll('""', '"')
    .replace(/\\(?:\\|\+([0-9A-F]{6})|([0-9A-F]{4}))/g, (_, long, short) =>
      (long ?? short) === undefined
        ? "\\"
        : String.fromCodePoint(Number.parseInt(long ?? short, 16)),
    );
}

/** As src/backend/parser/scan.l reads it. */
function readLiteral(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  return text
    .slice(2, -1)
    .replaceAll("''", "'")
    .replace(/\\(?:([\\n])|U([0-9A-F]{8})|u([0-9A-F]{4}))/g, (_, plain, long, short) => {
      if (plain !== undefined) return plain === "n" ? "\n" : "\\";
      return String.fromCodePoint(Number.parseInt(long ?? short, 16));
    });
}

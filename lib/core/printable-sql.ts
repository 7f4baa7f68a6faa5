import { type Alphabet, hex, visible } from "./printable.ts";

/**
 * The same SQL, fit to be shown and pasted. A name such as "a⏎b" cannot stand raw in a terminal,
 * and a newline in it would not survive the indentation; PostgreSQL has escapes for both:
 *
 *     "a⏎b"      ->  U&"a\000Ab"        under either setting of standard_conforming_strings
 *     'a⏎b'      ->  E'a\u000Ab'
 *     $$ … $$    ->  E'…'               where something in it would need an escape
 *
 * Line breaks between tokens stay. https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export const printableSql = (sql: string, alphabet: Alphabet = visible): string =>
  sqlPieces(sql)
    .map(({ text, isToken }) => (isToken ? shown(text, alphabet) : betweenTokens(text, alphabet)))
    .join("");

/** Literals, quoted names and comments, whole; and what stands between them. */
export function sqlPieces(sql: string): readonly { text: string; isToken: boolean }[] {
  const pieces: { text: string; isToken: boolean }[] = [];
  let end = 0;
  for (const match of sql.matchAll(token)) {
    pieces.push({ text: sql.slice(end, match.index), isToken: false });
    pieces.push({ text: match[0], isToken: true });
    end = match.index + match[0].length;
  }
  return [...pieces, { text: sql.slice(end), isToken: false }];
}

const token = new RegExp(
  [
    String.raw`(?:\bU&)?"(?:[^"]|"")*"`,
    String.raw`\bE'(?:[^'\\]|''|\\[\s\S])*'`,
    String.raw`(?:\bU&)?'(?:[^']|'')*'`,
    String.raw`--[^\n]*`,
    String.raw`/\*[\s\S]*?\*/`,
    String.raw`(?<![\w$])(\$(?:[A-Za-z_\x80-\uFFFF][\w\x80-\uFFFF]*)?\$)[\s\S]*?\1`,
  ].join("|"),
  "gi",
);

function shown(text: string, alphabet: Alphabet): string {
  if (text.startsWith("$")) return dollarQuoted(text, alphabet);
  if (text.startsWith("/*")) return betweenTokens(text, alphabet);
  if (alphabet.has(text)) return text;
  if (text.startsWith("--")) return alphabet.prose(text);
  if (/^U&/i.test(text)) return alphabet.replace(text, unicodeEscape);
  if (text.startsWith('"')) return `U&${alphabet.replace(doubled(text), unicodeEscape)}`;
  const body = text.startsWith("'")
    ? doubled(text)
    : text.slice(1).replace(escaped, unescapedIn(alphabet));
  return `E${alphabet.replace(body, stringEscape)}`;
}

const doubled = (text: string): string => text.replaceAll("\\", "\\\\");

const escaped = /\\(.)/gsu;

/** A backslash before a foreign character stands for that character itself. */
const unescapedIn =
  (alphabet: Alphabet) =>
  (pair: string, character: string): string =>
    alphabet.has(character) ? pair : character;

const unicodeEscape = (code: number): string =>
  code > 0xffff ? `\\+${hex(code, 6)}` : `\\${hex(code, 4)}`;

const stringEscape = (code: number): string => {
  if (code === 10) return "\\n";
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
};

/** Nothing can be escaped between dollars, so that a body in need of it becomes a literal. */
function dollarQuoted(text: string, alphabet: Alphabet): string {
  const body = text.slice(text.indexOf("$", 1) + 1, text.lastIndexOf("$", text.length - 2));
  if (printableSql(body, alphabet) === body) return text;
  return `E'${alphabet.replace(doubled(body).replaceAll("'", "''"), stringEscape)}'`;
}

const betweenTokens = (text: string, alphabet: Alphabet): string =>
  text
    .replaceAll("\t", "  ")
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => alphabet.prose(line))
    .join("\n");

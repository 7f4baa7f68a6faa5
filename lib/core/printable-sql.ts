import { hex, isPrintable, printable, replaceUnseen } from "./printable.ts";

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
export function printableSql(sql: string): string {
  const out: string[] = [];
  let end = 0;
  for (const match of sql.matchAll(token)) {
    out.push(betweenTokens(sql.slice(end, match.index)), shown(match[0]));
    end = match.index + match[0].length;
  }
  out.push(betweenTokens(sql.slice(end)));
  return out.join("");
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

function shown(text: string): string {
  if (text.startsWith("$")) return dollarQuoted(text);
  if (text.startsWith("/*")) return betweenTokens(text);
  if (isPrintable(text)) return text;
  if (text.startsWith("--")) return printable(text);
  if (/^U&/i.test(text)) return replaceUnseen(text, unicodeEscape);
  if (text.startsWith('"')) return `U&${replaceUnseen(doubled(text), unicodeEscape)}`;
  const body = text.startsWith("'") ? doubled(text) : text.slice(1).replace(escaped, unescaped);
  return `E${replaceUnseen(body, stringEscape)}`;
}

const doubled = (text: string): string => text.replaceAll("\\", "\\\\");

const escaped = /\\(.)/gsu;

/** A backslash before an unseen character stands for that character itself. */
const unescaped = (pair: string, character: string): string =>
  isPrintable(character) ? pair : character;

const unicodeEscape = (code: number): string =>
  code > 0xffff ? `\\+${hex(code, 6)}` : `\\${hex(code, 4)}`;

const stringEscape = (code: number): string => {
  if (code === 10) return "\\n";
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
};

/** Nothing can be escaped between dollars, so that a body in need of it becomes a literal. */
function dollarQuoted(text: string): string {
  const body = text.slice(text.indexOf("$", 1) + 1, text.lastIndexOf("$", text.length - 2));
  if (printableSql(body) === body) return text;
  return `E'${replaceUnseen(doubled(body).replaceAll("'", "''"), stringEscape)}'`;
}

const betweenTokens = (text: string): string =>
  text.replaceAll("\t", "  ").replaceAll("\r\n", "\n").split("\n").map(printable).join("\n");

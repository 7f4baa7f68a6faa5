/**
 * The text of a statement without what it carries: literals become `?`, comments go, white space
 * is one blank. What stands between quotes is never passed on, whatever the text turns out to be:
 *
 * - `track_activity_query_size` may have cut a literal open, and an application that forgets to
 *   quote makes literals that end where they should not. A text whose last literal never ends is
 *   believed only up to its first one.
 * - Whether `\'` ends a plain literal depends on the session's standard_conforming_strings, which
 *   nobody can see from outside: the text ends there.
 *
 * A comment that says `pgvigil:ignore` stays, as the bare mark and nothing more.
 * Said twice it says the same, so that kept evidence can be read again.
 *
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html, src/backend/parser/scan.l
 */
export function withoutLiterals(sql: string): string {
  let said = "";
  let beforeLiterals: string | undefined;
  for (let at = 0; at < sql.length; ) {
    const token = tokenAt(sql, at);
    at += token.length;
    if (token.kind === "literal") {
      beforeLiterals ??= said;
      if (token.end === "never") return ended(beforeLiterals);
    }
    const says = token.kind === "literal" ? "?" : token.says;
    if (said.length + says.length > longest) return ended(said);
    said += says === " " && (said === "" || said.endsWith(" ")) ? "" : says;
    if (token.kind === "literal" && token.end === "doubtful") return ended(said);
  }
  return said.replace(/ $/, "");
}

const ignoreMark = "/* pgvigil:ignore */";

/** Did whoever wrote this statement ask not to be told of it? */
export const asksToBeIgnored = (statement: string | null): boolean =>
  statement?.includes(ignoreMark) ?? false;

const longest = 500;

const ended = (text: string): string =>
  text === "" || text.endsWith(" ") ? `${text}…` : `${text} …`;

type Token =
  | { readonly kind: "text"; readonly says: string; readonly length: number }
  | {
      readonly kind: "literal";
      readonly length: number;
      /** Closed; open at the end of the text; or closed in one reading of two. */
      readonly end: "closed" | "never" | "doubtful";
    };

const identifier = /[\p{L}_\u{80}-\u{10ffff}][\p{L}\d_$\u{80}-\u{10ffff}]*/uy;
const quotedIdentifier = /"(?:[^"]|"")*"/y;
const parameter = /\$\d+/y;
const number =
  /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const dollarQuote = /\$(?:[\p{L}_\u{80}-\u{10ffff}][\p{L}\d_\u{80}-\u{10ffff}]*)?\$/uy;
const lineComment = /--[^\r\n]*/y;
const stringPrefix = /(?:[eEbBxXnN]|[uU]&)(?=')/y;
const blank = /[ \t\n\r\f\v]+/y;
const word = /[\p{L}\d_$\u{80}-\u{10ffff}]/u;

function tokenAt(sql: string, at: number): Token {
  const prefix = matchAt(stringPrefix, sql, at) ?? "";
  if (sql[at + prefix.length] === "'") {
    return quoted(sql, at, prefix.length, /^e$/i.test(prefix));
  }
  const name = matchAt(identifier, sql, at) ?? matchAt(parameter, sql, at);
  if (name !== undefined) return text(name);
  const tag = matchAt(dollarQuote, sql, at);
  if (tag !== undefined) return dollarQuoted(sql, at, tag);
  if (sql[at] === '"') {
    const whole = matchAt(quotedIdentifier, sql, at);
    // Cut open, or not SQL: then it may just as well be somebody's words.
    return whole === undefined ? open(sql, at) : text(whole);
  }
  const digits = matchAt(number, sql, at);
  if (digits !== undefined) return { kind: "text", says: "?", length: digits.length };
  const space = matchAt(blank, sql, at);
  if (space !== undefined) return { kind: "text", says: " ", length: space.length };
  const comment = matchAt(lineComment, sql, at) ?? blockComment(sql, at);
  if (comment !== undefined) {
    const says = comment.includes("pgvigil:ignore") ? ignoreMark : " ";
    return { kind: "text", says, length: comment.length };
  }
  return text(sql[at] ?? "");
}

function matchAt(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

const text = (says: string): Token => ({ kind: "text", says, length: says.length });
const open = (sql: string, at: number): Token => ({
  kind: "literal",
  length: sql.length - at,
  end: "never",
});

function quoted(sql: string, from: number, prefix: number, escapes: boolean): Token {
  let backslashes = 0;
  for (let at = from + prefix + 1; at < sql.length; at += 1) {
    const isOdd = backslashes % 2 === 1;
    backslashes = sql[at] === "\\" ? backslashes + 1 : 0;
    if (sql[at] !== "'") continue;
    if (escapes && isOdd) continue;
    const length = at + 1 - from;
    if (isOdd) return { kind: "literal", length, end: "doubtful" };
    if (sql[at + 1] === "'") {
      at += 1;
      continue;
    }
    // 'O'Brien': a quote that somebody forgot to double. No one writes SQL like that on purpose.
    const isGlued = word.test(sql[at + 1] ?? "");
    return { kind: "literal", length, end: isGlued ? "doubtful" : "closed" };
  }
  return open(sql, from);
}

function dollarQuoted(sql: string, from: number, tag: string): Token {
  const end = sql.indexOf(tag, from + tag.length);
  if (end < 0) return open(sql, from);
  return { kind: "literal", length: end + tag.length - from, end: "closed" };
}

/** They nest; one that never ends reaches to the end of the text. */
function blockComment(sql: string, from: number): string | undefined {
  if (!sql.startsWith("/*", from)) return undefined;
  let depth = 0;
  for (let at = from; at < sql.length; at += 1) {
    if (sql.startsWith("/*", at)) {
      depth += 1;
      at += 1;
    } else if (sql.startsWith("*/", at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return sql.slice(from, at + 1);
    }
  }
  return sql.slice(from);
}

import type { Alphabet } from "../../core/printable.ts";
import { printableSql, sqlPieces } from "../../core/printable-sql.ts";

/**
 * SQL that still works as pasted, in lines of at most `width` where it can be broken: between its
 * tokens, never within a literal, a quoted name, a body between dollars or a comment. Without the
 * empty lines around it.
 */
export function sqlLines(sql: string, width: number, alphabet: Alphabet): readonly string[] {
  const whole = sqlPieces(printableSql(sql.trim(), alphabet))
    .map(({ text, isToken }) => (isToken ? sealed(text) : text))
    .join("");
  return whole.split("\n").flatMap((line) => folded(line.trimEnd(), width).map(opened));
}

/** Blanks inside a token are no place to break: they stand aside while lines are made. */
const sealed = (token: string): string =>
  token.replaceAll(" ", "\u0001").replaceAll("\n", "\u0002");
const opened = (line: string): string => line.replaceAll("\u0001", " ").replaceAll("\u0002", "\n");

function folded(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line];
  const prose = /^(\s*-- ?)\u0001?(?=[^\s\u0001-])/.exec(line.replace("--\u0001", "-- "));
  if (prose !== null) return commentLines(opened(line).trim(), width);
  const indent = " ".repeat(line.search(/\S|$/));
  return filled(line.trim().split(" "), indent, `${indent}    `, width);
}

/** A comment goes on as a comment; one that is set further in holds a command, and stays whole. */
const commentLines = (comment: string, width: number): readonly string[] =>
  filled(comment.replace(/^-- /, "").split(" "), "-- ", "-- ", width);

function filled(
  words: readonly string[],
  first: string,
  next: string,
  width: number,
): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of words) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      [line, isEmpty] = [next, true];
    }
    line = isEmpty ? `${line}${word}` : `${line} ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** A command of a POSIX shell, continued by a backslash where it is too long for a line. */
export function shellLines(command: string, width: number): readonly string[] {
  if (command.length <= width) return [command];
  const words = command.match(/(?:--[\w-]+ (?!--))?(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [command];
  return filled(words, "", "  ", width - 2).map((line, i, all) =>
    i < all.length - 1 ? `${line} \\` : line,
  );
}

import { printable } from "../core/printable.ts";

/**
 * A text that stays text in GitHub's markdown: no link, no image, no HTML, no table cell, and
 * nobody is called or told of by an @name or #12. GitHub looks for those after it has resolved
 * escapes, so that only something invisible in between holds it off.
 */
export const escaped = (text: string): string =>
  printable(text)
    .replace(
      /[\\`*[\]<>|~&$@#]|(?<![a-z0-9])_|_(?![a-z0-9])/gi,
      (sign) => signs[sign] ?? `\\${sign}`,
    )
    .replace(/:\/\/|\bwww(?=\.)|\bgh(?=-\d)/gi, (sign) => `${sign}${nothing}`)
    .replace(/^(\s*)([-+]|\d+(?=[.)]))/, `$1$2${nothing}`);

const nothing = "&#8203;";

const signs: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "@": `@${nothing}`,
  "#": `#${nothing}`,
};

/** A code span that its own backticks cannot end; one in a table hides its `|`. */
export function codeSpan(text: string): string {
  const shown = printable(text).replaceAll("|", "¦");
  const fence = fenceOver(shown, 1);
  const gap = /^`|`$|^ .* $/.test(shown) ? " " : "";
  return `${fence}${gap}${shown}${gap}${fence}`;
}

export function codeBlock(lines: readonly string[], language = "sql"): string {
  const fence = fenceOver(lines.join("\n"), 3);
  return [`${fence}${language}`, ...lines, fence].join("\n");
}

/** One backtick more than the longest run inside. */
function fenceOver(text: string, least: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return "`".repeat(Math.max(least, longest + 1));
}

import { type Alphabet, isPrintable, replaceUnseen } from "../../core/printable.ts";

const foreign = /[^\x20-\x7e]/gu;

/** Signs that have a plain spelling; everything else beyond ASCII is told by its code. */
const spellings: Readonly<Record<string, string>> = {
  "…": "...",
  "–": "-",
  "—": "-",
  "→": "->",
  "←": "<-",
  "≤": "<=",
  "≥": ">=",
  "×": "x",
  "“": '"',
  "”": '"',
  "‘": "'",
  "’": "'",
  "\u00a0": " ",
};

/** What a mail is written in: 7 bits, so that no relay and no pager can spoil it. */
export const ascii: Alphabet = {
  has: (text) => text.search(foreign) === -1,
  replace: (text, replacement) =>
    text.replace(foreign, (character) => replacement(character.codePointAt(0) ?? 0)),
  prose: (text) =>
    text.replace(
      foreign,
      (character) => spellings[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    ),
};

/** Prose of a mail. A name that looks like a link is no link. */
export const mailText = (text: string): string => ascii.prose(text).replaceAll("://", ":\\u{2f}/");

/** What may stand in a code block of a chat: a backtick could end it. */
export const chatCode: Alphabet = {
  has: (text) => isPrintable(text) && !text.includes("`"),
  replace: (text, replacement) =>
    replaceUnseen(text, replacement).replaceAll("`", () => replacement(0x60)),
  prose: (text) => replaceUnseen(text, (code) => `\\u{${code.toString(16)}}`).replaceAll("`", "'"),
};

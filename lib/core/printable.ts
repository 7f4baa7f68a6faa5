/**
 * What a terminal obeys or a reader cannot see: controls (C0, DEL, C1), line separators, bidi
 * overrides, zero-width and other default-ignorable characters, unpaired surrogates, and the
 * non-characters that XML forbids. A name in PostgreSQL may hold any of them but NUL.
 */
const unseen =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Noncharacter_Code_Point}\uFFF9-\uFFFB]/gu;

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

/** For people: each unseen character as `\u{1b}`, so that a text is one line and obeyed by nobody. */
export const printable = (text: string): string =>
  text.replace(unseen, (character) => `\\u{${codeOf(character).toString(16)}}`);

/** As `printable`, each unseen character replaced as the syntax around it demands. */
export const replaceUnseen = (text: string, replacement: (code: number) => string): string =>
  text.replace(unseen, (character) => replacement(codeOf(character)));

export const isPrintable = (text: string): boolean => text.search(unseen) === -1;

/** `\u000a`: what JSON and JavaScript read back. Beyond U+FFFF it takes two. */
export const jsonEscape = (code: number): string =>
  Array.from(
    String.fromCodePoint(code).split(""),
    (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`,
  ).join("");

export const hex = (code: number, digits: number): string =>
  code.toString(16).toUpperCase().padStart(digits, "0");

/** The characters that a channel can carry; what it cannot is escaped by whoever writes. */
export interface Alphabet {
  has(text: string): boolean;
  /** Each foreign character replaced as the syntax around it demands. */
  replace(text: string, replacement: (code: number) => string): string;
  /** For people: foreign characters as `\u{1b}`. */
  prose(text: string): string;
}

/** Whatever a person can see. */
export const visible: Alphabet = { has: isPrintable, replace: replaceUnseen, prose: printable };

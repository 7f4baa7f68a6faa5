import { jsonEscape, replaceUnseen } from "../../core/printable.ts";

/** SNS, and all that come after it, take so many bytes of UTF-8; attributes count too. */
export const mostBytes = 256 * 1024;

/** JSON in one line; what nobody sees stands escaped inside its strings. */
export const jsonLine = (value: unknown): string =>
  replaceUnseen(JSON.stringify(value), jsonEscape);

/** The same for those who take 7 bits. */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[^\x20-\x7e]/gu, (character) =>
    jsonEscape(character.codePointAt(0) ?? 0),
  );

export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** A text in so many characters as JavaScript counts them, with no half of a pair at its end. */
export const clipped = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, room - 4).replace(/[\ud800-\udbff]$/, "")} ...`;

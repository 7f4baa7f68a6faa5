import { jsonEscape, replaceUnseen } from "../core/printable.ts";

/** JSON for a terminal too: what nobody sees stands escaped inside its strings. */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, undefined, 2)
    .split("\n")
    .map((line) => replaceUnseen(line, jsonEscape))
    .join("\n")}\n`;

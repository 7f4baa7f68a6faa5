import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** The last lines of a log, from its last 16 kB; "" where there is no log yet. */
export function tailOf(path: string, lines = 30): string {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const buffer = Buffer.alloc(Math.min(size, 16_384));
      readSync(file, buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}

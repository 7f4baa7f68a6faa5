import { styleText } from "node:util";
import { printable } from "../../core/printable.ts";
import { jsonText } from "../../render/json-text.ts";
import { type Io, print, wantsColour } from "../io.ts";
import type { Line } from "./line.ts";

const marks = {
  ok: ["ok", "green"],
  notice: ["note", "cyan"],
  warning: ["WARN", "yellow"],
  critical: ["FAIL", "red"],
  unknown: ["????", "magenta"],
} as const;

/** A line a thing, under the heading of its area; what to do stands beneath it. */
export function printLines(lines: readonly Line[], asJson: boolean, io: Io): void {
  if (asJson) {
    print(io, jsonText(lines));
    return;
  }
  const colour = wantsColour(io, "stdout");
  let area: string | undefined;
  for (const line of lines) {
    if (line.area !== area) print(io, line.area);
    area = line.area;
    const [word, style] = marks[line.state];
    const mark = colour ? styleText(style, word, { validateStream: false }) : word;
    const said = [line.name, line.detail].filter(Boolean).join("  ");
    print(io, `  ${mark}${" ".repeat(6 - word.length)}${printable(said)}`);
    if (line.cure !== undefined && line.cure !== "") print(io, `        ${printable(line.cure)}`);
  }
}

import type { Part } from "../../adapters/aws/deployment/part.ts";
import { type ExitCode, exitCodes, type FailOn, fails } from "../../core/exit-code.ts";
import type { Severity } from "../../core/severity.ts";

/** What is known of one thing of a deployment. `unknown` is what nobody could look at. */
export interface Line {
  readonly area: string;
  readonly name: string;
  readonly state: "ok" | "unknown" | Severity;
  readonly detail: string;
  readonly cure?: string | undefined;
}

/** A line a thing; what could not be read is a line of its own. */
export const linesOf = <T>(
  area: string,
  parts: readonly Part<T>[],
  line: (value: T) => Omit<Line, "area"> | readonly Omit<Line, "area">[],
): readonly Line[] =>
  parts.flatMap((part) =>
    part.is === "read"
      ? [line(part.value)].flat().map((each) => ({ area, ...each }))
      : [{ area, name: "", state: "unknown", detail: part.why, cure: part.hint }],
  );

export const valuesOf = <T>(parts: readonly Part<T>[]): readonly T[] =>
  parts.flatMap((part) => (part.is === "read" ? [part.value] : []));

/** Findings before what is not known, and that before health. */
export function exitCodeOf(lines: readonly Line[], failOn: FailOn): ExitCode {
  const isBad = ({ state }: Line) => state !== "ok" && state !== "unknown" && fails(state, failOn);
  if (lines.some(isBad)) return exitCodes.findings;
  return lines.some(({ state }) => state === "unknown") ? exitCodes.unknown : exitCodes.healthy;
}

import { styleText } from "node:util";
import type { Verdict } from "../core/report.ts";
import type { Severity } from "../core/severity.ts";
import type { RenderContext } from "./context.ts";

type Style = Parameters<typeof styleText>[0];

/** Colour is never alone: the words say all of it. */
export interface Paint {
  strong(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  severity(severity: Severity, text: string): string;
  verdict(verdict: Verdict, text: string): string;
}

const ofSeverity = {
  critical: ["bold", "red"],
  warning: ["bold", "yellow"],
  notice: ["bold", "cyan"],
} as const;

const ofVerdict = {
  findings: ["bold", "red"],
  unknown: ["bold", "magenta"],
  healthy: ["bold", "green"],
} as const;

/** Whether there is colour was decided where the stream is known; here it is obeyed. */
export function painter(colour: boolean): Paint {
  const paint = (style: Style, text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  return {
    strong: (text) => paint("bold", text),
    dim: (text) => paint("dim", text),
    good: (text) => paint("green", text),
    severity: (severity, text) => paint([...ofSeverity[severity]], text),
    verdict: (verdict, text) => paint([...ofVerdict[verdict]], text),
  };
}

/** A page as it is laid out: columns, colours, and the words of the checks. */
export interface Page extends RenderContext {
  readonly paint: Paint;
}

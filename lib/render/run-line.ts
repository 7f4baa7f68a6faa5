import { printable } from "../core/printable.ts";
import type { RunDocument } from "../core/report.ts";
import { sayTime } from "../core/units.ts";
import { painter } from "./paint.ts";
import { fleetSentence, reportSentence } from "./sentence.ts";

/** A run in a list: when and what, and its id, which commands take, beneath. */
export function runLine(document: RunDocument, colour: boolean): string {
  const paint = painter(colour);
  const { run, reports } = document;
  const [first, second] = reports;
  const verdict = reports.find((report) => report.verdict !== "healthy")?.verdict ?? "healthy";
  const said =
    first !== undefined && second === undefined ? reportSentence(first) : fleetSentence(document);
  const head = `${sayTime(run.startedAt)}  ${run.profile.padEnd(7)}`;
  return `${head}  ${paint.verdict(verdict, said)}\n${paint.dim(`  ${printable(run.id)}`)}\n`;
}

import { printable } from "../core/printable.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { sayTarget } from "../core/target.ts";
import { sayDuration } from "../core/units.ts";
import type { RenderContext } from "./context.ts";
import { type Page, painter } from "./paint.ts";
import { fleetSentence } from "./sentence.ts";
import { reportLines } from "./text-report.ts";
import { columns, padded, wrap } from "./wrap.ts";

/** More targets than these are told in the table alone where they are healthy. */
const fewTargets = 5;

/** For people: the verdict first, what to do next, what was not seen, and what is well. */
export function text(run: RunDocument, context: RenderContext): string {
  const page = { ...context, width: Math.max(60, context.width), paint: painter(context.colour) };
  const { reports } = run;
  const told = reports.filter(
    ({ verdict, counts }) =>
      reports.length <= fewTargets || verdict !== "healthy" || counts.notice > 0,
  );
  const fleet =
    reports.length === 1
      ? []
      : [
          ...wrap(fleetSentence(run), page.width).map(page.paint.strong),
          "",
          ...table(reports, page),
        ];
  const sections = told.map((report) => reportLines(report, page).join("\n"));
  const untold = reports.length - told.length;
  if (untold > 0) sections.push(`Healthy, and only in the table: ${untold}. --target NAME tells.`);
  const blocks = [fleet.join("\n"), ...sections, foot(run, page)].filter((block) => block !== "");
  return `${blocks.join("\n\n").replace(/\n{3,}/g, "\n\n")}\n`;
}

function table(reports: readonly Report[], { paint }: Page): readonly string[] {
  const heads = ["Target", "Verdict", "Critical", "Warning", "Notice", "Not seen", "Passed"];
  const rows = reports.map(({ target, verdict, counts, outcomes }) => [
    printable(sayTarget(target)),
    verdict,
    String(counts.critical),
    String(counts.warning),
    String(counts.notice),
    String(
      outcomes.filter(({ cause }) => cause !== undefined && cause !== "not-applicable").length,
    ),
    String(counts.passed),
  ]);
  const widths = heads.map((_, i) =>
    Math.max(...[heads, ...rows].map((row) => columns(row[i] ?? ""))),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i < 2 ? padded(cell, widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
  return [
    paint.dim(line(heads).join("  ")),
    ...rows.map((row, i) => {
      const [target = "", verdict = "", ...numbers] = line(row);
      return [target, paint.verdict(reports[i]?.verdict ?? "unknown", verdict), ...numbers].join(
        "  ",
      );
    }),
  ];
}

function foot({ run }: RunDocument, { paint, width }: Page): string {
  const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
  const took = seconds < 60 ? `${seconds.toFixed(1)} s` : sayDuration(seconds);
  const words = `${run.profile}, ${run.startedAt.slice(0, 19)}Z, took ${took}, pgvigil ${run.pgvigil}, run ${printable(run.id)}`;
  return wrap(words, width).map(paint.dim).join("\n");
}

import type { Finding, Remedy } from "../core/finding.ts";
import { printable } from "../core/printable.ts";
import { commandLines, isCommand } from "./command.ts";
import { definitionLines, evidenceLine } from "./evidence.ts";
import type { FindingGroup } from "./groups.ts";
import type { Page } from "./paint.ts";
import { hang, wrap } from "./wrap.ts";

/** A check's findings of one severity: its title and why once, then each object. */
export function groupLines(group: FindingGroup, page: Page): readonly string[] {
  const { check, severity, findings, more, scope } = group;
  const { paint, width, catalogue, docsUrl } = page;
  const words = catalogue.get(check);
  const head = `${severity.toUpperCase()}  ${check}`;
  const [first = "", ...title] = hang(`${head}  `, words?.failureTitle ?? "", width);
  return [
    `${paint.severity(severity, head)}${first.slice(head.length).trimEnd()}`,
    ...title,
    ...(words === undefined ? [] : hang("  ", words.why, width).map((line) => paint.dim(line))),
    ...(scope === undefined
      ? []
      : hang("  Looked at: ", printable(scope), width).map((line) => paint.dim(line))),
    ...spaced(findings.map((finding, i) => findingLines(finding, findings[i - 1], page))),
    ...(more > 0 ? ["", `  and ${more.toLocaleString("en-US")} more: --format json`] : []),
    ...(docsUrl === undefined ? [] : ["", `  ${paint.dim(docsUrl(check))}`]),
  ];
}

/** What is told in one line stands line by line; what has more to say stands apart. */
const spaced = (blocks: readonly (readonly string[])[]): readonly string[] =>
  blocks.flatMap((lines, i) =>
    i > 0 && lines.length === 1 && blocks[i - 1]?.length === 1 ? lines : ["", ...lines],
  );

/** What the finding before it has said in the same words is not said again. */
function findingLines(
  finding: Finding,
  before: Finding | undefined,
  page: Page,
): readonly string[] {
  const { paint, width } = page;
  const { summary, fingerprint, remedy } = finding;
  const detail = (finding.detail ?? []).filter((line) => !before?.detail?.includes(line));
  const seen = evidenceLine(finding);
  const what = wrap(`${printable(summary)} [${fingerprint.slice(0, 8)}]`, width - 2);
  return [
    ...what.map((line) => `  ${paint.strong(line)}`),
    ...detail.flatMap((sentence) => hang("    ", printable(sentence), width)),
    ...definitionLines(finding).map((line) => `      ${line}`),
    ...(seen === "" ? [] : hang("    Seen: ", seen, width).map((line) => paint.dim(line))),
    ...(remedy === undefined ? [] : remedyLines(remedy, before?.remedy, width)),
  ];
}

function remedyLines(
  { summary, sql, lock, undo, otherwise }: Remedy,
  before: Remedy | undefined,
  width: number,
): readonly string[] {
  return [
    ...(summary === before?.summary ? [] : hang("    Do this: ", printable(summary), width)),
    ...sqlLines(sql),
    ...(lock === undefined || lock === before?.lock
      ? []
      : hang("    Lock: ", printable(lock), width)),
    ...(undo === undefined || undo === before?.undo ? [] : undoLines(undo, width)),
    ...(otherwise === undefined
      ? []
      : [...hang("    Else: ", printable(otherwise.summary), width), ...sqlLines(otherwise.sql)]),
  ];
}

const undoLines = (undo: string, width: number): readonly string[] =>
  isCommand(undo) ? ["    Undo:", ...sqlLines(undo)] : hang("    Undo: ", printable(undo), width);

/** Between empty lines, so that a double click and a drag take it whole. Never wrapped. */
const sqlLines = (sql: string | undefined): readonly string[] =>
  sql === undefined ? [] : ["", ...commandLines(sql).map((line) => `      ${line}`.trimEnd()), ""];

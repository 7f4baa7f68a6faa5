import type { Finding } from "../core/finding.ts";
import { printable } from "../core/printable.ts";
import type { Report, RunDocument } from "../core/report.ts";
import type { Severity } from "../core/severity.ts";
import { sayTarget } from "../core/target.ts";
import { count } from "../core/units.ts";
import { commandLines, isCommand } from "./command.ts";
import type { RenderContext } from "./context.ts";
import { definitionLines, evidenceLine } from "./evidence.ts";
import {
  type FindingGroup,
  findingGroups,
  ignoredWords,
  notApplicableOf,
  passedOf,
  type UnseenGroup,
  unseenGroups,
} from "./groups.ts";
import { codeBlock, codeSpan, escaped } from "./markdown-escape.ts";
import { fleetSentence, verdictWords } from "./sentence.ts";

/** A comment on GitHub holds 65,536 characters; a job summary more. */
const fits = 60_000;

const signs = { findings: "❌", unknown: "❓", healthy: "✅" } as const;
const severitySigns: Readonly<Record<Severity, string>> = {
  critical: "🔴",
  warning: "🟠",
  notice: "🔵",
};

/** For pull requests and job summaries: findings open, what is well folded away. */
export function markdown(run: RunDocument, context: RenderContext): string {
  const { reports } = run;
  const head = reports.length === 1 ? [] : [`## ${fleetSentence(run)}`, table(reports)];
  const foot = `<sub>${run.run.profile}, ${run.run.startedAt}, pgvigil ${run.run.pgvigil}, run ${escaped(run.run.id)}</sub>`;
  let left = fits - [...head, foot].join("").length;
  const sections: string[] = [];
  for (const report of reports) {
    const text = section(report, context).join("\n\n");
    if (text.length > left) break;
    left -= text.length + 2;
    sections.push(text);
  }
  const cut = reports.length - sections.length;
  const more =
    cut > 0 ? [`${count(cut, "more target")} would not fit here: \`--format json\``] : [];
  return `${[...head, ...sections, ...more, foot].join("\n\n")}\n`;
}

function table(reports: readonly Report[]): string {
  return [
    "| target | verdict | critical | warning | notice | passed |",
    "|---|---|--:|--:|--:|--:|",
    ...reports.map((report) => {
      const { critical, warning, notice, passed } = report.counts;
      const cells = [critical, warning, notice, passed].join(" | ");
      return `| ${escaped(sayTarget(report.target))} | ${signs[report.verdict]} ${escaped(verdictWords(report))} | ${cells} |`;
    }),
  ].join("\n");
}

function section(report: Report, context: RenderContext): readonly string[] {
  const unseen = unseenGroups(report);
  const title = `${escaped(sayTarget(report.target))}: ${escaped(verdictWords(report))}`;
  return [
    `### ${signs[report.verdict]} ${title}`,
    ...findingGroups(report).flatMap((group) => groupBlocks(group, context)),
    ...(unseen.length > 0 ? ["#### Not looked at", ...unseen.flatMap(unseenBlocks)] : []),
    ...folded(report),
  ];
}

function groupBlocks(
  group: FindingGroup,
  { catalogue, docsUrl }: RenderContext,
): readonly string[] {
  const { check, severity, findings, more, scope } = group;
  const words = catalogue.get(check);
  const name = docsUrl === undefined ? codeSpan(check) : `[${codeSpan(check)}](${docsUrl(check)})`;
  return [
    `#### ${severitySigns[severity]} ${severity} ${name} ${escaped(words?.failureTitle ?? "")}`.trimEnd(),
    ...(words === undefined ? [] : [escaped(words.why)]),
    ...(scope === undefined ? [] : [`Looked at: ${escaped(scope)}`]),
    ...findings.flatMap(findingBlocks),
    ...(more > 0 ? [`and ${more.toLocaleString("en-US")} more: \`--format json\``] : []),
  ];
}

function findingBlocks(finding: Finding): readonly string[] {
  const { summary, detail = [], remedy, fingerprint } = finding;
  const { sql, lock, undo, otherwise } = remedy ?? {};
  const seen = evidenceLine(finding);
  const definitions = definitionLines(finding);
  return [
    `**${escaped(summary)}** ${codeSpan(fingerprint.slice(0, 8))}`,
    ...(detail.length > 0 ? [detail.map(escaped).join(" ")] : []),
    ...(definitions.length > 0 ? [codeBlock(definitions, "diff")] : []),
    ...(seen === "" ? [] : [`Seen: ${escaped(seen)}`]),
    ...(remedy === undefined ? [] : [`Do this: ${escaped(remedy.summary)}`]),
    ...(sql === undefined ? [] : [codeBlock(commandLines(sql))]),
    ...(lock === undefined ? [] : [`Lock: ${escaped(lock)}`]),
    ...(undo === undefined
      ? []
      : isCommand(undo)
        ? ["Undo:", codeBlock(commandLines(undo))]
        : [`Undo: ${escaped(undo)}`]),
    ...(otherwise === undefined
      ? []
      : [`Else: ${escaped(otherwise.summary)}`, codeBlock(commandLines(otherwise.sql))]),
  ];
}

function unseenBlocks({ checks, reason, scope, cure }: UnseenGroup): readonly string[] {
  const names = checks.map(codeSpan).join(", ");
  const seen = scope === "" || scope === "not looked at" ? "" : ` (${escaped(scope)})`;
  const line = `${names}: ${escaped(reason)}${seen}`;
  if (!cure) return [line];
  return isCommand(cure)
    ? [line, codeBlock(commandLines(cure), cure.startsWith("GRANT") ? "sql" : "")]
    : [`${line}. ${escaped(cure)}`];
}

function folded(report: Report): readonly string[] {
  const passed = passedOf(report);
  const absent = notApplicableOf(report);
  const lines = [
    ...passed.map(({ check, scope }) => `- ${codeSpan(check)} ${escaped(scope)}`),
    ...absent.map(
      ({ check, reason = "" }) => `- ${codeSpan(check)} not applicable: ${escaped(reason)}`,
    ),
    ...(report.counts.ignored > 0
      ? [`- hidden by ignore rules: ${escaped(ignoredWords(report))}`]
      : []),
  ];
  if (lines.length === 0) return [];
  const summary = `${count(passed.length, "check")} passed, ${absent.length} not applicable, ${count(report.counts.ignored, "finding")} ignored`;
  return [`<details><summary>${printable(summary)}</summary>\n\n${lines.join("\n")}\n\n</details>`];
}

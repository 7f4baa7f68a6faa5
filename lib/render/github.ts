import { printable } from "../core/printable.ts";
import type { Report, RunDocument } from "../core/report.ts";
import type { Severity } from "../core/severity.ts";
import { sayTarget } from "../core/target.ts";
import { commandLines, isCommand } from "./command.ts";
import { findingGroups, unseenGroups } from "./groups.ts";
import { reportSentence } from "./sentence.ts";

type Command = "error" | "warning" | "notice";

const commandOf: Readonly<Record<Severity, Command>> = {
  critical: "error",
  warning: "warning",
  notice: "notice",
};

/**
 * Workflow commands, so that findings stand beside the pull request. GitHub shows ten of a kind
 * a step: worst first. Every line is a command, as a name might try to be one itself.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function github({ reports }: RunDocument): string {
  return `${reports.flatMap(annotations).join("\n")}\n`;
}

function annotations(report: Report): readonly string[] {
  const target = sayTarget(report.target);
  const found = findingGroups(report).flatMap(({ check, severity, findings, more }) => [
    ...findings.map(({ summary, remedy }) =>
      annotation(commandOf[severity], `${target} ${check}`, [summary, remedy?.summary ?? ""]),
    ),
    ...(more > 0
      ? [annotation(commandOf[severity], `${target} ${check}`, [`and ${more} more: --format json`])]
      : []),
  ]);
  const unseen = unseenGroups(report).map(({ checks, reason, cure }) =>
    annotation("warning", `${target} not looked at`, [
      `${checks.join(", ")}: ${reason}`,
      ...(cure === undefined ? [] : isCommand(cure) ? commandLines(cure) : [cure]),
    ]),
  );
  return [...found, ...unseen, annotation("notice", "pgvigil", [reportSentence(report)])];
}

function annotation(command: Command, title: string, lines: readonly string[]): string {
  const message = lines.filter(Boolean).map(printable).join("\n");
  return `::${command} title=${property(printable(title))}::${data(message)}`;
}

/** As @actions/core escapes them. */
const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

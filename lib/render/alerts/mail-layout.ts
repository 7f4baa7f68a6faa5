import type { Alert, Bulletin } from "../../core/alert.ts";
import { count } from "../../core/units.ts";
import { ascii, mailText } from "./alphabets.ts";
import { lookCommand, quietCommand, runbookOf } from "./commands.ts";
import { concise, few, fold, hung } from "./fold.ts";
import { shellLines } from "./paste.ts";
import type { AlertSettings } from "./settings.ts";
import { isOver, shortId } from "./words.ts";

/** A mail is read on a telephone, at night. */
export const mailColumns = 72;
export const mailLines = 40;

export const mailOfLines = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

export const titled = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines];

export const paragraph = (text: string, indent: string, room: number): readonly string[] =>
  text === "" || room < 1
    ? []
    : fold(
        concise(mailText(text), mailColumns - indent.length, room),
        mailColumns - indent.length,
      ).map((line) => indent + line);

/** Sections with an empty line between; what is empty is not there. */
export const spaced = (sections: readonly (readonly string[])[]): readonly string[] =>
  sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i === 0 ? lines : ["", ...lines]));

const link = (url: string): string =>
  ascii.replace(url, (code) => encodeURIComponent(String.fromCodePoint(code)));

/** Where to read on, how to quiet it, and what it is called. */
export function footLines(
  bulletin: Bulletin,
  alert: Alert,
  settings: AlertSettings,
): readonly string[] {
  const { links, watch } = bulletin;
  const isVerdict = alert.status === "verdict";
  const isQuiet = isVerdict || isOver(alert) || ["test", "event"].includes(alert.status);
  const quiet = isQuiet ? "" : quietCommand(alert, settings);
  const runbook = links.runbook ?? runbookOf(alert, settings);
  const signOff = isVerdict
    ? shellLines(`${lookCommand(alert, bulletin.target, settings)} --format markdown`, 63)
    : [];
  return [
    ...(watch === undefined
      ? []
      : few(hung("Watch    ", mailText(`${watch.deploy} (${watch.id})`), mailColumns), 2)),
    ...(links.report === undefined ? [] : [`Report   ${link(links.report)}`]),
    ...labelled("Sign-off ", signOff),
    ...(runbook === undefined ? [] : [`Runbook  ${link(runbook)}`]),
    ...(quiet === "" ? [] : labelled("Quiet    ", shellLines(quiet, mailColumns - 9))),
    ...idLines(bulletin, alert),
  ];
}

export function idLines({ run }: Bulletin, { finding }: Alert): readonly string[] {
  const words = [
    shortId(finding.fingerprint),
    ...(run === undefined ? [] : [`run ${run.id}`, `pgvigil ${run.pgvigil}`]),
  ];
  return few(hung("Id       ", mailText(words.join("  ")), mailColumns), 2);
}

const labelled = (label: string, lines: readonly string[]): readonly string[] =>
  lines.map((line, i) => `${i === 0 ? label : " ".repeat(label.length)}${line}`);

export const sayCounts = ({ critical, warning, notice }: Bulletin["alsoHere"]): string =>
  [
    critical > 0 ? `${critical.toLocaleString("en-US")} critical` : "",
    warning > 0 ? count(warning, "warning") : "",
    notice > 0 ? count(notice, "notice") : "",
  ]
    .filter(Boolean)
    .join(", ");

import { printable } from "../core/printable.ts";
import type { Report } from "../core/report.ts";
import { count } from "../core/units.ts";
import { commandLines, isCommand } from "./command.ts";
import {
  findingGroups,
  ignoredWords,
  notApplicableOf,
  passedOf,
  type UnseenGroup,
  unseenGroups,
} from "./groups.ts";
import type { Page } from "./paint.ts";
import { reportSentence } from "./sentence.ts";
import { groupLines } from "./text-finding.ts";
import { columns, hang, padded, wrap } from "./wrap.ts";

/** One target: verdict, findings, what was not seen, what was hidden, what is well. */
export function reportLines(report: Report, page: Page): readonly string[] {
  const { paint, width } = page;
  const sentence = wrap(reportSentence(report), width).map((line) =>
    paint.verdict(report.verdict, line),
  );
  const blocks = [
    [...sentence, ...serverLine(report, page)],
    ...findingGroups(report).map((group) => groupLines(group, page)),
    unseenLines(report, page),
    restLines(report, page),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i === 0 ? lines : ["", ...lines]));
}

function serverLine({ server, schema }: Report, { paint, width }: Page): readonly string[] {
  if (server === undefined) return [];
  const { version, database, role, inRecovery } = server;
  const words = [
    `PostgreSQL ${version}${inRecovery ? " (a replica)" : ""}, database ${database} as ${role}`,
    ...(schema === undefined
      ? []
      : [`schema ${schema.checksum.slice(0, 19)}${schema.complete ? "" : " (incomplete)"}`]),
  ];
  return wrap(printable(words.join(", ")), width).map((line) => paint.dim(line));
}

function unseenLines(report: Report, page: Page): readonly string[] {
  const groups = unseenGroups(report);
  if (groups.length === 0) return [];
  const asked = report.outcomes.length - notApplicableOf(report).length;
  return [
    page.paint.strong("NOT LOOKED AT"),
    ...groups.flatMap((group) => unseenGroup(group, group.checks.length === asked, page)),
  ];
}

/** Which checks, why, how far they came, and the words to type that cure it. */
function unseenGroup(
  { checks, reason, scope, cure }: UnseenGroup,
  isAll: boolean,
  page: Page,
): readonly string[] {
  const { width } = page;
  const many = isAll ? `all ${checks.length} checks` : count(checks.length, "check");
  const names = checks.length === 1 ? checks.join() : many;
  return [
    ...hang("  ", printable(`${names}: ${reason}`), width),
    ...(scope === "" || scope === "not looked at"
      ? []
      : hang("    ", printable(`Seen: ${scope}`), width)),
    ...(checks.length === 1 || isAll ? [] : hang("    ", checks.join(", "), width)),
    ...cureLines(cure, page),
  ];
}

function cureLines(cure: string | undefined, { width }: Page): readonly string[] {
  if (!cure) return [];
  if (!isCommand(cure)) return hang("    ", printable(cure), width);
  return ["", ...commandLines(cure).map((line) => `      ${line}`), ""];
}

function restLines(report: Report, { paint, width }: Page): readonly string[] {
  const passed = passedOf(report);
  const left = Math.max(...passed.map(({ check }) => columns(check)), 0);
  const absent = Map.groupBy(notApplicableOf(report), ({ reason = "" }) => reason);
  const { ignored } = report.counts;
  return [
    ...passed.flatMap(({ check, scope }) => {
      const [first = "", ...rest] = hang(`ok  ${padded(check, left)}  `, printable(scope), width);
      return [paint.good(first.slice(0, 2)) + first.slice(2), ...rest];
    }),
    ...(ignored === 0
      ? []
      : hang(
          "--  ",
          `${count(ignored, "finding")} hidden by ignore rules: ${ignoredWords(report)}`,
          width,
        )),
    ...[...absent].flatMap(([reason, alike]) =>
      hang("--  ", printable(`${alike.map(({ check }) => check).join(", ")}: ${reason}`), width),
    ),
  ];
}

import type { Alert, Bulletin } from "../../core/alert.ts";
import type { Target } from "../../core/target.ts";
import { definitionLines } from "../evidence.ts";
import { ascii, mailText } from "./alphabets.ts";
import { proofOf } from "./commands.ts";
import { atMost, brief, concise, few, hung, packed } from "./fold.ts";
import { mailColumns, paragraph, sayCounts } from "./mail-layout.ts";
import { shellLines, sqlLines } from "./paste.ts";
import type { AlertSettings } from "./settings.ts";
import { type Depth, type Step, stepsOf } from "./steps.ts";
import { isOver, sayTime, sayTrend, shortId, tagOf } from "./words.ts";

/** What the finding says beyond its sentence, whether it grows, and what it causes. */
export function whatLines(alert: Alert, room: number): readonly string[] {
  const { detail = [], summary } = alert.finding;
  const trend = sayTrend(alert);
  const caused = atMost(alert.consequences, 3);
  const trendLines = trend === undefined ? [] : hung("  Trend  ", mailText(trend), mailColumns);
  const isTrend = alert.samples.length > 1;
  const always = [
    ...(isTrend ? trendLines : []),
    ...(alert.note === undefined ? [] : hung("  Note   ", mailText(alert.note), mailColumns)),
  ];
  const definitions = definitionLines(alert.finding).map((line) =>
    few(hung("  ", ascii.prose(line), mailColumns), 2),
  );
  const told = [
    ...detail.filter((line) => line !== summary).map(entry),
    ...definitions,
    ...caused.shown.map(({ check, summary }) => entry(`Because of it: ${summary} (${check})`)),
    ...caused.more.map((line) => [`  ${line}`]),
    ...(isTrend || trendLines.length === 0 ? [] : [trendLines]),
  ];
  return [...packed(told, Math.max(0, room - always.length)), ...always].slice(0, room);
}

/** A sentence of its own, in at most three lines. */
const entry = (text: string): readonly string[] =>
  paragraph(text, "    ", 3).map((line, i) => (i === 0 ? line.slice(2) : line));

/** Numbered steps with what to paste, and how to know that it worked. */
export function doLines(
  alert: Alert,
  target: Target,
  settings: AlertSettings,
  depth: Depth,
): readonly string[] {
  const steps = stepsOf(alert, target, settings, depth);
  const isBare =
    depth === "look" ? alert.finding.remedy !== undefined : depth === "bare" && steps.length > 2;
  return [
    ...steps.flatMap((step, i) => stepLines(step, i + 1)),
    ...(isBare ? [`  ${depth === "look" ? "What to do" : "The SQL of it"} is in the report.`] : []),
    `  Worked if: ${proofOf(alert)}. A RESOLVED mail follows.`,
  ];
}

function stepLines({ text, paste, remark = "" }: Step, number: number): readonly string[] {
  const indent = `  ${number}. `;
  const said = hung(indent, concise(mailText(text), mailColumns - indent.length, 4), mailColumns);
  const after = paragraph(remark, pasteIndent, 3);
  if (paste === undefined) return [...said, ...after];
  const width = mailColumns - pasteIndent.length;
  const lines =
    paste.language === "shell"
      ? shellLines(ascii.prose(paste.text), width)
      : sqlLines(paste.text, width, ascii).filter((line) => line !== "");
  return [...said, ...lines.map((line) => `${pasteIndent}${line}`), ...after];
}

const pasteIndent = "     ";

/** What was done to the target lately, newest first. */
export function changeLines({ changes, at }: Bulletin, room: number): readonly string[] {
  const { shown, more } = atMost(changes, room);
  if (room === 0) return [];
  return [
    ...shown.flatMap((change) =>
      few(hung(`  ${sayTime(change.at, at)}  `, mailText(change.text), mailColumns), 2),
    ),
    ...more.map((line) => `  ${line}`),
  ];
}

/** The other alerts of this look, a line each; and what is open and was told before. */
export function otherLines(
  { alsoHere, leftOut = 0 }: Bulletin,
  others: readonly Alert[],
  room: number,
): readonly string[] {
  const { shown, more } = atMost(others, room);
  const counts = sayCounts(alsoHere);
  return [
    ...(others.length === 0 ? [] : ["ALSO NOW"]),
    ...shown.map(otherLine),
    ...more.map((line) => `  ${line}`),
    ...(leftOut === 0
      ? []
      : [`AND ${leftOut} MORE  while nobody took messages away: see the digest`]),
    ...(counts === "" ? [] : [`ALSO HERE    ${counts} (unchanged; not repeated)`]),
  ];
}

function otherLine(alert: Alert): string {
  const tail = ` [${shortId(alert.finding.fingerprint)}]`;
  const head = `  ${tagOf(alert)}  `;
  const { summary } = isOver(alert) ? (alert.peak ?? alert.finding) : alert.finding;
  return `${head}${brief(mailText(summary), mailColumns - head.length - tail.length)}${tail}`;
}

/** Checks that are blind for one reason share an entry: nobody reads it twenty times. */
export function unseenLines({ notChecked }: Bulletin, room: number): readonly string[] {
  if (notChecked.length === 0) return [];
  const head = "NOT CHECKED  ";
  if (room === 0) return [`${head}${notChecked.length} of the checks, see the report`];
  const groups = [...Map.groupBy(notChecked, ({ reason }) => reason)].map(([reason, group]) => {
    const [first, ...others] = group;
    return `${others.length === 0 ? first?.check : `${group.length} checks`}: ${reason}`;
  });
  const { shown, more } = atMost(groups, room);
  return [...shown.map(mailText), ...more].flatMap((entry, i) =>
    few(hung(i === 0 ? head : " ".repeat(head.length), entry, mailColumns), room > 1 ? 2 : 1),
  );
}

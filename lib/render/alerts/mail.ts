import type { Alert, Bulletin } from "../../core/alert.ts";
import { sayTarget } from "../../core/target.ts";
import { mailText } from "./alphabets.ts";
import { ends, fold } from "./fold.ts";
import { endingMail } from "./mail-ending.ts";
import {
  footLines,
  mailColumns,
  mailLines,
  mailOfLines,
  paragraph,
  spaced,
  titled,
} from "./mail-layout.ts";
import { changeLines, doLines, otherLines, unseenLines, whatLines } from "./mail-parts.ts";
import type { AlertSettings } from "./settings.ts";
import type { Depth } from "./steps.ts";
import { inOrder, isOver, isToDo, sayBefore, saySince, tagOf } from "./words.ts";

/** How many lines, or entries, each part may take. */
interface Room {
  readonly sentence: number;
  readonly what: number;
  readonly why: number;
  readonly depth: Depth;
  readonly changes: number;
  readonly others: number;
  readonly unseen: number;
}

const ample: Room = {
  sentence: 4,
  what: 9,
  why: 4,
  depth: "whole",
  changes: 4,
  others: 5,
  unseen: 3,
};

/** A verdict is its lines. */
const verdictRoom: Room = { ...ample, what: 26, why: 0 };

/** What gives way, one after the other, where a mail would be too long. */
const economies: readonly Partial<Room>[] = [
  { others: 3 },
  { changes: 2, unseen: 2 },
  { what: 7, why: 3 },
  { depth: "lean" },
  { why: 2 },
  { others: 1, unseen: 1 },
  { what: 5 },
  { why: 1 },
  { changes: 1 },
  { what: 4, sentence: 2 },
  { depth: "gentle" },
  { what: 2 },
  { why: 0 },
  { changes: 0, what: 1 },
  { depth: "bare" },
  { what: 0, unseen: 0 },
  { depth: "look" },
];

/** All that one look at a target has to tell: the worst in full, the rest counted. */
export function mailOf(bulletin: Bulletin, settings: AlertSettings): string {
  const [alert, ...others] = inOrder(bulletin);
  if (isOver(alert)) return mailOfLines(endingMail(bulletin, alert, others, settings));
  let room = alert.status === "verdict" ? verdictRoom : ample;
  let lines = composed(bulletin, alert, others, settings, room);
  for (const economy of economies) {
    if (lines.length <= mailLines) break;
    room = { ...room, ...economy };
    lines = composed(bulletin, alert, others, settings, room);
  }
  return mailOfLines(lines);
}

const composed = (
  bulletin: Bulletin,
  alert: Alert,
  others: readonly Alert[],
  settings: AlertSettings,
  room: Room,
): readonly string[] =>
  spaced([
    headLines(bulletin, alert, room, settings),
    titled("WHAT", whatLines(alert, room.what)),
    titled("WHY IT MATTERS", paragraph(alert.why, "  ", room.why)),
    titled("DO THIS", isToDo(alert) ? doLines(alert, bulletin.target, settings, room.depth) : []),
    titled("WHAT CHANGED JUST BEFORE", changeLines(bulletin, room.changes)),
    [...otherLines(bulletin, others, room.others), ...unseenLines(bulletin, room.unseen)],
    footLines(bulletin, alert, settings),
  ]);

function headLines(
  { target }: Bulletin,
  alert: Alert,
  { sentence }: Room,
  { timezone }: AlertSettings,
): readonly string[] {
  const { finding } = alert;
  const head = `${tagOf(alert)}  ${ends(mailText(sayTarget(target)), 60)}  ${mailText(alert.check)}`;
  const since = `${saySince(alert, timezone)}${sayBefore(alert)}`;
  const first =
    head.length + 2 + since.length <= mailColumns
      ? [`${head}  ${since}`]
      : [...fold(head, mailColumns), since.replace(/^[sa]/, (first) => first.toUpperCase())];
  return [...first, ...paragraph(finding.summary, "", sentence)];
}

import type { Alert, Bulletin } from "../../core/alert.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { count } from "../../core/units.ts";
import { chatCode } from "./alphabets.ts";
import { chatCodeText, chatText, codeLines, codeWord } from "./chat-text.ts";
import { lookCommand, proofOf, quietCommand, runbookOf } from "./commands.ts";
import { atMost } from "./fold.ts";
import { clipped } from "./json-line.ts";
import { sqlLines } from "./paste.ts";
import type { AlertSettings } from "./settings.ts";
import { type Step, stepsOf } from "./steps.ts";
import {
  isOver,
  isToDo,
  sayBefore,
  sayLasted,
  saySince,
  sayTime,
  sayTrend,
  sentenceOf,
  tagOf,
} from "./words.ts";

/**
 * A custom notification of Amazon Q Developer in chat applications. What is not of this shape is
 * dropped without a word.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export interface ChatNotification {
  readonly version: "1.0";
  readonly source: "custom";
  readonly id: string;
  readonly content: {
    readonly textType: "client-markdown";
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources: readonly string[];
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

export const longest = { title: 250, description: 8000, step: 1000 };

/** One card an alert: what, whether it grows, what to paste; in the thread of its incident. */
export function cardOf(
  bulletin: Bulletin,
  alert: Alert,
  settings: AlertSettings,
): ChatNotification {
  const { target } = bulletin;
  const { finding, check, severity, status } = alert;
  const title = `${signOf(alert)} ${headOf(alert)}${chatText(sayTarget(target))}: ${chatText(sentenceOf(alert, target))}`;
  return {
    version: "1.0",
    source: "custom",
    id: printable(alert.id),
    content: {
      textType: "client-markdown",
      title: clipped(title, longest.title),
      description: description(bulletin, alert, settings),
      nextSteps: nextSteps(bulletin, alert, settings),
      keywords: [severity, target.environment, target.name, check].map(printable),
    },
    metadata: {
      threadId: finding.fingerprint,
      summary: clipped(chatText(`${check} on ${sayTarget(target)}`), longest.title),
      eventType: `incident.${status}`,
      relatedResources: [clipped(printable(finding.object.identity), longest.title)],
      additionalContext: { fingerprint: finding.fingerprint, check, severity, status },
    },
  };
}

const headOf = (alert: Alert): string => {
  if (isOver(alert)) return `Resolved after ${sayLasted(alert)}, `;
  return alert.status === "reminded" ? `Still, for ${sayLasted(alert)}, ` : "";
};

export function signOf(alert: Alert): string {
  const tag = tagOf(alert);
  if (tag.endsWith("UNKNOWN") || tag === "UNSEEN" || tag === "UNREADABLE") return ":grey_question:";
  if (isOver(alert)) return ":white_check_mark:";
  if (!isToDo(alert)) return ":information_source:";
  return severitySigns[alert.severity];
}

const severitySigns = {
  critical: ":red_circle:",
  warning: ":large_orange_circle:",
  notice: ":large_blue_circle:",
} as const;

function description(bulletin: Bulletin, alert: Alert, settings: AlertSettings): string {
  const { finding, check, why, peak, note, consequences } = alert;
  const trend = sayTrend(alert);
  const caused = atMost(consequences, 3);
  const changed = atMost(bulletin.changes, 3);
  const head = `*${tagOf(alert)}* ${chatText(check)}, ${saySince(alert)}${sayBefore(alert)}`;
  const facts = isOver(alert)
    ? [
        ...(peak === undefined ? [] : [`*Peak* ${peak.severity}: ${chatText(peak.summary)}`]),
        `*Ended* ${chatText(note ?? "not known by what: the next look found nothing")}`,
      ]
    : [
        ...(finding.detail ?? [])
          .slice(0, alert.status === "verdict" ? 30 : 6)
          .map((line) => `• ${chatText(line)}`),
        ...(trend === undefined ? [] : [`*Trend* ${chatText(trend)}`]),
        ...(note === undefined ? [] : [`*Note* ${chatText(note)}`]),
        ...caused.shown.map(({ summary }) => `*Because of it* ${chatText(summary)}`),
        ...caused.more,
        `*Why it matters* ${chatText(why)}`,
        ...changed.shown.map(
          ({ at, text }) => `*Just before* ${sayTime(at, bulletin.at)} ${chatText(text)}`,
        ),
        ...changed.more,
      ];
  const prose = clipped([head, ...facts].join("\n"), longest.description / 2);
  return [
    prose,
    ...remedies(bulletin, alert, settings, longest.description - prose.length - 200),
  ].join("\n");
}

/** What to paste, as far as there is room: a command is never cut in two. */
function remedies(
  bulletin: Bulletin,
  alert: Alert,
  settings: AlertSettings,
  room: number,
): readonly string[] {
  if (!isToDo(alert)) return [];
  const steps = stepsOf(alert, bulletin.target, settings, "lean").slice(2);
  let left = room;
  return steps.map((step) => {
    const whole = stepText(step);
    const said = whole.length <= left ? whole : clipped(chatText(step.text), Math.max(80, left));
    left -= said.length + 1;
    return left < 0 ? "The rest is in the report." : said;
  });
}

const stepText = ({ text, paste, remark }: Step): string =>
  [
    chatText(text),
    ...(paste === undefined ? [] : [codeLines(sqlLines(paste.text, 100, chatCode))]),
    ...(remark === undefined ? [] : [chatText(remark)]),
  ].join("\n");

function nextSteps(
  { links, target, alsoHere, notChecked }: Bulletin,
  alert: Alert,
  settings: AlertSettings,
): readonly string[] {
  const { owner } = alert;
  const open = alsoHere.critical + alsoHere.warning + alsoHere.notice;
  const contact = owner?.contact === undefined ? "" : `, ${ourText(owner.contact)}`;
  return [
    ...(links.report === undefined ? [] : [`<${chatLink(links.report)}|Open the report>`]),
    ...(isOver(alert)
      ? []
      : [
          `Look: ${codeWord(lookCommand(alert, target, settings))}`,
          owner === undefined
            ? "Owner: the configuration names none"
            : `Owner: ${ourText(owner.name)}${contact}`,
          ...(isToDo(alert) ? [`Worked if: ${proof(alert)}`] : []),
          ...(isToDo(alert) ? [`Quiet: ${codeWord(quietCommand(alert, settings))}`] : []),
          ...runbooks(links.runbook ?? runbookOf(alert, settings)),
        ]),
    ...(open === 0 ? [] : [`Also open here: ${open.toLocaleString("en-US")}`]),
    ...(notChecked.length === 0
      ? []
      : [`Not checked: ${count(notChecked.length, "check")}, see the report`]),
  ].map((step) => clipped(step, longest.step));
}

const proof = (alert: Alert): string => proofOf(alert).replace("step 1", "the look");

/** What the configuration says may link to a channel, and calls nobody. */
const ourText = (text: string): string => chatCodeText(printable(text));

function runbooks(place: string | undefined): readonly string[] {
  if (place === undefined) return [];
  return [`Runbook: ${/^https?:\/\//.test(place) ? `<${chatLink(place)}|open>` : codeWord(place)}`];
}

/** Between `<` and `|`: neither sign may be in it. */
export const chatLink = (url: string): string =>
  printable(url)
    .replace(/[<>|\s]/g, (sign) => encodeURIComponent(sign))
    .replaceAll("&", "&amp;");

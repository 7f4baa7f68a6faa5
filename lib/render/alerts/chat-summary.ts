import type { Alert, Bulletin } from "../../core/alert.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { type ChatNotification, chatLink, longest, signOf } from "./chat.ts";
import { chatText, codeWord } from "./chat-text.ts";
import { incidentsCommand } from "./commands.ts";
import { atMost } from "./fold.ts";
import { clipped } from "./json-line.ts";
import type { AlertSettings } from "./settings.ts";
import { inOrder, shortId, tagOf } from "./words.ts";

/** The alerts of a look that have no card of their own. */
export function summaryCard(
  bulletin: Bulletin,
  rest: readonly Alert[],
  settings: AlertSettings,
): ChatNotification {
  const { target, links } = bulletin;
  const [worst = inOrder(bulletin)[0]] = rest;
  const { shown, more } = atMost(rest, 10);
  const said = chatText(sayTarget(target));
  return {
    version: "1.0",
    source: "custom",
    id: printable(`${bulletin.id}-rest`),
    content: {
      textType: "client-markdown",
      title: clipped(
        `${signOf(worst)} ${said}: ${rest.length.toLocaleString("en-US")} more`,
        longest.title,
      ),
      description: clipped(
        [
          ...shown.map(
            (alert) =>
              `• *${tagOf(alert)}* ${clipped(chatText(alert.finding.summary), 300)} ${codeWord(shortId(alert.finding.fingerprint))}`,
          ),
          ...more,
        ].join("\n"),
        longest.description,
      ),
      nextSteps: [
        ...(links.report === undefined ? [] : [`<${chatLink(links.report)}|Open the report>`]),
        `All of them: ${codeWord(incidentsCommand(settings))}`,
      ],
      keywords: [worst.severity, target.environment, target.name].map(printable),
    },
    metadata: {
      threadId: clipped(printable(sayTarget(target)), 200),
      summary: clipped(`${rest.length} more on ${said}`, longest.title),
      eventType: "incident.summary",
      relatedResources: [],
      additionalContext: { alerts: String(rest.length) },
    },
  };
}

import type { Digest, Message } from "../../core/alert.ts";
import { printable } from "../../core/printable.ts";
import { severities } from "../../core/severity.ts";
import { sayTarget } from "../../core/target.ts";
import { type ChatNotification, longest } from "./chat.ts";
import { chatText, codeWord } from "./chat-text.ts";
import { incidentsCommand } from "./commands.ts";
import { digestMail } from "./digest-mail.ts";
import { digestCounts, headline, openWords, stateLine } from "./digest-words.ts";
import { atMost, brief } from "./fold.ts";
import { clipped, jsonLine } from "./json-line.ts";
import type { AlertSettings } from "./settings.ts";
import { shortId } from "./words.ts";

/** The morning mail, and a card of it; it wakes nobody. */
export function renderDigest(digest: Digest, settings: AlertSettings = {}): readonly Message[] {
  const counts = digestCounts(digest);
  const open = openWords(counts);
  const attributes = attributesOf(digest);
  return [
    {
      id: digest.id,
      topic: "alerts",
      subject: brief(`[DIGEST] ${headline(counts)}; ${open === "" ? "nothing" : open} open`, 99),
      body: digestMail(digest, settings),
      attributes,
    },
    { id: digest.id, topic: "chat", body: jsonLine(cardOf(digest, settings)), attributes },
  ];
}

function attributesOf({ targets }: Digest): Message["attributes"] {
  const environments = [...new Set(targets.map(({ target }) => target.environment))];
  const worst = severities.findLast((severity) => targets.some((target) => target[severity] > 0));
  return {
    status: "digest",
    ...(worst === undefined ? {} : { severity: worst }),
    ...(environments.length === 0 ? {} : { environment: environments.slice(0, 50) }),
  };
}

function cardOf(digest: Digest, settings: AlertSettings): ChatNotification {
  const counts = digestCounts(digest);
  const { shown, more } = atMost(digest.open, 8);
  return {
    version: "1.0",
    source: "custom",
    id: printable(digest.id),
    content: {
      textType: "client-markdown",
      title: clipped(`:newspaper: ${headline(counts)}`, longest.title),
      description: clipped(
        [
          chatText(stateLine(digest, counts)),
          ...shown.map(
            ({ target, alert }) =>
              `• *${alert.severity}* ${chatText(sayTarget(target))}: ${clipped(chatText(alert.finding.summary), 300)} ${codeWord(shortId(alert.finding.fingerprint))}`,
          ),
          ...more,
        ].join("\n"),
        longest.description,
      ),
      nextSteps: [`All of them: ${codeWord(incidentsCommand(settings))}`],
      keywords: ["digest"],
    },
    metadata: {
      threadId: "digest",
      summary: clipped(headline(counts), longest.title),
      eventType: "digest",
      relatedResources: [],
      additionalContext: {},
    },
  };
}

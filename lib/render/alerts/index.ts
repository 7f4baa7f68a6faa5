import type { Alert, Bulletin, Message } from "../../core/alert.ts";
import { attributesOf } from "./attributes.ts";
import { cardOf } from "./chat.ts";
import { summaryCard } from "./chat-summary.ts";
import { eventJson, eventOf } from "./event.ts";
import { jsonLine } from "./json-line.ts";
import { mailOf } from "./mail.ts";
import { pagesOf, statesOf } from "./page.ts";
import type { AlertSettings } from "./settings.ts";
import { subjectOf } from "./subject.ts";
import { tamed } from "./tame.ts";
import { inOrder } from "./words.ts";

/** So many incidents of one look have a card of their own; the rest share one. */
const mostCards = 5;

/** So many wake somebody; who is up already reads the rest in the mail. An end is always told. */
const mostAlarms = 10;

/** A bulletin for every topic: who wants which is the affair of subscriptions. */
export function renderBulletin(whole: Bulletin, settings: AlertSettings = {}): readonly Message[] {
  const bulletin = tamed(whole);
  const alerts = inOrder(bulletin);
  const alarming = alerts.filter((alert) => statesOf(alert).includes("ALARM"));
  const untold = new Set(alarming.slice(mostAlarms));
  return [
    mail(bulletin, alerts, settings),
    ...chats(bulletin, alerts, settings),
    ...alerts
      .filter((alert) => !untold.has(alert))
      .flatMap((alert) => pagesOf(bulletin, alert, settings, eventJson(eventOf(bulletin, alert)))),
    ...inOrder(whole).map((alert) => event(whole, alert)),
  ];
}

const mail = (bulletin: Bulletin, alerts: readonly Alert[], settings: AlertSettings): Message => ({
  id: bulletin.id,
  topic: "alerts",
  subject: subjectOf(bulletin),
  body: mailOf(bulletin, settings),
  attributes: attributesOf(bulletin, alerts),
});

function chats(
  bulletin: Bulletin,
  alerts: readonly Alert[],
  settings: AlertSettings,
): readonly Message[] {
  const rest = alerts.slice(mostCards);
  const summary = rest.length === 0 ? [] : [summaryCard(bulletin, rest, settings)];
  return [
    ...alerts.slice(0, mostCards).map((alert) => ({
      id: alert.id,
      topic: "chat" as const,
      body: jsonLine(cardOf(bulletin, alert, settings)),
      attributes: attributesOf(bulletin, [alert]),
    })),
    ...summary.map((card) => ({
      id: card.id,
      topic: "chat" as const,
      body: jsonLine(card),
      attributes: attributesOf(bulletin, rest),
    })),
  ];
}

const event = (bulletin: Bulletin, alert: Alert): Message => ({
  id: alert.id,
  topic: "events",
  body: eventJson(eventOf(bulletin, alert)),
  attributes: attributesOf(bulletin, [alert]),
});

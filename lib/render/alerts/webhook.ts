import * as z from "zod";
import type { Message } from "../../core/alert.ts";
import type { WebhookFormat } from "../../core/subscription.ts";
import { chatCodeText } from "./chat-text.ts";
import { pagerDutyEvent } from "./events-v2.ts";
import { clipped, jsonLine } from "./json-line.ts";
import type { AlertSettings } from "./settings.ts";

interface WebhookBody {
  readonly type: "application/json" | "text/plain; charset=utf-8";
  readonly body: string;
}

/** @param key PagerDuty's routing key */
export function webhookBody(
  message: Message,
  format: WebhookFormat,
  settings: AlertSettings,
  key = "",
): WebhookBody {
  const { topic, body } = message;
  if (format === "pagerduty" && topic === "page") {
    return json(pagerDutyEvent(message, key, settings));
  }
  if (format === "slack" && topic === "alerts") return json({ text: mailAsText(message) });
  if (format === "slack" && topic === "chat") return json({ text: cardAsText(body) });
  return topic === "alerts"
    ? { type: "text/plain; charset=utf-8", body: `${message.subject ?? ""}\n\n${body}` }
    : { type: "application/json", body };
}

const json = (value: unknown): WebhookBody => ({
  type: "application/json",
  body: jsonLine(value),
});

/** Slack cuts a text at 40,000 characters. */
const mostText = 39_000;

/** A mail in a chat keeps its columns. */
const mailAsText = ({ subject = "", body }: Message): string =>
  [
    `*${chatCodeText(subject).replaceAll("*", "'")}*`,
    "```",
    clipped(chatCodeText(body.trimEnd()).replaceAll("`", "'"), mostText),
    "```",
  ].join("\n");

const card = z.object({
  content: z.object({
    title: z.string().optional(),
    description: z.string(),
    nextSteps: z.array(z.string()).default([]),
  }),
});

/** Amazon Q's markdown is Slack's own. */
function cardAsText(body: string): string {
  const { title, description, nextSteps } = card.parse(JSON.parse(body)).content;
  const lines = [
    ...(title === undefined ? [] : [`*${title}*`]),
    description,
    ...nextSteps.map((step) => `• ${step}`),
  ];
  return clipped(lines.join("\n"), mostText);
}

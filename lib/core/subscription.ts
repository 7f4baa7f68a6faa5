import type { Message, Topic } from "./alert.ts";
import { matches } from "./ignore.ts";

/** What a webhook takes: the message as it is, a text as Slack takes it, or PagerDuty's events. */
export const webhookFormats = ["raw", "slack", "pagerduty"] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

/** A program wants events, a chat wants cards, and PagerDuty pages. */
export const topicFor: Readonly<Record<WebhookFormat, Topic>> = {
  raw: "events",
  slack: "chat",
  pagerduty: "page",
};

export const formatFor: Readonly<Record<Topic, WebhookFormat>> = {
  alerts: "slack",
  chat: "slack",
  page: "pagerduty",
  events: "raw",
};

/** What a subscription wants to hear; what it does not name it takes all of. */
export interface Wishes {
  readonly severity?: readonly string[] | undefined;
  readonly environment?: readonly string[] | undefined;
  /** Patterns. */
  readonly target?: readonly string[] | undefined;
  readonly owner?: readonly string[] | undefined;
  /** Patterns. */
  readonly check?: readonly string[] | undefined;
}

const names = ["severity", "environment", "target", "owner", "check"] as const;

/** As SNS filters by attributes: each that is named must fit, by one of its values. */
export const isWanted = (wishes: Wishes, { attributes }: Pick<Message, "attributes">): boolean =>
  names.every((name) => {
    const wanted = wishes[name];
    const values = [attributes[name] ?? []].flat();
    return (
      wanted === undefined ||
      values.some((value) => wanted.some((pattern) => matches(pattern, value)))
    );
  });

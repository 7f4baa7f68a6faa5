import { UsageError } from "../../core/errors.ts";
import type { Flag, Words } from "../command.ts";

/** Where alerts go to. */
export const alertFlags = {
  alerts: {
    type: "text",
    value: "DIR",
    summary: "Write what is to be told into a folder, as mail, chat, page and event",
    completes: "folder",
  },
  webhook: {
    type: "text",
    value: "[FORMAT:]NAME",
    repeatable: true,
    summary:
      "Send it to the address that a variable holds: slack:NAME, pagerduty:NAME or raw:NAME; slack otherwise",
  },
  send: {
    type: "switch",
    summary: "Send it to the webhooks of the configuration: alerts.subscriptions with httpsEnv",
  },
} as const satisfies Readonly<Record<string, Flag>>;

export const wantsAlerts = (words: Words): boolean =>
  Object.keys(alertFlags).some((flag) => words.has(flag));

export const withoutStore = (): UsageError =>
  new UsageError(
    "alerts are about what begins and ends, and no store remembers what was",
    "--store DIR, or store: in the configuration",
  );

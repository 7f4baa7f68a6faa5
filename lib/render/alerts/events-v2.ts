import * as z from "zod";
import type { Message } from "../../core/alert.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { lookCommand, proofOf, quietCommand, runbookOf } from "./commands.ts";
import { type AlertEvent, eventSchema } from "./event.ts";
import { clipped } from "./json-line.ts";
import type { AlertSettings } from "./settings.ts";
import { stepsOf } from "./steps.ts";
import { isOver, saySince, sayTrend, sentenceOf, tagOf } from "./words.ts";

/**
 * What PagerDuty's Events API v2 takes: triggers and ends by `dedup_key`, the fingerprint.
 * Characters: summary 1024, dedup_key 255.
 * https://developer.pagerduty.com/docs/send-alert-event
 */
export interface PagerDutyEvent {
  readonly routing_key: string;
  readonly event_action: "trigger" | "resolve";
  readonly dedup_key: string;
  readonly payload: {
    readonly summary: string;
    readonly source: string;
    readonly severity: "critical" | "warning" | "info";
    readonly timestamp?: string;
    readonly component?: string;
    readonly group?: string;
    readonly class?: string;
    readonly custom_details: Readonly<Record<string, string>>;
  };
  readonly links: readonly { readonly href: string; readonly text: string }[];
  readonly client: "pgvigil";
}

const severities = { critical: "critical", warning: "warning", notice: "info" } as const;

/** Of a page; one that had to be said plainly still names its incident. */
export function pagerDutyEvent(
  page: Message,
  routingKey: string,
  settings: AlertSettings,
): PagerDutyEvent {
  const action = page.subject?.startsWith("OK") ? "resolve" : "trigger";
  const head = { routing_key: routingKey, event_action: action, client: "pgvigil" } as const;
  const event = page.event === undefined ? undefined : eventSchema.parse(JSON.parse(page.event));
  return { ...head, ...(event === undefined ? plainEvent(page) : wholeEvent(event, settings)) };
}

type Content = Pick<PagerDutyEvent, "dedup_key" | "payload" | "links">;

function plainEvent({ body, attributes, id }: Message): Content {
  const { AlarmName: name, NewStateReason: reason } = plainAlarm.parse(JSON.parse(body));
  const severity = [attributes.severity].flat();
  return {
    dedup_key: /\[([0-9a-f]{16})\]$/.exec(name)?.[1] ?? id.slice(0, 255),
    payload: {
      summary: clipped(reason, 1024),
      source: clipped(String(attributes.target ?? "pgvigil"), 255),
      severity: severity.includes("critical") ? "critical" : "warning",
      custom_details: {},
    },
    links: [],
  };
}

const plainAlarm = z.object({ AlarmName: z.string(), NewStateReason: z.string() });

function wholeEvent(event: AlertEvent, settings: AlertSettings): Content {
  const { alert, target, links } = event;
  const { finding, check, severity, at, owner } = alert;
  const said = printable(sayTarget(target));
  const summary = `[${tagOf(alert)}] ${said}: ${printable(sentenceOf(alert, target))} (${check})`;
  return {
    dedup_key: finding.fingerprint,
    payload: {
      summary: clipped(summary, 1024),
      source: clipped(said, 255),
      severity: severities[severity],
      timestamp: at,
      component: clipped(printable(finding.object.identity), 255),
      group: clipped(printable(owner?.name ?? target.environment), 255),
      class: clipped(printable(check), 255),
      custom_details: details(event, settings),
    },
    links: [
      ...(links.report === undefined ? [] : [{ href: links.report, text: "Report" }]),
      ...(links.runbook === undefined ? [] : [{ href: links.runbook, text: "Runbook" }]),
    ],
  };
}

function details(
  { alert, target, changes, notChecked, run }: AlertEvent,
  settings: AlertSettings,
): PagerDutyEvent["payload"]["custom_details"] {
  const { finding, owner, why } = alert;
  const facts: Readonly<Record<string, string | undefined>> = {
    since: saySince(alert),
    what: finding.detail?.slice(0, 5).join("\n"),
    trend: sayTrend(alert),
    why,
    look: lookCommand(alert, target, settings),
    owner: owner === undefined ? undefined : `${owner.name} ${owner.contact ?? ""}`.trim(),
    "do this": isOver(alert)
      ? undefined
      : stepsOf(alert, target, settings, "lean")
          .slice(2)
          .map(({ text, paste }) => `${text}\n${paste?.text ?? ""}`.trim())
          .join("\n\n"),
    "worked if": isOver(alert) ? undefined : proofOf(alert).replace("step 1", "the look"),
    "just before": changes
      .slice(0, 3)
      .map(({ at, text }) => `${at} ${text}`)
      .join("\n"),
    "not checked": notChecked
      .slice(0, 5)
      .map(({ check, reason }) => `${check}: ${reason}`)
      .join("\n"),
    quiet: quietCommand(alert, settings),
    runbook: runbookOf(alert, settings),
    run: run?.id,
  };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, text]) =>
      text === undefined || text === "" ? [] : [[name, clipped(text, 4000)]],
    ),
  );
}

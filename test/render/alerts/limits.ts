import * as z from "zod";
import type { Message } from "../../../lib/core/alert.ts";
import { eventSchema } from "../../../lib/render/alerts/event.ts";
import { webhookBody } from "../../../lib/render/alerts/webhook.ts";

/**
 * What Amazon Q Developer in chat applications takes as a custom notification:
 * docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html, "Event schema". Anything else
 * is dropped without a word. Title and description as public senders cut them: 250, 8000.
 */
const customNotification = z.strictObject({
  version: z.literal("1.0"),
  source: z.literal("custom"),
  id: z.string().optional(),
  content: z.strictObject({
    textType: z.literal("client-markdown").optional(),
    title: z.string().max(250).optional(),
    description: z.string().min(1).max(8000),
    nextSteps: z.array(z.string().min(1)).optional(),
    keywords: z.array(z.string()).optional(),
  }),
  metadata: z
    .strictObject({
      threadId: z.string().min(1).optional(),
      summary: z.string().optional(),
      eventType: z.string().optional(),
      relatedResources: z.array(z.string()).optional(),
      additionalContext: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
});

/**
 * What PagerDuty's Amazon CloudWatch integration reads, as far as anybody has written it down: a
 * subject that begins with the state, a body in strict JSON that says the same, the alarm's name.
 * The other fields are CloudWatch's own.
 */
const alarm = z.strictObject({
  AlarmName: z.string().min(1).max(255),
  AlarmDescription: z.string().max(1024),
  AWSAccountId: z.string().regex(/^\d{12}$/),
  AlarmConfigurationUpdatedTimestamp: z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]{12}\+0000$/),
  NewStateValue: z.enum(["ALARM", "OK"]),
  NewStateReason: z.string().min(1).max(1023),
  StateChangeTime: z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]{12}\+0000$/),
  Region: z.string().min(1),
  AlarmArn: z.string().regex(/^arn:aws:cloudwatch:[^:]+:\d{12}:alarm:\S+$/),
  OldStateValue: z.enum(["ALARM", "OK"]),
  OKActions: z.array(z.string()),
  AlarmActions: z.array(z.string()),
  InsufficientDataActions: z.array(z.string()),
  Trigger: z.looseObject({ MetricName: z.string(), Namespace: z.string(), Threshold: z.number() }),
});

/**
 * The Events API v2, https://developer.pagerduty.com/docs/send-alert-event: an event of at most
 * 512 KB. An unknown field is an error here, not there.
 */
const pagerDuty = z.strictObject({
  routing_key: z.string().length(32),
  event_action: z.enum(["trigger", "acknowledge", "resolve"]),
  dedup_key: z.string().min(1).max(255),
  payload: z.strictObject({
    summary: z.string().min(1).max(1024),
    source: z.string().min(1),
    severity: z.enum(["critical", "error", "warning", "info"]),
    timestamp: z.iso.datetime().optional(),
    component: z.string().optional(),
    group: z.string().optional(),
    class: z.string().optional(),
    custom_details: z.record(z.string(), z.string()).optional(),
  }),
  links: z.array(z.strictObject({ href: z.url(), text: z.string() })).optional(),
  client: z.string().optional(),
});

const routingKey = "R0123456789abcdefghijklmnopqrstu";

function pagerDutyFaults(page: Message): readonly string[] {
  const { body } = webhookBody(page, "pagerduty", {}, routingKey);
  const parsed = pagerDuty.safeParse(JSON.parse(body));
  if (!parsed.success) return [`PagerDuty: ${z.prettifyError(parsed.error)}`];
  const { event_action: action, dedup_key: key } = parsed.data;
  const isOk = page.subject?.startsWith("OK") === true;
  return [
    ...(Buffer.byteLength(body) > 512_000 ? ["PagerDuty: too large"] : []),
    ...(isOk === (action === "resolve") ? [] : [`PagerDuty: ${action} for ${page.subject}`]),
    ...(page.body.includes(key) ? [] : ["the alarm and PagerDuty name different incidents"]),
  ];
}

/** Every limit that a message breaks, in words; none where it can be sent. */
export function faultsOf(message: Message): readonly string[] {
  const { id, topic, subject, body, attributes } = message;
  const faults = [...subjectFaults(message), ...attributeFaults(attributes)];
  const bytes = Buffer.byteLength(body) + Buffer.byteLength(JSON.stringify(attributes));
  if (bytes > 256 * 1024) faults.push(`${bytes} bytes`);
  if (id === "") faults.push("no id");
  if (topic === "alerts") return [...faults, ...mailFaults(body)];
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return [...faults, "no JSON"];
  }
  if (/[\n\r\u2028\u202e\u200b]/.test(body)) faults.push("an unseen character in the JSON");
  const schema = { chat: customNotification, page: alarm, events: eventSchema }[topic];
  const parsed = schema.safeParse(json);
  if (!parsed.success) faults.push(z.prettifyError(parsed.error));
  if (topic === "page" && subject?.startsWith(`${alarm.parse(json).NewStateValue}: "`) !== true) {
    faults.push(`subject and body disagree: ${subject}`);
  }
  return topic === "page" ? [...faults, ...pagerDutyFaults(message)] : faults;
}

function subjectFaults({ topic, subject }: Message): string[] {
  if (topic === "chat" || topic === "events") return subject === undefined ? [] : ["a subject"];
  if (subject === undefined) return ["no subject"];
  const isFine = subject.length < 100 && /^[\x20-\x7e]+$/.test(subject);
  return isFine ? [] : [`subject of ${subject.length}: ${subject}`];
}

const attributeFaults = (attributes: Message["attributes"]): readonly string[] =>
  Object.entries(attributes).flatMap(([name, value]) =>
    value.length === 0 || [value].flat().some((each) => each === "")
      ? [`attribute ${name} is empty`]
      : [],
  );

/** A line to paste, or an address: never broken where it would not work any more. */
const isWhole = (line: string): boolean => /^ {5,}.*["']|^(Report|Runbook|Look) +\S/.test(line);

function mailFaults(body: string): readonly string[] {
  const lines = body.trimEnd().split("\n");
  return [
    ...(lines.length > 40 ? [`${lines.length} lines`] : []),
    ...lines
      .filter((line) => !/^[\x20-\x7e]*$/.test(line) || (line.length > 72 && !isWhole(line)))
      .map((line) => `line: ${line}`),
    ...(/\n\n\n/.test(body) ? ["two empty lines"] : []),
  ];
}

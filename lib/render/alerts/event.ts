import * as z from "zod";
import { type Alert, alertSchema, type Bulletin, bulletinSchema } from "../../core/alert.ts";
import { bytesOf, jsonLine, mostBytes } from "./json-line.ts";

/** One transition of one incident, for programs: the alert, and what was known beside it. */
export const eventSchema = z.looseObject({
  $schema: z.string().optional(),
  schemaVersion: z.literal(1),
  ...bulletinSchema.pick({
    target: true,
    run: true,
    changes: true,
    notChecked: true,
    watch: true,
    links: true,
  }).shape,
  bulletin: z.string(),
  alert: alertSchema,
  /** Something was left out, for SNS takes 256 KiB; the report has it. */
  isShortened: z.literal(true).optional(),
});
export type AlertEvent = z.infer<typeof eventSchema>;

const schema = "./node_modules/pgvigil/schema/event.schema.json";

/** Room for the attributes, and for what an envelope adds by escaping. */
const fits = Math.floor(mostBytes * 0.75);

export function eventOf(
  { id, target, run, changes, notChecked, watch, links }: Bulletin,
  alert: Alert,
): AlertEvent {
  return {
    $schema: schema,
    schemaVersion: 1,
    bulletin: id,
    target,
    run,
    alert,
    changes,
    notChecked,
    watch,
    links,
  };
}

/** The event in JSON; what makes it too large gives way: evidence, then texts. */
export function eventJson(event: AlertEvent): string {
  for (const shorten of [whole, withoutEvidence, bareEvent]) {
    const shortened = shorten(event);
    if (JSON.stringify(shortened).length > fits) continue;
    const text = jsonLine(shortened);
    if (bytesOf(text) <= fits) return text;
  }
  return jsonLine(skeletonEvent(event));
}

const whole = (event: AlertEvent): AlertEvent => event;

const withoutEvidence = ({ alert, ...event }: AlertEvent): AlertEvent => ({
  ...event,
  isShortened: true,
  changes: event.changes.slice(0, 20),
  notChecked: event.notChecked.slice(0, 20),
  alert: {
    ...alert,
    finding: { ...alert.finding, evidence: {} },
    samples: alert.samples.slice(-100),
    consequences: alert.consequences.slice(0, 20),
  },
});

const mostText = 4000;
const cut = (text: string): string => text.slice(0, mostText);

function bareEvent(event: AlertEvent): AlertEvent {
  const { alert, ...rest } = withoutEvidence(event);
  const { remedy: _, detail = [], ...finding } = alert.finding;
  return {
    ...rest,
    changes: [],
    notChecked: [],
    alert: {
      ...alert,
      consequences: [],
      finding: {
        ...finding,
        summary: cut(finding.summary),
        detail: detail.slice(0, 5).map(cut),
      },
      ...(alert.peak === undefined
        ? {}
        : { peak: { ...alert.peak, summary: cut(alert.peak.summary) } }),
    },
  };
}

/** Whatever made it too large even so, the incident is named. */
function skeletonEvent(event: AlertEvent): AlertEvent {
  const { $schema, schemaVersion, bulletin, alert } = bareEvent(event);
  const { id, status, at, check, severity, finding, openedAt, resolvedAt } = alert;
  const { fingerprint, object } = finding;
  return {
    $schema,
    schemaVersion,
    isShortened: true,
    bulletin: cut(bulletin),
    target: {
      environment: cut(event.target.environment),
      name: cut(event.target.name),
    },
    changes: [],
    notChecked: [],
    links: {},
    alert: {
      id: cut(id),
      status,
      at,
      check: cut(check),
      title: cut(alert.title),
      why: cut(alert.why),
      severity,
      finding: {
        fingerprint,
        object: { kind: cut(object.kind), identity: cut(object.identity) },
        severity,
        summary: cut(finding.summary),
        evidence: {},
      },
      openedAt,
      ...(resolvedAt === undefined ? {} : { resolvedAt }),
      samples: [],
      consequences: [],
    },
  };
}

import type { Alert } from "../core/alert.ts";
import type { IncidentDocument } from "./document.ts";

type Outbox = IncidentDocument["outbox"];
type Queue = IncidentDocument["queue"];

/** Characters of JSON. With all else that it holds, a document stays below a megabyte. */
const mostOutbox = 400_000;
const mostQueue = 250_000;

/**
 * Where nobody takes messages away for days, or one look finds a thousand things: first the details
 * go, which are in the report, then what is not critical, oldest first, counted. What is critical
 * stays.
 */
export function withinBounds(document: IncidentDocument): IncidentDocument {
  const outbox = boundedOutbox(document.outbox);
  const queue = boundedQueue(document.queue);
  return outbox === document.outbox && queue === document.queue
    ? document
    : { ...document, outbox, queue };
}

const sizeOf = (value: unknown): number => JSON.stringify(value).length;

const isOver = (all: readonly unknown[], most: number): boolean => {
  let size = 0;
  return all.some((each) => {
    size += sizeOf(each);
    return size > most;
  });
};

function boundedOutbox(outbox: Outbox): Outbox {
  if (!isOver(outbox, mostOutbox)) return outbox;
  const lean = outbox.map((one) => withAlerts(one, one.bulletin.alerts.map(leaned)));
  let excess = lean.reduce((sum, one) => sum + sizeOf(one), 0) - mostOutbox;
  let leftOut = 0;
  const last = lean.length - 1;
  const kept = lean.flatMap((one, i) => {
    if (excess <= 0) return [one];
    const alerts = one.bulletin.alerts.filter((alert, place) => {
      // One stays, to say how many went.
      if (excess <= 0 || isCritical(alert) || (i === last && place === 0)) return true;
      excess -= sizeOf(alert);
      leftOut += 1;
      return false;
    });
    if (alerts.length > 0) return [withAlerts(one, alerts)];
    leftOut += one.bulletin.leftOut ?? 0;
    excess -= sizeOf(one);
    return [];
  });
  const newest = kept.pop();
  if (newest === undefined || leftOut === 0) return lean;
  const before = newest.bulletin.leftOut ?? 0;
  const bulletin = { ...newest.bulletin, leftOut: before + leftOut };
  return [...kept, { ...newest, bulletin }];
}

const withAlerts = (one: Outbox[number], alerts: Alert[]): Outbox[number] => ({
  ...one,
  bulletin: { ...one.bulletin, alerts },
});

/** What is open is in the digest anyway: of what waits for it the oldest goes first. */
function boundedQueue(queue: Queue): Queue {
  if (!isOver(queue, mostQueue)) return queue;
  const lean = queue.map((one) => ({ ...one, alert: leaned(one.alert) }));
  let excess = lean.reduce((sum, one) => sum + sizeOf(one), 0) - mostQueue;
  const kept = lean.filter((one) => {
    if (excess <= 0 || isCritical(one.alert)) return true;
    excess -= sizeOf(one);
    return false;
  });
  return kept;
}

const isCritical = ({ severity, before, peak, status }: Alert): boolean =>
  [severity, before, peak?.severity].includes("critical") ||
  status === "unseen" ||
  status === "unreadable" ||
  status === "verdict";

const longest = 400;

/** As much of it as a line in a mail needs, and an event to be told apart by. */
function leaned(alert: Alert): Alert {
  const { object, severity, fingerprint, evidence, measure, remedy, summary } = alert.finding;
  return {
    ...alert,
    why: "",
    samples: alert.samples.slice(-2),
    consequences: [],
    finding: {
      ...{ object, severity, fingerprint, summary: cut(summary) },
      evidence: sizeOf(evidence) > longest ? {} : evidence,
      ...(measure === undefined ? {} : { measure }),
      ...(remedy === undefined ? {} : { remedy: { summary: cut(remedy.summary) } }),
    },
  };
}

const cut = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest - 3)}...` : text;

import type { Alert, Bulletin } from "../core/alert.ts";
import { isBlind } from "../core/outcome.ts";
import type { Report, RunDocument } from "../core/report.ts";
import { rank } from "../core/severity.ts";
import { openBySeverity } from "./asleep.ts";
import { withinBounds } from "./bounds.ts";
import type { IncidentDocument } from "./document.ts";
import { isOfSight } from "./fleet.ts";
import { idOf } from "./ids.ts";
import type { Moment, Telling } from "./moment.ts";

/** What a bulletin says of the look behind it. */
export interface Behind {
  readonly run?: Bulletin["run"];
  readonly notChecked: Bulletin["notChecked"];
  /** One of several targets of a run: what cannot be seen is told over all of them. */
  readonly isOfSeveral?: boolean;
}

export const runBulletin = (run: RunDocument["run"], report: Report): Behind => ({
  run: { id: run.id, profile: run.profile, at: report.startedAt, pgvigil: run.pgvigil },
  notChecked: report.outcomes.filter(isBlind).map(({ check, reason = "", cure }) => ({
    check,
    reason,
    ...(cure === undefined ? {} : { cure }),
  })),
});

/** Puts what is to be said where it is said from: the outbox, or the queue of the next digest. */
export function withBulletin(
  document: IncidentDocument,
  tellings: readonly Telling[],
  behind: Behind,
  moment: Moment,
): IncidentDocument {
  const now = tellings.filter(({ how }) => how === "now").map(({ alert }) => alert);
  const later = tellings.filter(({ how }) => how === "digest").map(({ alert }) => alert);
  const queue = [...document.queue, ...later.map(queued)];
  if (now.length === 0) return later.length === 0 ? document : withinBounds({ ...document, queue });
  const apart = behind.isOfSeveral === true ? now.filter(isOfSight) : [];
  const here = now.filter((alert) => !apart.includes(alert));
  const outgoing = [here, apart]
    .filter(({ length }) => length > 0)
    .map((alerts) => ({
      bulletin: bulletinOf(document, alerts.toSorted(worstFirst), behind, moment),
      taken: [],
    }));
  return withinBounds({ ...document, queue, outbox: [...document.outbox, ...outgoing] });
}

const ended: readonly Alert["status"][] = ["resolved", "eased"];

const queued = (alert: Alert): IncidentDocument["queue"][number] => ({
  kind: ended.includes(alert.status) ? "ended" : "began",
  alert,
});

/** What is over comes after what is not. */
const worstFirst = (a: Alert, b: Alert): number =>
  Number(a.status === "resolved") - Number(b.status === "resolved") ||
  rank(b.severity) - rank(a.severity) ||
  (a.finding.object.identity < b.finding.object.identity ? -1 : 1);

function bulletinOf(
  document: IncidentDocument,
  alerts: readonly Alert[],
  { run, notChecked }: Behind,
  { at, target, policy }: Moment,
): Bulletin {
  const told = new Set(alerts.map(({ finding }) => finding.fingerprint));
  const open = openBySeverity(document);
  for (const incident of Object.values(document.incidents)) {
    const { state, under, fingerprint, severity } = incident;
    if (state === "open" && under === undefined && told.has(fingerprint)) open[severity] -= 1;
  }
  const { watch } = policy;
  const deployment = watch && {
    ...{ at: watch.since, kind: "deployment" as const, text: `Deployment ${watch.deploy} began` },
  };
  return {
    id: idOf("bulletin", ...alerts.map(({ id }) => id)),
    at,
    target,
    ...(run === undefined ? {} : { run }),
    alerts: [...alerts],
    changes: [...document.changes, ...(deployment === undefined ? [] : [deployment])].sort(
      (a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0),
    ),
    alsoHere: open,
    notChecked: [...notChecked],
    ...(watch === undefined
      ? {}
      : { watch: { id: watch.id, deploy: watch.deploy, since: watch.since } }),
    links: {},
  };
}

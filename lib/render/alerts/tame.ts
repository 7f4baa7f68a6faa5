import type { Alert, Bulletin } from "../../core/alert.ts";
import type { Remedy } from "../../core/finding.ts";
import { clipped } from "./json-line.ts";

/** Characters. What is longer is nothing that a person reads in a message. */
const most = { prose: 1000, name: 200, sql: 6000, link: 1000, entries: 30 };

const prose = (text: string): string => clipped(text, most.prose);
const name = (text: string): string => clipped(text, most.name);

/**
 * A bulletin as people are told it: texts of a length that is read. SQL is never cut: what is too
 * long for a message stands in the report.
 */
export function tamed(bulletin: Bulletin): Bulletin {
  const { target, run, alerts, changes, notChecked, watch, links } = bulletin;
  const { report, runbook } = links;
  return {
    ...bulletin,
    target: { environment: name(target.environment), name: name(target.name) },
    ...(run === undefined ? {} : { run: { ...run, id: name(run.id), pgvigil: name(run.pgvigil) } }),
    alerts: alerts.map(tamedAlert),
    changes: changes.map((change) => ({ ...change, text: prose(change.text) })),
    notChecked: notChecked.map(({ check, reason }) => ({
      check: name(check),
      reason: prose(reason),
    })),
    ...(watch === undefined
      ? {}
      : { watch: { ...watch, id: name(watch.id), deploy: name(watch.deploy) } }),
    links: {
      ...(report === undefined || report.length > most.link ? {} : { report }),
      ...(runbook === undefined || runbook.length > most.link ? {} : { runbook }),
    },
  };
}

function tamedAlert(alert: Alert): Alert {
  const { finding, owner, peak, note, consequences } = alert;
  const { object, detail, measure, remedy } = finding;
  return {
    ...alert,
    check: name(alert.check),
    title: prose(alert.title),
    why: prose(alert.why),
    finding: {
      ...finding,
      object: { ...object, identity: prose(object.identity) },
      summary: prose(finding.summary),
      ...(detail === undefined ? {} : { detail: detail.slice(0, most.entries).map(prose) }),
      evidence: definitions(finding.evidence),
      ...(measure === undefined ? {} : { measure: { ...measure, of: name(measure.of) } }),
      ...(remedy === undefined ? {} : { remedy: tamedRemedy(remedy) }),
    },
    consequences: consequences.map(({ check, summary }) => ({
      check: name(check),
      summary: prose(summary),
    })),
    ...(peak === undefined ? {} : { peak: { ...peak, summary: prose(peak.summary) } }),
    ...(note === undefined ? {} : { note: prose(note) }),
    ...(owner === undefined
      ? {}
      : {
          owner: {
            name: name(owner.name),
            ...(owner.contact === undefined ? {} : { contact: name(owner.contact) }),
          },
        }),
  };
}

/** Of the evidence messages show what an object was and is, or what is full; the rest is said. */
const definitions = (evidence: Alert["finding"]["evidence"]): Alert["finding"]["evidence"] =>
  Object.fromEntries(
    ["before", "after", "full"].flatMap((side) => {
      const text = evidence[side];
      return typeof text === "string" ? [[side, clipped(text, 4 * most.prose)]] : [];
    }),
  );

const isShort = (sql: string | undefined): sql is string =>
  sql !== undefined && sql.length <= most.sql;

function tamedRemedy({ summary, sql, lock, undo, otherwise }: Remedy): Remedy {
  return {
    summary: prose(summary),
    ...(isShort(sql) ? { sql } : {}),
    ...(lock === undefined ? {} : { lock: prose(lock) }),
    ...(isShort(undo) ? { undo } : {}),
    ...(otherwise === undefined || !isShort(otherwise.sql)
      ? {}
      : { otherwise: { summary: prose(otherwise.summary), sql: otherwise.sql } }),
  };
}

import { sayTarget } from "../../core/target.ts";
import { sayTime } from "../../core/units.ts";
import { factsOf } from "../../incidents/alert.ts";
import type { IncidentDocument } from "../../incidents/document.ts";
import type { Incident } from "../../incidents/incident.ts";
import { ownerOf, type Policy } from "../../incidents/policy.ts";
import { isAccepted } from "../../incidents/transition.ts";
import type { IncidentRow } from "../../render/incident-table.ts";
import type { IncidentStory } from "../../render/post-mortem.ts";

/** Incidents and what checks cannot say, as people list them. */
export function rowsOf(
  { target, incidents, unknown }: IncidentDocument,
  at: string,
  all: boolean,
): readonly IncidentRow[] {
  const name = sayTarget(target);
  const listed = Object.values(incidents).filter(({ state }) => all || state === "open");
  return [
    ...listed.map((incident) => ({
      ...{ fingerprint: incident.fingerprint, target: name, check: incident.check },
      ...{ severity: incident.severity, openedAt: incident.openedAt },
      state: stateOf(incident, at),
      summary: incident.finding.summary,
    })),
    ...Object.values(unknown).map(({ fingerprint, check, reason, since, ack }) => ({
      ...{ fingerprint, target: name, check, severity: "warning" as const, openedAt: since },
      state: ack === undefined ? "unknown" : `unknown, accepted by ${ack.by}: ${ack.why}`,
      summary: `${check} cannot say: ${reason}`,
    })),
  ];
}

function stateOf(incident: Incident, at: string): string {
  const { state, resolvedAt, ack, known, flapping, under, isDayOne } = incident;
  if (state === "resolved") {
    const ended = `ended ${sayTime(resolvedAt ?? at)}`;
    return flapping === undefined ? ended : `${ended}, comes and goes`;
  }
  if (isAccepted(incident, at)) {
    const { by, why, until } = (known === undefined ? ack : known) ?? { by: "", why: "" };
    return until === undefined
      ? `known, by ${by}: ${why}`
      : `acknowledged by ${by} until ${sayTime(until)}: ${why}`;
  }
  if (under !== undefined) return `told with ${under.slice(0, 8)}, which causes it`;
  if (flapping !== undefined) return "comes and goes";
  if (state === "pending") return "not told yet: not seen often enough in a row";
  return isDayOne ? "open, was here before us" : "open";
}

/** Everything about one incident, for a post-mortem. */
export function storyOf(
  { target, changes }: IncidentDocument,
  incident: Incident,
  policy: Policy,
  at: string,
): IncidentStory {
  const { check, finding, openedAt, resolvedAt } = incident;
  const owner = ownerOf(policy, finding.object);
  const { failureTitle, why } = factsOf(policy, check);
  const { fingerprint, peak, samples, consequences, timeline } = incident;
  return {
    ...{ fingerprint, check, peak, samples, consequences, timeline, finding, openedAt, why },
    ...{ target: sayTarget(target), title: failureTitle, state: stateOf(incident, at) },
    owner: owner === undefined ? undefined : [owner.name, owner.contact].filter(Boolean).join(", "),
    ...(incident.state === "resolved" ? { resolvedAt } : {}),
    changes: changes
      .filter((change) => resolvedAt === undefined || change.at <= resolvedAt)
      .map((change) => ({ at: change.at, text: change.text }))
      .toReversed(),
  };
}

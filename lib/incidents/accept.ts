import type { IncidentDocument, Unknown } from "./document.ts";
import { type Incident, withEntry } from "./incident.ts";

export interface Accepting {
  readonly by: string;
  readonly why: string;
  readonly at: string;
}

/** Nobody is told until then, unless it worsens. What a check cannot say may be accepted as well. */
export function acknowledge(
  document: IncidentDocument,
  fingerprint: string,
  { by, why, at, until }: Accepting & { readonly until: string },
): IncidentDocument {
  return changeOne(document, fingerprint, {
    incident: (incident) =>
      withEntry(
        { ...incident, ack: { by, why, at, until, severity: incident.severity } },
        { at, what: "acknowledged", by, text: `${why} (until ${until})` },
      ),
    unknown: (one) => ({ ...one, ack: { by, why, at, until, severity: "warning" } }),
  });
}

export function unacknowledge(
  document: IncidentDocument,
  fingerprint: string,
  { by, at }: Omit<Accepting, "why">,
): IncidentDocument {
  return changeOne(document, fingerprint, {
    incident: ({ ack, known, ...incident }) =>
      ack === undefined && known === undefined
        ? incident
        : withEntry(incident, { at, what: "unacknowledged", by }),
    unknown: ({ ack: _, ...one }) => one,
  });
}

/** Is somebody's word that it is known in force? */
export function isQuietened(
  { incidents, unknown }: IncidentDocument,
  fingerprint: string,
): boolean {
  const { ack, known } = incidents[fingerprint] ?? {};
  const blind = Object.values(unknown).find((one) => one.fingerprint === fingerprint);
  return (ack ?? known ?? blind?.ack) !== undefined;
}

/** What is open is known: counted, not told, until it worsens. */
export function adopt(document: IncidentDocument, accepting: Accepting): IncidentDocument {
  const { by, why, at } = accepting;
  return {
    ...document,
    incidents: Object.fromEntries(
      Object.entries(document.incidents).map(([fingerprint, incident]) => {
        if (incident.state !== "open" || incident.known !== undefined)
          return [fingerprint, incident];
        const known = { by, why, at, severity: incident.severity };
        return [
          fingerprint,
          withEntry({ ...incident, known }, { at, what: "known", by, text: why }),
        ];
      }),
    ),
    queue: document.queue.filter(({ kind }) => kind === "ended"),
    firstSeen: 0,
  };
}

/** Open incidents that `adopt` would mark. */
export const adoptable = ({ incidents }: IncidentDocument): number =>
  Object.values(incidents).filter(({ state, known }) => state === "open" && known === undefined)
    .length;

interface OneOf {
  readonly incident: (incident: Incident) => Incident;
  readonly unknown: (unknown: Unknown) => Unknown;
}

function changeOne(document: IncidentDocument, fingerprint: string, to: OneOf): IncidentDocument {
  const incident = document.incidents[fingerprint];
  const unknown = Object.values(document.unknown).filter((one) => one.fingerprint === fingerprint);
  return {
    ...document,
    incidents:
      incident === undefined
        ? document.incidents
        : { ...document.incidents, [fingerprint]: to.incident(incident) },
    unknown: {
      ...document.unknown,
      ...Object.fromEntries(unknown.map((one) => [one.check, to.unknown(one)])),
    },
  };
}
